"""The fix that takes one entry out of a list or mapping, so that every other entry stays as it is."""

from __future__ import annotations

from collections.abc import Sequence

from netpol_lint.findings import NO_FIX, REMOVED, Change, Edit, Fix
from netpol_lint.source.location import Location, Span


def without_item(at: Location, own: Span, siblings: Sequence[Span], description: str, *, in_flow: bool) -> Fix:
    """The safe fix that removes the entry at a place, whose text is `own`; none where it is the only one.

    An emptied list would mean everyone, or every port. In block style the entry goes with its lines; in flow style with
    the comma after it, the last one with the comma before it, so that JSON stays JSON. Text that stands elsewhere (an
    alias) is left to the person.
    """
    if len(siblings) < 2 or own not in siblings or not own.line or not _in_order(siblings):
        return NO_FIX
    place = siblings.index(own)
    if not in_flow:
        gone = Span(own.line, 1, own.end_line + 1, 1)
    elif place + 1 < len(siblings):
        gone = Span(*own[:2], *siblings[place + 1][:2])
    else:
        gone = Span(*siblings[place - 1][2:], *own[2:])
    return Fix(description, True, (Edit(at.path, gone, ""),), (Change(at._replace(span=own), REMOVED),))


def _in_order(spans: Sequence[Span]) -> bool:
    ends = [end for span in spans for end in (span[:2], span[2:])]
    return ends == sorted(ends)
