"""YAML inside a scalar of another file, such as an inline patch, with its places in that file."""

from __future__ import annotations

from netpol_lint.source.documents import Failure, read_trees
from netpol_lint.source.limits import DEFAULT, Limits
from netpol_lint.source.location import Span
from netpol_lint.source.syntax import text_of
from netpol_lint.source.tree import Node, Scalar, all_at, moved_within


def embedded(scalar: Scalar, data: bytes, limits: Limits = DEFAULT) -> tuple[Node | Failure, ...]:
    """The documents in the scalar; `data` is its file.

    In a literal block (`|`) every node stands on its own line; elsewhere all stand where the scalar does.
    """
    found = read_trees(scalar.text.encode("utf-8", "surrogatepass"), scalar.path, limits=limits)
    span = scalar.span
    if not scalar.literal or span.end_line == span.line:
        here = scalar.location
        return tuple(item._replace(at=here) if isinstance(item, Failure) else all_at(item, scalar) for item in found)
    lines, columns = span.line, _indent(scalar.text, text_of(data).split("\n")[span.line :])
    return tuple(
        item._replace(at=item.at._replace(span=_moved(item.at.span, lines, columns)))
        if isinstance(item, Failure)
        else moved_within(item, lines, columns)
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
