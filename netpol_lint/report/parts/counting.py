"""How much was analysed and found, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from netpol_lint.findings import Report, Severity
from netpol_lint.findings.wording import listed


def closing_line(report: Report) -> str:
    """One line that always says what was analysed, so that silence never looks like clean."""
    return "; ".join(part for part in _parts(report) if part)


def counted(number: int, what: str) -> str:
    """`1 policy`, `2 policies`."""
    if number == 1:
        return f"1 {what}"
    return f"{number} {what[:-1]}ies" if what.endswith("cy") else f"{number} {what}s"


def totals(report: Report) -> str:
    """`2 errors, 1 warning`; `nothing found`."""
    found = report.summary
    counts = ((found.errors, "error"), (found.warnings, "warning"), (found.notes, "note"))
    return ", ".join(counted(number, what) for number, what in counts if number) or "nothing found"


def statistics(report: Report, *, as_json: bool = False) -> str:
    """How often each rule reports, the most frequent first; how many of that a fix mends."""
    counts = Counter(finding.rule for finding in report.findings)
    fixable = Counter(finding.rule for finding in report.findings if finding.fix.edits)
    rules = {finding.rule: finding for finding in report.findings}
    order = sorted(counts, key=lambda rule: (-counts[rule], rule))
    if as_json:
        from netpol_lint.report.escaping import json_text

        rows = (
            {
                "rule": rule,
                "name": rules[rule].name,
                "severity": rules[rule].severity.value,
                "count": counts[rule],
                "fixable": fixable[rule],
            }
            for rule in order
        )
        return _array([json_text(row) for row in rows])
    lines = (
        f"{counts[rule]:>7}  {rule}  {rules[rule].severity.value:<{_LONGEST}}  {rules[rule].name}"
        + (f"  ({fixable[rule]} fixable)" if fixable[rule] else "")
        for rule in order
    )
    return "".join(f"{line}\n" for line in lines)


_LONGEST = max(len(severity.value) for severity in Severity)


def _array(rows: list[str]) -> str:
    return "[\n  " + ",\n  ".join(rows) + "\n]\n" if rows else "[]\n"


def _parts(report: Report) -> Iterator[str]:
    seen = report.summary
    if seen.objects:
        yield f"{counted(seen.objects, 'object')}, {counted(seen.policies, 'policy')}"
    else:
        yield f"no object in {counted(seen.files, 'file')}"
    yield totals(report)
    yield _fixes(report)
    if seen.suppressed:
        yield f"{seen.suppressed} suppressed"
    if seen.renderers:
        yield f"rendered by {listed(seen.renderers)}"
    left_out = []
    unrendered = (
        (seen.charts, "chart"),
        (seen.kustomizations, "kustomization"),
        (seen.templates, "template"),
    )
    missing = [counted(number, what) for number, what in unrendered if number]
    if missing:
        left_out.append(f"{listed(missing)} not rendered")
    if seen.fixtures:
        left_out.append(f"{counted(seen.fixtures, 'file')} left out as test data")
    yield ", ".join(left_out)
    if report.notifications:
        yield f"{counted(len(report.notifications), 'notice')} about the input"


def _fixes(report: Report) -> str:
    safe = sum(1 for finding in report.findings if finding.fix.edits and finding.fix.safe)
    unsafe = sum(1 for finding in report.findings if finding.fix.edits and not finding.fix.safe)
    parts = [f"{safe} fixable with --fix"] if safe else []
    if unsafe:
        parts.append(f"{unsafe}{' more' if safe else ' fixable'} with --fix --unsafe-fixes")
    return ", ".join(parts)
