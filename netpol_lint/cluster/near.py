"""Whether two names are so alike that one is probably a slip for the other."""

from __future__ import annotations

import enum
import re
from typing import Final


class Nearness(enum.IntEnum):
    """How alike two different names are; the smaller, the likelier a slip."""

    SAME_VALUE = 0
    """The same value under another key that people confuse."""
    SPELLING = 1
    """They differ in case or in `_`, `-` and `.` alone."""
    ONE_EDIT = 2
    TWO_EDITS = 3
    FAR = 9


_SEPARATORS: Final = re.compile(r"[-_.]")
_DIGITS: Final = re.compile(r"\d+")
_SHORTEST_FOR_ONE_EDIT: Final = 4
_SHORTEST_FOR_TWO_EDITS: Final = 7
_APP_KEYS: Final = frozenset(
    ("app", "name", "k8s-app", "component", "app.kubernetes.io/name", "app.kubernetes.io/component", "app.kubernetes.io/instance")
)


def nearness(one: str, other: str) -> Nearness:
    """How alike two names are. Names that differ in digits alone (`web-1`, `web-2`) are far: they are instances."""
    if one == other:
        return Nearness.FAR
    if _SEPARATORS.sub("", one).casefold() == _SEPARATORS.sub("", other).casefold():
        return Nearness.SPELLING
    if _DIGITS.sub("0", one) == _DIGITS.sub("0", other):
        return Nearness.FAR
    shortest = min(len(one), len(other))
    if shortest < _SHORTEST_FOR_ONE_EDIT:
        return Nearness.FAR
    limit = 2 if shortest >= _SHORTEST_FOR_TWO_EDITS else 1
    edits = edit_distance(one, other, limit)
    if edits > limit:
        return Nearness.FAR
    return Nearness.ONE_EDIT if edits == 1 else Nearness.TWO_EDITS


def key_nearness(one: str, other: str) -> Nearness:
    """How alike two label keys are that carry the same value: also `app` and `app.kubernetes.io/name`."""
    if one == other:
        return Nearness.FAR
    if one in _APP_KEYS and other in _APP_KEYS:
        return Nearness.SAME_VALUE
    if one.rpartition("/")[2] == other.rpartition("/")[2]:
        return Nearness.SAME_VALUE
    return nearness(one, other)


def edit_distance(one: str, other: str, limit: int) -> int:
    """Insertions, deletions, substitutions and swaps of neighbours between two strings; `limit + 1` if above it."""
    if abs(len(one) - len(other)) > limit:
        return limit + 1
    before_last: list[int] = []
    last = list(range(len(other) + 1))
    for i, a in enumerate(one, start=1):
        row = [i]
        for j, b in enumerate(other, start=1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, before_last[j - 2] + 1)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
        before_last, last = last, row
    return min(last[-1], limit + 1)
