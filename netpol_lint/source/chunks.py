"""Where the documents of a file begin and end for kubectl, and which of them may hold an object of interest.

A file that begins with `{` is read as a stream of JSON objects as long as it is one. Otherwise apimachinery's
YAMLReader cuts it at lines that begin with `---` before any YAML is parsed. A separator followed by more than blanks
or a comment is an error, at which the document above it and all below are lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from netpol_lint.records import NamedTuple
from netpol_lint.source import interest
from netpol_lint.source.limits import Limits

_SEPARATOR: Final = re.compile(rb"\n(---)([^\n]*)")
_BEFORE_JSON: Final = (b"{", b" ", b"\t", b"\r", b"\n")
_NOWHERE: Final = -1
_BAD_SEPARATOR: Final = (
    "a separator is `---` and nothing else but a comment: kubectl refuses this line, and with it the document above "
    "and all below"
)


class Chunk(NamedTuple):
    """The bytes between two separators, or one object of a JSON stream."""

    start: int
    end: int
    wanted: bool
    """False only if no object of one of the kinds asked for can be in it."""
    json: bool = False
    """Whether it is JSON, checked, no deeper than allowed."""
    error: str = ""
    """Why kubectl reads neither this nor anything below it."""
    error_at: int = _NOWHERE


def chunks(data: bytes, kinds: frozenset[bytes], limits: Limits, *, prefilter: bool = True) -> Iterator[Chunk]:
    """The documents of `data` in order, without those that are not wanted; without `kinds` all are wanted.

    Without `prefilter` the unwanted ones come too.
    """
    overall = interest.of_file(data) if kinds else interest.WHOLE
    is_json = data.startswith(_BEFORE_JSON) and _begins_like_json(data)
    hopeless = overall is interest.NONE or (is_json and not interest.anywhere(data, 0, len(data), kinds))
    if prefilter and hopeless:
        return
    start = 0
    if is_json:
        from netpol_lint.source.json_stream import Rest, json_objects

        for part in json_objects(data, limits):
            if isinstance(part, Rest):
                start = part.start
                break
            wanted = interest.anywhere(data, part.start, part.end, kinds)
            if wanted or not prefilter:
                yield Chunk(part.start, part.end, wanted, not part.error, part.error, part.start)
        else:
            return
    for chunk in _yaml_chunks(data, start, kinds, overall):
        if not prefilter:
            yield chunk._replace(wanted=chunk.wanted and not hopeless)
        elif chunk.wanted:
            yield chunk


def _begins_like_json(data: bytes) -> bool:
    from netpol_lint.source.json_stream import begins_like_json  # few files are JSON

    return begins_like_json(data)


def _yaml_chunks(data: bytes, first: int, kinds: frozenset[bytes], overall: interest.Overall) -> Iterator[Chunk]:
    by_lines, whole = overall is interest.SOME, overall is interest.WHOLE
    scan = interest.LINES if by_lines else _SEPARATOR
    may_hold = interest.beyond_lines if by_lines else interest.anywhere
    start, sure = first, whole
    for found in scan.finditer(b"\n" + (data[first:] if first else data)):
        if found[1] is None:
            sure = sure or interest.line_may_name(found, kinds)
            continue
        at = found.start() + first
        if _is_bad(found[2]):
            wanted = sure or interest.anywhere(data, start, len(data), kinds)
            yield Chunk(start, len(data), wanted, error=_BAD_SEPARATOR, error_at=at)
            return
        if at > start:
            yield Chunk(start, at, sure or may_hold(data, start, at, kinds))
        if at > first:
            start, sure = min(found.end() + first, len(data)), whole
    if start < len(data):
        yield Chunk(start, len(data), sure or may_hold(data, start, len(data), kinds))


def _is_bad(after: bytes) -> bool:
    rest = after.decode("utf-8", "replace").strip()
    return bool(rest) and not rest.startswith("#")
