"""Findings under the file they are in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from netpol_lint.findings import Finding, Report
from netpol_lint.report.escaping import one_line, visible
from netpol_lint.report.parts.style import Style, wrapped

if TYPE_CHECKING:
    from netpol_lint.report import Options


def render(report: Report, options: Options) -> str:
    """A block for each file, a blank line between them."""
    marked = [(finding, "") for finding in report.findings]
    if options.show_suppressed:
        marked += [(f, f" (suppressed by {by.kind}: {by.reason})") for f, by in report.suppressed]
        marked.sort(key=lambda pair: (pair[0].at.path, pair[0].at.span, pair[0].rule))
    blocks = groupby(marked, key=lambda pair: pair[0].at.path)
    return "".join("\n".join(_block(path, list(pairs), options)) + "\n\n" for path, pairs in blocks)


def _block(path: str, pairs: Sequence[tuple[Finding, str]], options: Options) -> Iterator[str]:
    style = Style(options.color)
    yield style.paint(f"{one_line(path)}:", "strong")
    places = [f"{finding.at.span.line}:{finding.at.span.column}" for finding, _ in pairs]
    widest = max(map(len, places))
    longest = max(len(finding.severity.value) for finding, _ in pairs)
    for place, (finding, mark) in zip(places, pairs, strict=True):
        level = f"{finding.severity.value:<{longest}}"
        indent = widest + longest + len(finding.rule) + 8
        first, *rest = wrapped(visible(finding.message + mark), options.width, first=indent, indent=indent)
        yield f"  {place:>{widest}}  {style.paint(level, finding.severity)}  {finding.rule}  {first}"
        yield from rest
