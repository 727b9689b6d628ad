"""Paths in, a report out: the whole story of a run on one page."""

from __future__ import annotations

from collections.abc import Mapping

from netpol_lint import catalog as catalogs
from netpol_lint.config import Settings
from netpol_lint.engine.inputs import Inputs, from_texts, objects_of
from netpol_lint.engine.judging import judge, run_rules
from netpol_lint.engine.trees import Trees
from netpol_lint.findings import Report
from netpol_lint.findings.fingerprint import with_fingerprints

__all__ = ["Inputs", "check_paths", "check_texts", "from_texts", "objects_of", "report_on", "run_rules"]


def check_paths(settings: Settings, *, stdin: bytes = b"") -> Report:
    """What there is to say about the files below `settings.paths`; a path that does not exist is a NetpolLintError."""
    from netpol_lint.engine.inputs import from_paths  # type: ignore

    return report_on(from_paths(settings, stdin=stdin), settings)


def check_texts(texts: Mapping[str, bytes], settings: Settings) -> Report:
    """The same for files given as path and content."""
    return report_on(from_texts(texts, settings), settings)


def report_on(inputs: Inputs, settings: Settings) -> Report:
    """The findings of the selected rules, what suppresses some of them, and how much was looked at."""
    from netpol_lint import suppression  # type: ignore
    from netpol_lint.engine.summing_up import report_of

    catalog = catalogs.load()
    rules = catalog.selected(settings)
    trees = Trees(inputs.content, settings)
    found = tuple(with_fingerprints(judge(inputs.files, rules, catalog, settings), trees))
    outcome = suppression.suppress(found, inputs.files, rules, catalog, settings)
    complaints = with_fingerprints(outcome.complaints, trees)
    return report_of(inputs, rules, settings, (*outcome.kept, *complaints), outcome.suppressed)
