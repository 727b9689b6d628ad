"""The report of a run: findings in order, what was looked at, and what could not be."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from netpol_lint import __version__
from netpol_lint.catalog import Rule
from netpol_lint.cluster.units import FileObjects
from netpol_lint.config import Settings
from netpol_lint.engine.inputs import Inputs
from netpol_lint.findings import Finding, Notification, Report, Severity, Summary, SuppressedFinding
from netpol_lint.resources.metadata import Metadata
from netpol_lint.source.documents import FailureKind
from netpol_lint.source.secrets import masked

_TEMPLATE = FailureKind.TEMPLATE


def report_of(
    inputs: Inputs,
    rules: tuple[Rule, ...],
    settings: Settings,
    findings: Iterable[Finding],
    suppressed: Iterable[SuppressedFinding],
) -> Report:
    least = Severity(settings.min_severity).rank
    shown = tuple(sorted((f for f in findings if f.severity.rank >= least), key=_order))
    hidden = tuple(sorted(suppressed, key=lambda s: _order(s.finding)))
    limits = tuple(
        Notification("warning", failure.message, failure.at)
        for file in inputs.files
        for failure in file.failures
        if failure.kind is FailureKind.LIMIT
    )
    cut = tuple(
        Notification("warning", f"{root.left_out} elements of the generators are too many and not looked at", root.at)
        for file in inputs.files
        for root in file.roots
        if root.left_out
    )
    pages = {rule.id: rule for rule in rules}
    return Report(
        findings=shown,
        suppressed=hidden,
        notifications=(*inputs.notifications, *limits, *cut),
        summary=_summary(inputs, shown, len(hidden)),
        rules=tuple(rule.info for rule in rules),
        version=__version__,
        source_text=lambda path: masked(inputs.content(path).decode("utf-8", "replace")),
        raw_text=lambda path: inputs.content(path).decode("utf-8", "replace"),
        rule_help=lambda rule: pages[rule].help if rule in pages else "",
    )


def _order(finding: Finding) -> tuple[str, int, int, str, str]:
    return finding.at.path, finding.at.span.line, finding.at.span.column, finding.rule, finding.message


def _summary(inputs: Inputs, findings: tuple[Finding, ...], suppressed: int) -> Summary:
    count = {severity: sum(1 for f in findings if f.severity is severity) for severity in Severity}
    return Summary(
        files=inputs.read,
        objects=_count(inputs, lambda file: file.metas),
        workloads=_count(inputs, lambda file: [workload.meta for workload in file.written_workloads]),
        policies=_count(inputs, lambda file: file.policy_metas),
        errors=count[Severity.ERROR],
        warnings=count[Severity.WARNING],
        notes=count[Severity.NOTE],
        suppressed=suppressed,
        templates=len({x.at for u in inputs.units for f in u.files for x in f.failures if x.kind is _TEMPLATE}),
        charts=_unrendered(inputs, "helm"),
        kustomizations=_unrendered(inputs, "kustomize"),
        fixtures=inputs.fixtures,
        renderers=tuple(sorted(frozenset().union(*(unit.renderers for unit in inputs.units)))),
    )


def _count(inputs: Inputs, metas: Callable[[FileObjects], Sequence[Metadata]]) -> int:
    """How many objects a person wrote; one that shows in several overlays is one."""
    if not any(unit.is_rendered for unit in inputs.units):
        return sum(len(metas(file)) for file in inputs.files)
    return len({(meta.at, meta.ref.kind) for unit in inputs.units for file in unit.files for meta in metas(file)})


def _unrendered(inputs: Inputs, kind: str) -> int:
    """How many charts or kustomizations of the tree could not be rendered, in some of their units at least."""
    problems = (problem for unit in inputs.units for problem in unit.not_rendered)
    return len({problem.job.root for problem in problems if problem.job.kind == kind})
