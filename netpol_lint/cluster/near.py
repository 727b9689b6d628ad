"""Whether two names are so alike that one is probably a slip for the other."""

from __future__ import annotations

import enum
import re
from functools import lru_cache
from typing import Final


class Nearness(enum.IntEnum):
    """How alike two different names are; the smaller, the likelier a slip."""

    SAME_VALUE = 0
    """The same value under another key that people confuse."""
    SPELLING = 1
    """They differ in case or in `_`, `-` and `.` alone."""
    ONE_EDIT = 2
    TWO_EDITS = 3
    NAMED = 4
    """Unlike, but one is the name of the workload that carries the other."""
    FAR = 9


_SEPARATORS: Final = re.compile(r"[-_./]")
_DIGITS: Final = re.compile(r"\d+")
LONGEST: Final = 320
"""No label key or value that the API server accepts is longer, and comparing takes time."""
SHORTEST_WORD: Final = 4
_SHORTEST_FOR_SUBSTITUTION: Final = 6
SHORTEST_FOR_TWO_EDITS: Final = 7
SHORTEST_KEY: Final = 3
APP_KEYS: Final = frozenset(
    (
        "app",
        "application",
        "name",
        "k8s-app",
        "component",
        "service",
        "run",
        "io.kompose.service",
        "app.kubernetes.io/name",
        "app.kubernetes.io/component",
        "app.kubernetes.io/instance",
    )
)


@lru_cache(maxsize=65536)
def nearness(one: str, other: str) -> Nearness:
    """How alike two names are, judged word by word.

    Names that differ in digits alone (`web-1`, `web-2`), in a short word (`user-db`, `user-ui`), in a word more
    (`web`, `web-a`) or in the first letter (`internal`, `external`) are far: people choose such names on purpose.
    """
    if one == other or max(len(one), len(other)) > LONGEST:
        return Nearness.FAR
    if spelling(one) == spelling(other):
        return Nearness.SPELLING
    left, right = one.casefold(), other.casefold()
    if _DIGITS.sub("", left) == _DIGITS.sub("", right):
        return Nearness.FAR
    words, others = words_of(one), words_of(other)
    if len(words) != len(others):
        return Nearness.FAR
    edits = sum(word_edits(a, b) for a, b in zip(words, others, strict=True) if a != b)
    if edits > 2:
        return Nearness.FAR
    return Nearness.ONE_EDIT if edits == 1 else Nearness.TWO_EDITS


def spelling(name: str) -> str:
    """The name without what people write one way or another: case, `_`, `-`, `.` and `/`."""
    return _SEPARATORS.sub("", name.casefold())


def words_of(name: str) -> list[str]:
    """The words of a name, in small letters."""
    return _SEPARATORS.split(name.casefold())


def key_nearness(one: str, other: str) -> Nearness:
    """How alike two label keys are that carry the same value: also `app` and `app.kubernetes.io/name`."""
    if one == other:
        return Nearness.FAR
    if one in APP_KEYS and other in APP_KEYS:
        return Nearness.SAME_VALUE
    if one.rpartition("/")[2] == other.rpartition("/")[2]:
        return Nearness.SAME_VALUE
    if min(len(one), len(other)) >= SHORTEST_KEY and one.isalpha() and other.isalpha() and len(one) != len(other):
        return Nearness.ONE_EDIT if edit_distance(one, other, 1) == 1 else nearness(one, other)
    return nearness(one, other)


def word_edits(one: str, other: str) -> int:
    """The edits between two different words, or more than any slip has: short words need more to be alike."""
    shortest = min(len(one), len(other))
    limit = 2 if shortest >= SHORTEST_FOR_TWO_EDITS else 1
    if shortest < SHORTEST_WORD or abs(len(one) - len(other)) > limit:
        return Nearness.FAR
    edits = edit_distance(one, other, limit)
    if edits > limit:
        return Nearness.FAR
    swapped = len(one) == len(other) and sorted(one) == sorted(other)
    substituted = len(one) == len(other) and not swapped
    if shortest < _SHORTEST_FOR_SUBSTITUTION and (substituted or one[0] != other[0]):
        return Nearness.FAR
    if one[0] != other[0] and not swapped and (substituted or edits > 1):
        return Nearness.FAR
    return edits


def edit_distance(one: str, other: str, limit: int) -> int:
    """Insertions, deletions, substitutions and swaps of neighbours between two strings; `limit + 1` if above it."""
    if abs(len(one) - len(other)) > limit:
        return limit + 1
    one, other = _without_common_ends(one, other)
    before_last: list[int] = []
    last = list(range(len(other) + 1))
    for i, a in enumerate(one, start=1):
        row = [limit + 1] * (len(other) + 1)  # what lies off the diagonal by more than the limit is above it
        row[0] = i
        for j in range(max(1, i - limit), min(len(other), i + limit) + 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a != other[j - 1]))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == other[j - 1]:
                cost = min(cost, before_last[j - 2] + 1)
            row[j] = cost
        if min(row) > limit:
            return limit + 1
        before_last, last = last, row
    return min(last[-1], limit + 1)


def _without_common_ends(one: str, other: str) -> tuple[str, str]:
    shortest = min(len(one), len(other))
    start = 0
    while start < shortest and one[start] == other[start]:
        start += 1
    end = 0
    while end < shortest - start and one[-1 - end] == other[-1 - end]:
        end += 1
    return one[start : len(one) - end], other[start : len(other) - end]
