"""Lines and columns of the parts of a file that are parsed on their own."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import Any

from netpol_lint.source.raw import RawNode


class Place:
    """What the parser's marks are: 0-based line, column and index in code points."""

    __slots__ = ("column", "index", "line")

    def __init__(self, line: int, column: int, index: int) -> None:
        self.line = line
        self.column = column
        self.index = index


class Counter:
    """The line and column of ever later places of a file; the whole file is looked at once."""

    __slots__ = ("_at", "_column", "_data", "_line")

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0
        self._line = 0
        self._column = 0

    def at(self, offset: int) -> tuple[int, int]:
        """The 0-based line and column of a byte offset, which never decreases from call to call."""
        data, start = self._data, self._at
        newlines = data.count(b"\n", start, offset)
        if newlines:
            self._line += newlines
            self._column = 0
            start = data.rfind(b"\n", start, offset) + 1
        if start < offset:
            self._column += len(data[start:offset].decode("utf-8", "replace"))
        self._at = offset
        return self._line, self._column


def move(raw: RawNode, text: str, column: int) -> None:
    """Put right the marks of all nodes of a tree: see `moved`."""
    starts = line_starts(text)
    seen: set[int] = set()
    stack: list[RawNode] = [raw]
    while stack:
        node = stack.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        node.start_mark = moved(node.start_mark, starts, column)
        node.end_mark = moved(node.end_mark, starts, column)
        if node.id == "sequence":
            stack += node.value
        elif node.id == "mapping":
            stack += [child for pair in node.value for child in pair]


def line_starts(text: str) -> list[int]:
    """Where the lines of a text begin, for `moved`; a byte order mark must not be part of it."""
    starts, at = [0], text.find("\n") + 1
    while at:
        starts.append(at)
        at = text.find("\n", at) + 1
    return starts


def moved(mark: Any, starts: Sequence[int], column: int) -> Place:
    """The mark as line and column of the file.

    libyaml also breaks lines at a lone CR, at NEL, LS and PS, and editors do not; and a text that begins in the
    middle of a line has its first columns further right.
    """
    line = bisect_right(starts, mark.index) - 1
    return Place(line, mark.index - starts[line] + (0 if line else column), mark.index)
