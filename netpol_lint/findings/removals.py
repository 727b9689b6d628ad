"""The fix that takes one entry out of a list, so that every other entry stays as it is."""

from __future__ import annotations

from collections.abc import Sequence

from netpol_lint.findings import NO_FIX, REMOVED, Change, Edit, Fix
from netpol_lint.source.location import Location, Span


def without_item(at: Location, own: Span, siblings: Sequence[Span], description: str) -> Fix:
    """The safe fix that removes the list item at a place, whose text is `own`; none where it is the only one.

    An emptied list would mean everyone, or every port. An item with lines of its own goes with them; one that shares a
    line goes with the comma after the item before it, or with the one before the item after it. Text that stands
    elsewhere (an alias) is left to the person.
    """
    place = int(at.pointer.rpartition("/")[2])
    before, after = siblings[place - 1 : place] if place else (), siblings[place + 1 : place + 2]
    if len(siblings) < 2 or not own.line or not _in_order(siblings):
        return NO_FIX
    shares = any(one.end_line == own.line for one in before) or any(one.line == own.end_line for one in after)
    if not shares:
        gone = Span(own.line, 1, own.end_line + 1, 1)
    elif before:
        gone = Span(*before[0][2:], *own[2:])
    else:
        gone = Span(*own[:2], *after[0][:2])
    return Fix(description, True, (Edit(at.path, gone, ""),), (Change(at._replace(span=own), REMOVED),))


def _in_order(spans: Sequence[Span]) -> bool:
    ends = [end for span in spans for end in (span[:2], span[2:])]
    return ends == sorted(ends)
