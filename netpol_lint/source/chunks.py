"""Where the documents of a file begin and end for kubectl, and which of them may hold an object of interest.

apimachinery's YAMLReader cuts the stream at lines that begin with `---` before any YAML is parsed. A separator
followed by more than blanks or a comment is an error, at which the document above it and all below are lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from netpol_lint.source import interest

_SEPARATOR: Final = re.compile(rb"\n(---)([^\n]*)")
_BREAK: Final = re.compile(rb"\r\n|[\n\r]|\xc2\x85|\xe2\x80[\xa8\xa9]")
_NO_SEPARATOR: Final = -1


class Chunk(NamedTuple):
    """The bytes between two separators."""

    start: int
    end: int
    wanted: bool
    """False only if no object of one of the kinds asked for can be in it."""
    bad_separator: int = _NO_SEPARATOR
    """Where the line stands at which kubectl gives up; the chunk is then all that is lost."""


def chunks(data: bytes, kinds: frozenset[bytes], *, prefilter: bool = True) -> Iterator[Chunk]:
    """The documents of `data` in order; without `kinds` all are wanted.

    Without `prefilter` no document is dropped by the look of its bytes: what is parsed is then judged by its kind.
    """
    overall = interest.of_file(data, kinds) if kinds and prefilter else interest.WHOLE
    if overall is interest.NONE:
        return
    scan = interest.LINES if overall is interest.SOME else _SEPARATOR
    padded = b"\n" + data
    start, sure = 0, overall is interest.WHOLE
    for found in scan.finditer(padded):
        if found[1] is None:
            sure = sure or interest.line_may_name(found, kinds)
            continue
        after, at = found[2].strip(), found.start()
        if after and not after.startswith(b"#"):
            wanted = sure or interest.anywhere(data, start, len(data), kinds)
            yield Chunk(start, len(data), wanted, at)
            return
        if at > start or start:
            yield Chunk(start, at, sure or interest.beyond_lines(data, start, at, kinds))
            start, sure = min(found.end(), len(data)), overall is interest.WHOLE
    yield Chunk(start, len(data), sure or interest.beyond_lines(data, start, len(data), kinds))


class Lines:
    """Counts the lines of a file as YAML does, going on from where it stopped."""

    __slots__ = ("_at", "_data", "_line", "_plain")

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0
        self._line = 0
        self._plain = b"\r" not in data and (data.isascii() or not _BREAK.search(data.replace(b"\n", b"")))

    def before(self, offset: int) -> int:
        """How many lines end before `offset`, which never decreases from call to call."""
        if self._plain:
            self._line += self._data.count(b"\n", self._at, offset)
        else:
            self._line += sum(1 for _ in _BREAK.finditer(self._data, self._at, offset))
        self._at = offset
        return self._line
