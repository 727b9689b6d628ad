"""Things found by marks that they demand, so that most of those that cannot fit are never looked at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence
from heapq import merge
from typing import TypeAlias

Marks: TypeAlias = tuple[Hashable, ...]


class Sieve:
    """Things by number; each demands all marks of one of its alternatives at least."""

    def __init__(self, demands: Sequence[Iterable[Marks]]) -> None:
        alternatives = [tuple(demanded) for demanded in demands]
        frequency = Counter(mark for demanded in alternatives for marks in demanded for mark in marks)
        self._undemanding: list[int] = []
        self._by_mark: dict[Hashable, list[int]] = {}
        for number, demanded in enumerate(alternatives):
            for marks in demanded:
                rarest = min(marks, key=frequency.__getitem__, default=None)
                found = self._undemanding if rarest is None else self._by_mark.setdefault(rarest, [])
                if found[-1:] != [number]:
                    found.append(number)

    def fitting(self, shown: Iterable[Hashable]) -> Iterator[int]:
        """The numbers, ascending, of all that may be content with these marks; some of them may not."""
        found = (self._by_mark.get(mark, ()) for mark in dict.fromkeys(shown))
        last = -1
        for number in merge(self._undemanding, *found):
            if number != last:
                yield number
            last = number
