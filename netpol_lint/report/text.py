"""For people: each finding with the lines it speaks of, the places that explain it, and its fix."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from netpol_lint.findings import Finding, Report, Suppression
from netpol_lint.findings.wording import listed
from netpol_lint.report.escaping import visible
from netpol_lint.report.parts.frames import NOTHING, Diff, columns, diffs, marked_line
from netpol_lint.report.parts.sources import Sources
from netpol_lint.report.parts.style import Style, wrapped
from netpol_lint.source.location import Location

if TYPE_CHECKING:
    from netpol_lint.report import Options

_MOST_RELATED: Final = 4


def render(report: Report, options: Options) -> str:
    """One block per finding, a blank line between them; nothing if there is none."""
    page = _Page(Sources(report), Style(options.color), options.width)
    blocks = ["\n".join(page.finding(finding)) for finding in report.findings]
    if options.show_suppressed:
        blocks += ["\n".join(page.finding(finding, by)) for finding, by in report.suppressed]
    return "".join(f"{block}\n\n" for block in blocks)


_REPORTED: Final = ()


class _Page:
    """Where a report of one width and style is written."""

    def __init__(self, sources: Sources, style: Style, width: int) -> None:
        self._sources = sources
        self._style = style
        self._width = width
        self._margin = 1

    def finding(self, finding: Finding, suppressed: Suppression | tuple[()] = _REPORTED) -> Iterator[str]:
        """The block of one finding."""
        changed = tuple(diffs(self._sources, finding.fix.edits, self._room(6)))
        numbers = [at.span.line for at in (finding.at, *(place.at for place in finding.related[:_MOST_RELATED]))]
        self._margin = len(str(max(numbers + [diff.line + len(diff.old) for diff in changed])))
        yield from self._title(finding, suppressed)
        yield from self._place(finding.at, "", "^", finding)
        for place in finding.related[:_MOST_RELATED]:
            yield from self._place(place.at, place.message, "-", finding)
        if finding.fix.edits:
            yield from self._fix(finding, changed)
        yield from self._notes(finding, suppressed)

    def _title(self, finding: Finding, suppressed: Suppression | tuple[()]) -> Iterator[str]:
        level = f"{'suppressed ' if suppressed else ''}{finding.severity.value}"
        rule = f"[{finding.rule} {finding.name}]"
        first, *rest = wrapped(visible(finding.message), self._width, first=len(level) + len(rule) + 2)
        yield f"{self._style.paint(level + rule, finding.severity)}: {self._style.paint(first, 'strong')}"
        yield from (self._style.paint(line, "strong") for line in rest)

    def _place(self, at: Location, message: str, mark: str, finding: Finding) -> Iterator[str]:
        place = visible(f"{at.path}:{at.span.line}:{at.span.column}")
        arrow = f"{' ' * self._margin}--> "
        lines = wrapped(f"{place}: {visible(message)}" if message else place, self._width, first=len(arrow), indent=6)
        yield f"{self._style.paint(arrow, 'frame')}{lines[0]}"
        yield from lines[1:]
        marked = marked_line(self._sources, at, self._room(5))
        if marked == NOTHING:
            return
        role = finding.severity if mark == "^" else "frame"
        line = self._style.paint(mark * max(1, columns(marked.marked)), role)
        yield self._gutter("")
        yield self._gutter(str(at.span.line), "".join(marked))
        yield self._gutter("", " " * columns(marked.before) + line)

    def _fix(self, finding: Finding, changed: tuple[Diff, ...]) -> Iterator[str]:
        safety = "safe" if finding.fix.safe else "unsafe: it may change traffic"
        yield from self._note(f"fix ({safety}): {visible(finding.fix.description)}")
        for diff in changed:
            for sign, lines in (("-", diff.old), ("+", diff.new)):
                for number, line in enumerate(lines, start=diff.line):
                    yield self._gutter(str(number), self._style.paint(f"{sign} {line}".rstrip(), sign))

    def _notes(self, finding: Finding, suppressed: Suppression | tuple[()]) -> Iterator[str]:
        if len(finding.related) > _MOST_RELATED:
            rest = finding.related[_MOST_RELATED:]
            yield from self._note(f"and {listed(visible(f'{at.path}:{at.span.line}') for _, at in rest)}")
        if len(finding.units) > 1:
            yield from self._note(f"in units {listed(visible(unit) for unit in finding.units)}")
        if suppressed:
            by = f"suppressed by {suppressed.kind} at {suppressed.at.path}:{suppressed.at.span.line}"
            yield from self._note(visible(f"{by}: {suppressed.reason or 'no reason given'}"))

    def _note(self, text: str) -> Iterator[str]:
        margin = " " * (self._margin + 1)
        first, *rest = wrapped(text, self._width, first=self._margin + 3, indent=self._margin + 3)
        yield f"{margin}{self._style.paint('=', 'frame')} {first}"
        yield from rest

    def _gutter(self, number: str, text: str = "") -> str:
        bar = self._style.paint(f"{number:>{self._margin}} |", "frame")
        return f"{bar} {text}".rstrip() if text else bar

    def _room(self, margin: int) -> int:
        """Columns for code beside a margin: numbers, bar and the marks of a cut line."""
        return max(20, self._width - margin - 5)
