"""The report of a run: findings in order, what was looked at, and what could not be."""

from __future__ import annotations

from collections.abc import Iterable

from netpol_lint import __version__
from netpol_lint.catalog import Rule
from netpol_lint.config import Settings
from netpol_lint.engine.inputs import Inputs
from netpol_lint.findings import Finding, Notification, Report, Severity, Summary, SuppressedFinding
from netpol_lint.source.documents import FailureKind
from netpol_lint.source.secrets import masked


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
    pages = {rule.id: rule for rule in rules}
    return Report(
        findings=shown,
        suppressed=hidden,
        notifications=(*inputs.notifications, *limits),
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
    files = inputs.files
    return Summary(
        files=inputs.read,
        objects=sum(f.object_count for f in files),
        workloads=sum(len(f.workloads) for f in files),
        policies=sum(f.policy_count for f in files),
        errors=count[Severity.ERROR],
        warnings=count[Severity.WARNING],
        notes=count[Severity.NOTE],
        suppressed=suppressed,
        templates=sum(1 for f in files for failure in f.failures if failure.kind is FailureKind.TEMPLATE),
        fixtures=inputs.fixtures,
    )
