"""Code frames: lines of a file with a span underlined, and the lines a fix would change."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from typing import Final

from netpol_lint.findings import Edit
from netpol_lint.records import NamedTuple
from netpol_lint.report.escaping import visible
from netpol_lint.report.parts.sources import Sources
from netpol_lint.source.location import Location

_TAB: Final = "    "
_CUT: Final = "…"
_MOST_LINES: Final = 12


class Marked(NamedTuple):
    """A line as shown, in three pieces; the middle one is the place."""

    before: str
    marked: str
    after: str


NOTHING: Final = Marked("", "", "")


class Diff(NamedTuple):
    """Lines of a file that are replaced by others; `line` is the number of the first."""

    line: int
    old: tuple[str, ...]
    new: tuple[str, ...]


def marked_line(sources: Sources, at: Location, room: int) -> Marked:
    """The first line of a place, at most about `room` characters around it; `NOTHING` if the file cannot be read."""
    line = sources.line(at.path, at.span.line)
    if not line:
        return NOTHING
    span = sources.first_line_of(at.path, at.span)
    first, last = min(span.column - 1, len(line)), span.end_column - 1
    left = 0
    if len(line) > room:
        left = max(0, min(first - room // 3, len(line) - room))
    right = left + room
    # Cut as a whole after it is escaped: what acts may stand on both sides of a boundary.
    shown = _code(line[left:right])
    start, end = len(_code(line[left:first])), len(_code(line[left : min(last, right)]))
    return Marked(
        (_CUT if left else "") + shown[:start],
        shown[start:end] or " ",
        shown[end:] + (_CUT if right < len(line) else ""),
    )


def diffs(sources: Sources, edits: Sequence[Edit], room: int) -> Iterator[Diff]:
    """What edits of one file change, as whole lines, adjoining edits together; nothing if it cannot be read."""
    if not edits or sources.lines(edits[0].path) == [""]:
        return
    group: list[Edit] = []
    for edit in sorted(edits, key=lambda e: e.span):
        if group and edit.span.line > max(e.span.end_line for e in group):
            yield from _diff(sources, group, room)
            group = []
        group.append(edit)
    if group:
        yield from _diff(sources, group, room)


def _diff(sources: Sources, edits: Sequence[Edit], room: int) -> Iterator[Diff]:
    path, first = edits[0].path, edits[0].span.line
    old = [sources.line(path, number) for number in range(first, max(e.span.end_line for e in edits) + 1)]
    text = "\n".join(old)
    starts = [0]
    for line in old:
        starts.append(starts[-1] + len(line) + 1)
    for edit in reversed(edits):
        span = edit.span
        start, end = starts[span.line - first] + span.column - 1, starts[span.end_line - first] + span.end_column - 1
        text = text[:start] + edit.text.replace("\r\n", "\n") + text[end:]
    new = text.split("\n")
    while old and new and old[0] == new[0]:
        del old[0], new[0]
        first += 1
    while old and new and old[-1] == new[-1]:
        del old[-1], new[-1]
    if old or new:
        yield Diff(first, _shortened(old, room), _shortened(new, room))


def _shortened(lines: Sequence[str], room: int) -> tuple[str, ...]:
    shown = [_code(line[:room]) + (_CUT if len(line) > room else "") for line in lines[:_MOST_LINES]]
    if len(lines) > _MOST_LINES:
        shown.append(_CUT)
    return tuple(shown)


def columns(shown: str) -> int:
    """How many columns of a terminal an escaped text takes."""
    if shown.isascii():
        return len(shown)
    return sum(_width(character) for character in shown)


def _width(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _code(text: str) -> str:
    return visible(text.replace("\t", _TAB))
