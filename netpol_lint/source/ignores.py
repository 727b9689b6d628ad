"""Comments that suppress findings: what they name, where they stand and which line they are about."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from datetime import date
from itertools import islice
from typing import Final

from netpol_lint.records import NamedTuple
from netpol_lint.source.location import Location, Span
from netpol_lint.source.raw import RawNode

MARKER: Final = b"netpol-lint:"
"""Bytes without it hold no such comment."""

_START: Final = re.compile(r"(?:^|(?<=[ \t]))#[ \t]*netpol-lint:[ \t]*")
_IGNORE: Final = re.compile(r"(?P<verb>ignore-file|ignore)[ \t]*\[(?P<rules>[^\]]*)\]")
_NAME: Final = re.compile(r"[^,\s](?:[^,]*[^,\s])?")
_UNTIL: Final = re.compile(r"(?:^|(?<=\s))until=(?P<day>\S*)")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_QUOTED: Final = re.compile(r"""(?<![^\s\[{,:])(?:"(?:[^"\\]|\\.)*(?:"|$)|'[^']*(?:'|$))""")
_MOST_ON_A_LINE: Final = 20
_FORM: Final = "write `# netpol-lint: ignore[RULE] reason`"


class Named(NamedTuple):
    """A rule as a comment or annotation names it, and where."""

    name: str
    at: Location


class Terms(NamedTuple):
    """What follows the rules: why they are ignored, and until when."""

    reason: str
    until: str
    """ISO date, "" without one."""
    until_at: tuple[int, int]
    """Where `until=...` begins and ends within the text; (0, 0) without one."""
    fault: str = ""


class Ignore(NamedTuple):
    """A comment `# netpol-lint: ignore[RULES] reason`, or `ignore-file[RULES]`."""

    rules: tuple[Named, ...]
    reason: str
    until: str
    """ISO date, "" without one."""
    until_at: Location
    """`until=...`, the comment without one."""
    at: Location
    """The comment, from its `#` to the end of the line."""
    whole_file: bool
    line: int
    """The line it is about: its own if it trails something, else the next one that is neither blank nor a comment
    (0 if there is none)."""
    document: tuple[int, int]
    """First and last line of the document it stands in."""
    whole: Span
    """What goes when the comment goes: the blanks before it too, the line if nothing else is on it."""
    fault: str = ""
    """Why it suppresses nothing whatever is found, "" if it may."""


def ignores_in(data: bytes, path: str) -> tuple[Ignore, ...]:
    """The comments of a file in order. Text in a string that looks like one is none."""
    if MARKER not in data:
        return ()
    text = data.decode("utf-8-sig", "replace")
    lines = text.split("\n")
    next_lines = _next_lines(lines)
    found: list[Ignore] = []
    for first, last in _documents(lines):
        candidates = [
            (number, match)
            for number in range(first, last + 1)
            for match in islice(_START.finditer(lines[number - 1].removesuffix("\r")), _MOST_ON_A_LINE)
        ]
        if candidates:
            is_comment = _Comments(lines[first - 1 : last], first)
            found += (
                _ignore(_Lines(lines, next_lines, (first, last)), number, match, path)
                for number, match in candidates
                if is_comment(number, match.start())
            )
    return tuple(found)


def terms_of(text: str) -> Terms:
    """The reason and the last day in what follows the rules of a comment or an annotation."""
    until = _UNTIL.search(text)
    if until is None:
        return Terms(_reason(text), "", (0, 0))
    reason = _reason(f"{text[: until.start()].rstrip()} {text[until.end() :].lstrip()}")
    fault = "" if is_day(until["day"]) else "`until=` takes a day such as until=2026-12-31"
    return Terms(reason, until["day"], until.span(), fault)


def is_day(text: str) -> bool:
    """Whether it is a day as YYYY-MM-DD."""
    if not _DAY.match(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _reason(text: str) -> str:
    return text.strip().lstrip(":-\u2013\u2014").strip()


def _documents(lines: list[str]) -> Iterator[tuple[int, int]]:
    """First and last line of each document; its separator belongs to it."""
    first = 1
    for number, line in enumerate(lines, start=1):
        if line.startswith("---") and number > first:
            yield first, number - 1
            first = number
    yield first, len(lines)


class _Lines(NamedTuple):
    """The lines of a file, the next line with something on it for each, and the document's first and last."""

    texts: list[str]
    following: list[int]
    document: tuple[int, int]


def _ignore(lines: _Lines, number: int, match: re.Match[str], path: str) -> Ignore:
    line = match.string
    start, end = match.start(), _end(line, match)
    before = line[:start].rstrip()
    trails = bool(before) and not before.lstrip().startswith("#")
    at = _on(path, number, start, end)
    said = _IGNORE.match(line, match.end(), end)
    rules: tuple[Named, ...] = ()
    terms = Terms("", "", (0, 0), _FORM)
    if said is not None:
        rules = tuple(
            Named(name[0], _on(path, number, name.start(), name.end()))
            for name in _NAME.finditer(line, *said.span("rules"))
        )
        terms = terms_of(line[said.end() : end])
        if not rules:
            terms = terms._replace(fault=_FORM)
    offset = said.end() if said is not None else 0
    until_at = _on(path, number, offset + terms.until_at[0], offset + terms.until_at[1]) if terms.until else at
    return Ignore(
        rules=rules,
        reason=terms.reason,
        until=terms.until if not terms.fault else "",
        until_at=until_at,
        at=at,
        whole_file=said is not None and said["verb"] == "ignore-file",
        line=number if trails else lines.following[number],
        document=lines.document,
        whole=_whole(line, number, len(before), end, is_last=number == len(lines.texts)),
        fault=terms.fault,
    )


def _end(line: str, match: re.Match[str]) -> int:
    """Where the comment ends: another one may follow on the line."""
    following = _START.search(line, match.end())
    return len(line[: following.start() if following else None].rstrip())


def _on(path: str, line: int, start: int, end: int) -> Location:
    return Location(path, Span(line, start + 1, line, end + 1))


def _next_lines(lines: list[str]) -> list[int]:
    """By number of a line, the next that is neither blank, a comment nor a separator; 0 if there is none."""
    following = [0] * (len(lines) + 1)
    for number in range(len(lines), 0, -1):
        text = lines[number - 1].strip()
        following[number - 1] = number if text and not text.startswith(("#", "---")) else following[number]
    return following


def _whole(line: str, number: int, before: int, end: int, *, is_last: bool) -> Span:
    if before or line[end:].strip():
        return Span(number, before + 1, number, end + 1)
    return Span(number, 1, number, len(line) + 1) if is_last else Span(number, 1, number + 1, 1)


class _Comments:
    """Tells whether a `#` begins a comment: it is in no scalar of the document, as the parser reads it.

    Of a document that is no YAML (a template), only the quotes on the line itself are heeded.
    """

    def __init__(self, lines: list[str], first: int) -> None:
        from netpol_lint.source.compose import Composed, compose
        from netpol_lint.source.limits import DEFAULT

        self._lines = lines
        self._first = first
        self._starts = [0]
        for line in lines:
            self._starts.append(self._starts[-1] + len(line) + 1)
        text = "\n".join(lines)
        composed = compose(text.encode(), DEFAULT)
        self._parsed = isinstance(composed, Composed) and _is_all(composed.raw, text)
        self._scalars = _scalars(composed.raw, text) if isinstance(composed, Composed) else []

    def __call__(self, number: int, column: int) -> bool:
        index = self._starts[number - self._first] + column
        if self._parsed:
            before = bisect_right(self._scalars, (index, self._starts[-1])) - 1
            return before < 0 or index >= self._scalars[before][1]
        quoted = _QUOTED.finditer(self._lines[number - self._first])
        return not any(match.start() < column < match.end() for match in quoted)


def _is_all(root: RawNode, text: str) -> bool:
    """Whether nothing but blanks and comments follows what the parser took for the document."""
    rest = text[root.end_mark.index :]
    return all(not line.strip() or line.lstrip().startswith(("#", "...")) for line in rest.split("\n"))


def _scalars(root: RawNode, text: str) -> list[tuple[int, int]]:
    """Begin and end of each scalar that could hold a `#`; of a block, the text below its first line."""
    found: list[tuple[int, int]] = []
    seen: set[int] = set()
    stack: list[RawNode] = [root]
    while stack:
        node = stack.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        value = node.value
        match node.id:
            case "sequence":
                stack += value
            case "mapping":
                stack += [child for pair in value for child in pair]
            case _:
                if "#" in value:
                    start, end = node.start_mark.index, node.end_mark.index
                    if node.style in ("|", ">"):
                        start = text.find("\n", start)
                    found.append((start, end))
    return sorted(found)
