"""One page for the browser: no script, nothing loaded from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING, Final

from netpol_lint.findings import Finding, Report, Suppression
from netpol_lint.report.escaping import html
from netpol_lint.report.parts.counting import closing_line, totals
from netpol_lint.report.parts.frames import NOTHING, diffs, marked_line
from netpol_lint.report.parts.page import CLOSING, opening
from netpol_lint.report.parts.rules import page_urls
from netpol_lint.report.parts.sources import Sources
from netpol_lint.source.location import Location

if TYPE_CHECKING:
    from netpol_lint.report import Options

_ROOM: Final = 240
"""Characters of a line of code that are shown at most."""
_NONE: Final = ()


def render(report: Report, options: Options) -> str:
    """A table of the rules that found something, then the findings by file."""
    return "".join(f"{line}\n" for line in _lines(report, options))


def _lines(report: Report, options: Options) -> Iterator[str]:
    yield opening(f"netpol-lint: {totals(report)}")
    yield f"<h1>netpol-lint: {html(totals(report))}</h1>"
    yield f"<p>{html(closing_line(report))}.</p>"
    yield from _notifications(report)
    urls = page_urls(report)
    yield from _rules(report, urls)
    shown: list[tuple[Finding, Suppression | tuple[()]]] = [(finding, _NONE) for finding in report.findings]
    if options.show_suppressed:
        shown += report.suppressed
        shown.sort(key=lambda pair: (pair[0].at.path, pair[0].at.span, pair[0].rule))
    sources = Sources(report)
    for path, pairs in groupby(shown, key=lambda pair: pair[0].at.path):
        yield f"<section>\n<h2>{html(path)}</h2>"
        for finding, by in pairs:
            yield from _finding(finding, by, sources, urls)
        yield "</section>"
    yield f"<footer>netpol-lint {html(report.version)}</footer>"
    yield CLOSING


def _notifications(report: Report) -> Iterator[str]:
    if not report.notifications:
        return
    yield "<ul>"
    for level, message, at in report.notifications:
        place = f"<code>{html(_place(at))}</code>: " if isinstance(at, Location) else ""
        yield f"<li>{place}{html(level)}: {html(message)}</li>"
    yield "</ul>"


def _rules(report: Report, urls: dict[str, str]) -> Iterator[str]:
    counts: dict[str, int] = {}
    for finding in report.findings:
        counts[finding.rule] = counts.get(finding.rule, 0) + 1
    if not counts:
        return
    yield "<table>\n<tr><th>Rule</th><th>Severity</th><th>What it finds</th><th>Findings</th></tr>"
    for rule in report.rules:
        if rule.id in counts:
            name = f'<a href="{html(urls[rule.id])}">{html(rule.id)} {html(rule.name)}</a>'
            level = f'<td class="{rule.severity.value}">{rule.severity.value}</td>'
            yield f"<tr><td>{name}</td>{level}<td>{html(rule.title)}</td><td>{counts[rule.id]}</td></tr>"
    yield "</table>"


def _finding(finding: Finding, by: Suppression | tuple[()], sources: Sources, urls: dict[str, str]) -> Iterator[str]:
    level = finding.severity.value
    rule = f"{html(finding.rule)} {html(finding.name)}"
    if finding.rule in urls:
        rule = f'<a href="{html(urls[finding.rule])}">{rule}</a>'
    yield f'<article class="{level}{" suppressed" if by else ""}">'
    yield f'<h3><span class="{level}">{level}</span> {rule}</h3>\n<p>{html(finding.message)}</p>'
    yield from _code(finding.at, "", sources)
    for message, at in finding.related:
        yield from _code(at, message, sources)
    if finding.fix.edits:
        yield from _fix(finding, sources)
    if len(finding.units) > 1:
        yield f"<p>In units {', '.join(f'<code>{html(unit)}</code>' for unit in finding.units)}.</p>"
    if by:
        reason = f"{by.kind} at {_place(by.at)}: {by.reason or 'no reason given'}"
        yield f"<p>Suppressed by {html(reason)}</p>"
    yield "</article>"


def _code(at: Location, message: str, sources: Sources) -> Iterator[str]:
    yield f'<p class="place"><code>{html(_place(at))}</code>{": " if message else ""}{html(message)}</p>'
    line = marked_line(sources, at, _ROOM)
    if line != NOTHING:
        code = f"{html(line.before)}<mark>{html(line.marked)}</mark>{html(line.after)}"
        yield f'<pre><span class="number">{at.span.line}</span>{code}</pre>'


def _fix(finding: Finding, sources: Sources) -> Iterator[str]:
    fix = finding.fix
    yield f'<p class="place">Fix ({"safe" if fix.safe else "unsafe"}): {html(fix.description)}</p>\n<pre>'
    for diff in diffs(sources, fix.edits, _ROOM):
        for sign, kind, lines in (("-", "del", diff.old), ("+", "ins", diff.new)):
            for number, line in enumerate(lines, start=diff.line):
                yield f'<span class="number">{number}</span><{kind}>{sign} {html(line)}</{kind}>'
    yield "</pre>"


def _place(at: Location) -> str:
    return f"{at.path}:{at.span.line}:{at.span.column}"
