"""A rendered document put where the text stands that it was rendered from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeAlias

from netpol_lint.source.location import Span
from netpol_lint.source.places import Place
from netpol_lint.source.raw import RawNode
from netpol_lint.source.tree import Mapping, Origin

Where: TypeAlias = Callable[[int, int, int, str, bool], Span]
"""Of a scalar or an empty collection: its line, first column and end column (0 if on a later line) in the rendered
text, 1-based; its value; whether it is a key. What comes back is its span in the other file."""

_ON_ANOTHER_LINE: Final = 0


def transplant(root: Mapping, path: str, where: Where) -> Mapping:
    """The same mapping, its nodes at other places of another file. The given one must not be used any more.

    A collection reaches from its first scalar to the end of its last, or to that of its first where the last stands
    above it, as what a template repeats does.
    """
    seen: set[int] = set()
    stack: list[tuple[RawNode, bool, bool]] = [(root._raw, False, False)]
    while stack:
        raw, is_key, is_done = stack.pop()
        children = _children(raw)
        if is_done:
            _cover(raw, children)
        elif id(raw) not in seen:
            seen.add(id(raw))
            if children:
                stack.append((raw, is_key, True))
                stack += reversed([(child, key, False) for child, key in children])
            else:
                _set(raw, _span_of(raw, where, is_key))
    return Mapping(root._raw, Origin(path, 0), root.pointer)


def _children(raw: RawNode) -> list[tuple[RawNode, bool]]:
    if raw.id == "mapping":
        return [(node, node is pair[0]) for pair in raw.value for node in pair]
    if raw.id == "sequence":
        return [(node, False) for node in raw.value]
    return []


def _span_of(raw: RawNode, where: Where, is_key: bool) -> Span:
    start, end = raw.start_mark, raw.end_mark
    end_column = end.column + 1 if end.line == start.line else _ON_ANOTHER_LINE
    value = raw.value if raw.id == "scalar" else ""
    return where(start.line + 1, start.column + 1, end_column, value, is_key)


def _cover(raw: RawNode, children: list[tuple[RawNode, bool]]) -> None:
    first, last = children[0][0], children[-1][0]
    raw.start_mark = first.start_mark
    later = _position(last.end_mark) >= _position(first.end_mark)
    raw.end_mark = last.end_mark if later else first.end_mark


def _position(mark: Any) -> tuple[int, int]:
    return mark.line, mark.column


def _set(raw: RawNode, span: Span) -> None:
    raw.start_mark = Place(span.line - 1, span.column - 1, 0)
    raw.end_mark = Place(span.end_line - 1, span.end_column - 1, 0)
