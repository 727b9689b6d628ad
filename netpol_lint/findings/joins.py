"""The unsafe fix that makes one list item of two, where a dash is all that parts them."""

from __future__ import annotations

from collections.abc import Iterable

from netpol_lint.findings import NO_FIX, REMOVED, Change, Edit, Fix, Moved
from netpol_lint.records import NamedTuple
from netpol_lint.source.location import Location, Span


class Item(NamedTuple):
    """A mapping that is an item of a list."""

    at: Location
    """Of its first key in block style."""
    whole: Span
    """All its text."""

    @property
    def in_flow(self) -> bool:
        """Whether it is written in braces: then its text does not begin with a key of its own."""
        first = self.at.span
        return first == self.whole or first[:2] != self.whole[:2] or first.end_column - first.column == 1


def joined(one: Item, other: Item, keys: Iterable[str], description: str) -> Fix:
    """The fix that gives an item the keys of the next one, whose dash goes; none where they are not alike.

    In flow style the braces between the two go, so that the comma parts keys.
    """
    edits = _edits(one, other)
    if not edits:
        return NO_FIX
    into, gone = one.at.pointer, other.at
    changes = [
        Change(Location(one.at.path, one.at.span, f"{into}/{key}"), Moved(f"{gone.pointer}/{key}")) for key in keys
    ]
    return Fix(description, False, edits, (*changes, Change(gone, REMOVED)))


def _edits(one: Item, other: Item) -> tuple[Edit, ...]:
    path, (_, column, end_line, end_column) = one.at.path, one.whole
    next_line, next_column = other.whole[:2]
    if one.in_flow != other.in_flow:
        return ()
    if one.in_flow:
        closing = Span(end_line, end_column - 1, end_line, end_column)
        opening = Span(next_line, next_column, next_line, next_column + 1)
        return (Edit(path, closing, ""), Edit(path, opening, ""))
    if next_line <= end_line or next_column != column:
        return ()
    return (Edit(path, Span(next_line, 1, next_line, next_column), " " * (next_column - 1)),)
