"""Sets of whole numbers as sorted, disjoint, half-open intervals: the arithmetic under ports and addresses."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Self, TypeVar

_IN_EITHER: Final = (False, True, True, True)
_IN_BOTH: Final = (False, False, False, True)
_IN_FIRST_ONLY: Final = (False, False, True, False)
_EMPTY: Final = 0
_FULL: Final = 1
"""Trees of `classes`: without any number, and a leaf that is in."""


@dataclass(frozen=True, slots=True)
class IntervalSet:
    """A set of whole numbers. Equal sets are equal values: the bounds are canonical."""

    bounds: tuple[int, ...] = ()
    """Where membership changes, strictly ascending: start, end, start, end, ...; each end is exclusive."""

    @classmethod
    def spanning(cls, spans: Iterable[tuple[int, int]]) -> Self:
        """The numbers of all spans, given as first and last, in any order; they may overlap."""
        bounds: list[int] = []
        for first, last in sorted(spans):
            if bounds and first <= bounds[-1]:
                bounds[-1] = max(bounds[-1], last + 1)
            else:
                bounds += (first, last + 1)
        return cls(tuple(bounds))

    @classmethod
    def union(cls, sets: Iterable[Self]) -> Self:
        """The numbers in any of the sets: quicker than one after the other where there are many."""
        return cls.spanning(span for one in sets for span in one.spans())

    def spans(self) -> Iterator[tuple[int, int]]:
        """The maximal runs of consecutive members, ascending, as first and last."""
        bounds = iter(self.bounds)
        return ((start, end - 1) for start, end in zip(bounds, bounds, strict=True))

    def __bool__(self) -> bool:
        return bool(self.bounds)

    def __len__(self) -> int:
        return sum(last - first + 1 for first, last in self.spans())

    def __contains__(self, number: int) -> bool:
        return bisect_right(self.bounds, number) % 2 == 1

    def __or__(self, other: Self) -> Self:
        if not other.bounds or self.bounds == other.bounds:
            return self
        return type(self)(_sweep(self.bounds, other.bounds, _IN_EITHER)) if self.bounds else other

    def __and__(self, other: Self) -> Self:
        if not self.bounds or self.bounds == other.bounds:
            return self
        return type(self)(_sweep(self.bounds, other.bounds, _IN_BOTH)) if other.bounds else other

    def __sub__(self, other: Self) -> Self:
        if not self.bounds or not other.bounds:
            return self
        return type(self)(_sweep(self.bounds, other.bounds, _IN_FIRST_ONLY))

    def covers(self, other: Self) -> bool:
        """Whether every member of `other` is a member."""
        return not other - self

    def disjoint(self, other: Self) -> bool:
        return not self & other


_Set = TypeVar("_Set", bound=IntervalSet)


def partition(space: _Set, sets: Sequence[_Set]) -> tuple[tuple[_Set, frozenset[int]], ...]:
    """The space cut into the classes that the sets tell apart: disjoint, covering it, none empty.

    Each comes with the indexes of the sets it lies in; classes are ordered by their first number.
    """
    changes: dict[int, list[int]] = {bound: [] for bound in space.bounds}
    for index, one in enumerate(sets):
        for bound in (one & space).bounds:
            changes.setdefault(bound, []).append(index)
    grouped: dict[frozenset[int], list[tuple[int, int]]] = {}
    inside: set[int] = set()
    for start, end in pairwise(sorted(changes)):
        inside.symmetric_difference_update(changes[start])
        if start in space:
            grouped.setdefault(frozenset(inside), []).append((start, end - 1))
    return tuple((type(space).spanning(spans), members) for members, spans in grouped.items())


def classes(space: _Set, sets: Sequence[_Set]) -> tuple[_Set, ...]:
    """The classes of `partition` without the sets they lie in: of many wide sets these alone would be quadratic.

    The sets a stretch lies in are the leaves of a binary tree of which equal parts are the same number, so that
    passing a bound makes one new path and equal sets of sets are equal numbers.
    """
    changes: dict[int, list[int]] = {bound: [] for bound in space.bounds}
    for index, one in enumerate(sets):
        for bound in (one & space).bounds:
            changes.setdefault(bound, []).append(index)
    trees = _Trees(len(sets))
    grouped: dict[int, list[tuple[int, int]]] = {}
    inside = _EMPTY
    for start, end in pairwise(sorted(changes)):
        for index in changes[start]:
            inside = trees.toggled(inside, index)
        if start in space:
            grouped.setdefault(inside, []).append((start, end - 1))
    return tuple(type(space).spanning(spans) for spans in grouped.values())


class _Trees:
    """Sets of small numbers as binary trees; each different tree is a number of its own."""

    def __init__(self, size: int) -> None:
        self._height = max(size - 1, 0).bit_length()
        self._halves = [(_EMPTY, _EMPTY), (_EMPTY, _EMPTY)]
        self._numbers: dict[tuple[int, int], int] = {(_EMPTY, _EMPTY): _EMPTY}

    def toggled(self, tree: int, index: int) -> int:
        """The tree with the number if it is not in it, else without it."""
        return self._toggled(tree, index, self._height)

    def _toggled(self, tree: int, index: int, height: int) -> int:
        if not height:
            return _FULL - tree
        low, high = self._halves[tree]
        if index >> height - 1 & 1:
            high = self._toggled(high, index, height - 1)
        else:
            low = self._toggled(low, index, height - 1)
        number = self._numbers.setdefault((low, high), len(self._halves))
        if number == len(self._halves):
            self._halves.append((low, high))
        return number


def _sweep(first: tuple[int, ...], second: tuple[int, ...], keep: tuple[bool, bool, bool, bool]) -> tuple[int, ...]:
    """The bounds of a combination; how many bounds were passed tells by its parity whether we are inside."""
    result: list[int] = []
    i = j = 0
    while i < len(first) or j < len(second):
        if j == len(second) or (i < len(first) and first[i] <= second[j]):
            at = first[i]
            i += 1
            if j < len(second) and second[j] == at:
                j += 1
        else:
            at = second[j]
            j += 1
        if keep[(i & 1) << 1 | (j & 1)] != len(result) & 1:
            result.append(at)
    return tuple(result)
