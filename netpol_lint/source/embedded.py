"""YAML inside a scalar of another file, such as an inline patch, with its places in that file."""

from __future__ import annotations

from collections.abc import Callable

from netpol_lint.source.documents import Failure, read_trees
from netpol_lint.source.limits import DEFAULT, Limits
from netpol_lint.source.location import Span
from netpol_lint.source.places import Place
from netpol_lint.source.raw import RawNode
from netpol_lint.source.syntax import text_of
from netpol_lint.source.tree import Node, Scalar, wrap


def embedded(scalar: Scalar, data: bytes, limits: Limits = DEFAULT) -> tuple[Node | Failure, ...]:
    """The documents in the scalar; `data` is its file.

    In a literal block (`|`) every node stands on its own line; elsewhere all stand where the scalar does.
    """
    found = read_trees(scalar.text.encode("utf-8", "surrogatepass"), scalar.path, limits=limits)
    span = scalar.span
    if not scalar.literal or span.end_line == span.line:
        here = scalar.location
        return tuple(item._replace(at=here) if isinstance(item, Failure) else _all_at(item, scalar) for item in found)
    lines, columns = span.line, _indent(scalar.text, text_of(data).split("\n")[span.line :])
    return tuple(
        item._replace(at=item.at._replace(span=_moved(item.at.span, lines, columns)))
        if isinstance(item, Failure)
        else _moved_within(item, lines, columns)
        for item in found
    )


def _indent(text: str, below: list[str]) -> int:
    """By how much the lines of a block stand further right in the file."""
    for inner, outer in zip(text.split("\n"), below, strict=False):
        if inner.strip():
            return max(len(outer.rstrip("\r")) - len(inner), 0)
    return 0


def _moved(span: Span, lines: int, columns: int) -> Span:
    return Span(span.line + lines, span.column + columns, span.end_line + lines, span.end_column + columns)


def _moved_within(node: Node, lines: int, columns: int) -> Node:
    """The node further down and to the right, as text inside another; it and what is below must not be used before."""
    _each_once(node._raw, lambda raw: _shift(raw, columns))
    return wrap(node._raw, node._origin._replace(line_offset=node._origin.line_offset + lines))


def _all_at(node: Node, like: Node) -> Node:
    """The node, it and what is below standing where another does."""
    marks = like._raw.start_mark, like._raw.end_mark

    def put(raw: RawNode) -> None:
        raw.start_mark, raw.end_mark = marks

    _each_once(node._raw, put)
    return wrap(node._raw, like._origin)


def _shift(raw: RawNode, columns: int) -> None:
    start, end = raw.start_mark, raw.end_mark
    raw.start_mark = Place(start.line, start.column + columns, start.index)
    raw.end_mark = Place(end.line, end.column + columns, end.index)


def _each_once(root: RawNode, change: Callable[[RawNode], None]) -> None:
    seen: set[int] = set()
    stack: list[RawNode] = [root]
    while stack:
        raw = stack.pop()
        if id(raw) in seen:
            continue
        seen.add(id(raw))
        change(raw)
        if raw.id == "sequence":
            stack += raw.value
        elif raw.id == "mapping":
            stack += [child for pair in raw.value for child in pair]
