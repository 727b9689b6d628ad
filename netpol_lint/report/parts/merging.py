"""Findings as code scanning counts them: one result for all that a rule finds on one line."""

from __future__ import annotations

from netpol_lint.findings import Finding, Report, Suppression
from netpol_lint.records import NamedTuple


class Result(NamedTuple):
    """Findings of one rule on one line of a file, in report order; what suppresses them, if they are suppressed."""

    findings: tuple[Finding, ...]
    suppressions: tuple[Suppression, ...] = ()

    @property
    def first(self) -> Finding:
        return self.findings[0]


def results_of(report: Report, *, suppressed: bool) -> list[Result]:
    """The gravest first, then by path and place; the suppressed ones, if wanted, at the end.

    A suppressed finding never shares a result with one that is not, nor its line: the reported one is enough.
    """
    groups: dict[tuple[str, str, int], list[Finding]] = {}
    for finding in report.findings:
        groups.setdefault(_key(finding), []).append(finding)
    results = sorted((Result(tuple(group)) for group in groups.values()), key=_order)
    if not suppressed:
        return results
    hidden: dict[tuple[str, str, int], Result] = {}
    for finding, by in report.suppressed:
        key = _key(finding)
        if key in groups:
            continue
        before = hidden.get(key, Result(()))
        hidden[key] = Result((*before.findings, finding), (*before.suppressions, by))
    return results + sorted(hidden.values(), key=_order)


def _key(finding: Finding) -> tuple[str, str, int]:
    return finding.rule, finding.at.path, finding.at.span.line


def _order(result: Result) -> tuple[int, str, int, int, str]:
    first = result.first
    return -first.severity.rank, first.at.path, first.at.span.line, first.at.span.column, first.rule
