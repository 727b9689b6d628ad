"""Paths in, a report out: the whole story of a run on one page."""

from __future__ import annotations

from collections.abc import Mapping

from netpol_lint import catalog as catalogs, suppression
from netpol_lint.cluster.units import FileObjects
from netpol_lint.config import Settings
from netpol_lint.engine.inputs import Inputs, from_paths, from_revision, from_texts, is_asked_for, objects_of, paths_of
from netpol_lint.engine.judging import judge, run_rules
from netpol_lint.engine.summing_up import report_of
from netpol_lint.engine.telling import told
from netpol_lint.engine.trees import Trees
from netpol_lint.findings import Report
from netpol_lint.findings.fingerprint import with_fingerprints, without_fingerprints
from netpol_lint.source.limits import limits_from

__all__ = [
    "Inputs",
    "check_paths",
    "check_texts",
    "from_paths",
    "from_texts",
    "objects_of",
    "paths_of",
    "report_on",
    "run_rules",
]


def check_paths(settings: Settings, *, stdin: bytes = b"") -> Report:
    """What there is to say about the files below `settings.paths`; a path that does not exist is a NetpolLintError."""
    return report_on(from_paths(settings, stdin=stdin), settings)


def check_texts(texts: Mapping[str, bytes], settings: Settings) -> Report:
    """The same for files given as path and content."""
    return report_on(from_texts(texts, settings), settings)


def report_on(inputs: Inputs, settings: Settings, *, since: str = "", fingerprints: bool = True) -> Report:
    """The findings of the selected rules, less what is suppressed, known to the baseline, or older than `since`.

    Without `fingerprints` they have none, unless baseline or `since` compares them: what only people read saves
    the hashing and the second reading of files. NetpolLintError if the settings name a rule, an option, a baseline or
    a git revision that does not exist.
    """
    catalog = catalogs.load(custom=settings.custom_rules)
    rules = catalog.selected(settings)
    trees = Trees(inputs.content, settings)
    tree = inputs.sources.tree(limits_from(settings.limits))
    identified = with_fingerprints if fingerprints or settings.baseline or since else without_fingerprints
    found = identified(told(judge(inputs.units, rules, catalog, settings), inputs.units, tree), trees)
    outcome = suppression.suppress(tuple(found), _noted(inputs), rules, catalog, settings, _units_by_path(inputs))
    findings = (*outcome.kept, *identified(outcome.complaints, trees))
    suppressed = outcome.suppressed
    if settings.baseline:
        from netpol_lint import baseline

        known = baseline.load(settings.baseline)
        applied = baseline.apply(findings, known, rules, lambda path: is_asked_for(path, settings))
        findings = (*applied.kept, *identified(applied.complaints, trees))
        suppressed = (*suppressed, *applied.suppressed)
    if since:
        before = report_on(from_revision(since, settings), settings)
        old = {finding.fingerprint for finding in before.findings}
        findings = tuple(finding for finding in findings if finding.fingerprint not in old)
    return report_of(inputs, rules, settings, findings, suppressed)


def _noted(inputs: Inputs) -> tuple[FileObjects, ...]:
    """What may carry suppressions: the files as they are, and the objects that renderers made of them."""
    return (*inputs.files, *(file for unit in inputs.units if unit.is_rendered for file in unit.files))


def _units_by_path(inputs: Inputs) -> Mapping[str, str]:
    """By path of a file, the first unit by name that it is part of."""
    return {path: unit.name for unit in reversed(inputs.units) for path in unit.sources}
