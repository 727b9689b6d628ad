"""One line per finding: `path:line:col: ID level message`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netpol_lint.findings import Finding, Report
from netpol_lint.report.escaping import one_line, visible
from netpol_lint.report.parts.style import Style

if TYPE_CHECKING:
    from netpol_lint.report import Options


def render(report: Report, options: Options) -> str:
    """The findings, then the suppressed ones if wanted."""
    style = Style(options.color)
    lines = [_line(finding, style) for finding in report.findings]
    if options.show_suppressed:
        lines += [
            f"{_line(f, style)} (suppressed by {visible(f'{by.kind}: {by.reason}')})" for f, by in report.suppressed
        ]
    return "".join(f"{line}\n" for line in lines)


def _line(finding: Finding, style: Style) -> str:
    at = finding.at
    place = style.paint(one_line(f"{at.path}:{at.span.line}:{at.span.column}"), "strong")
    return f"{place}: {finding.rule} {style.paint(finding.severity.value, finding.severity)} {visible(finding.message)}"
