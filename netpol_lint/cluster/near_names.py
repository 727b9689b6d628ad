"""Sets of names and of label keys that find those near a written one without comparing it with each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import Final, TypeAlias

from netpol_lint.cluster.near import (
    APP_KEYS,
    LONGEST,
    SHORTEST_FOR_TWO_EDITS,
    SHORTEST_KEY,
    SHORTEST_WORD,
    Nearness,
    key_nearness,
    nearness,
    spelling,
    word_edits,
    words_of,
)

MOST_EDITS: Final = 2
_Filed: TypeAlias = dict[str, list[str]]
_END: Final = 7
"""So many letters at either end of a word are looked up; more of them find less and cost more."""


class NearNames:
    """Distinct names. Those of one number of words share a tree whose edges are words."""

    __slots__ = ("_by_spelling", "_known", "_trees")

    def __init__(self, names: Iterable[str]) -> None:
        self._known: dict[tuple[str, int], tuple[str, ...]] = {}
        self._by_spelling: dict[str, list[str]] = {}
        self._trees: dict[int, _Words] = {}
        for name in names:
            if len(name) <= LONGEST:
                self._by_spelling.setdefault(spelling(name), []).append(name)
                words = words_of(name)
                self._trees.setdefault(len(words), _Words()).add(words, name)

    def near(self, written: str, edits: int = MOST_EDITS) -> tuple[str, ...]:
        """The names that `nearness` calls near and that are so many edits away at most, sorted."""
        asked = written, edits
        if asked not in self._known:
            found = {name for name in self._candidates(written, edits) if nearness(written, name) is not Nearness.FAR}
            self._known[asked] = tuple(sorted(found))
        return self._known[asked]

    def _candidates(self, written: str, edits: int) -> Iterator[str]:
        if len(written) > LONGEST:
            return
        yield from self._by_spelling.get(spelling(written), ())
        words = words_of(written)
        if len(words) in self._trees:
            yield from self._trees[len(words)].near(words, edits)


class NearKeys:
    """Distinct label keys."""

    __slots__ = ("_app_keys", "_by_last_part", "_known", "_longer", "_names")

    def __init__(self, keys: Iterable[str]) -> None:
        keys = tuple(keys)
        self._known: dict[str, tuple[str, ...]] = {}
        self._names = NearNames(keys)
        self._app_keys = APP_KEYS.intersection(keys)
        self._by_last_part: dict[str, list[str]] = {}
        self._longer: dict[str, list[str]] = {}
        for key in keys:
            self._by_last_part.setdefault(_last_part(key), []).append(key)
            for shorter in _one_letter_less(key):
                self._longer.setdefault(shorter, []).append(key)

    def near(self, written: str) -> tuple[str, ...]:
        """The keys that `key_nearness` calls near, sorted."""
        if written not in self._known:
            found = {key for key in self._candidates(written) if key_nearness(written, key) is not Nearness.FAR}
            self._known[written] = tuple(sorted(found))
        return self._known[written]

    def _candidates(self, written: str) -> Iterator[str]:
        if written in APP_KEYS:
            yield from self._app_keys
        yield from self._by_last_part.get(_last_part(written), ())
        yield from self._longer.get(written, ())
        for shorter in _one_letter_less(written):
            yield from self._by_last_part.get(shorter, ())
        yield from self._names.near(written)


class _Words:
    """A node of the tree: the words that may follow, and the names that end here."""

    __slots__ = ("_ends", "_following", "_names")

    def __init__(self) -> None:
        self._following: dict[str, _Words] = {}
        self._ends: dict[int, tuple[_Filed, _Filed]] = {}
        """By the number of edits, made when first asked for: the following words by the rests of either end."""
        self._names: list[str] = []

    def add(self, words: Iterable[str], name: str) -> None:
        node = self
        for word in words:
            node = node._following.setdefault(word, _Words())
        node._names.append(name)

    def near(self, words: list[str], budget: int) -> Iterator[str]:
        """The names reached by words that differ from these by so many edits at most."""
        if not words:
            yield from self._names
            return
        word, rest = words[0], words[1:]
        if word in self._following:
            yield from self._following[word].near(rest, budget)
        for other in self._alike(word, budget) if budget else ():
            edits = word_edits(word, other)
            if edits <= budget:
                yield from self._following[other].near(rest, budget - edits)

    def _alike(self, word: str, edits: int) -> set[str]:
        """The following words that may be so many edits away from another one, itself left out."""
        if len(word) < SHORTEST_WORD:
            return set()
        if edits not in self._ends:
            long = [other for other in self._following if len(other) >= SHORTEST_WORD]
            self._ends[edits] = (
                _filed((other, _rests(other, other[:_END], edits)) for other in long),
                _filed((other, _rests(other, other[-_END:], edits)) for other in long),
            )
        by_start, by_end = self._ends[edits]
        starts = {other for rest in _rests(word, word[:_END], edits) for other in by_start.get(rest, ())}
        ends = {other for rest in _rests(word, word[-_END:], edits) for other in by_end.get(rest, ())}
        return (starts & ends) - {word}


def _filed(words: Iterable[tuple[str, Iterable[str]]]) -> _Filed:
    by_rest: _Filed = {}
    for word, rests in words:
        for rest in rests:
            by_rest.setdefault(rest, []).append(word)
    return by_rest


def _rests(word: str, end: str, edits: int) -> set[str]:
    """One end of a word without up to as many letters as edits are allowed; two near words have one rest in common.

    An edit takes one letter from each of two words before they agree, and what it shifts past the end takes no more
    than that.
    """
    most = edits if len(word) >= SHORTEST_FOR_TWO_EDITS else 1
    kept = (letters for gone in range(most + 1) for letters in combinations(end, len(end) - gone))
    return {"".join(letters) for letters in kept}


def _one_letter_less(key: str) -> set[str]:
    if len(key) <= SHORTEST_KEY or len(key) > LONGEST or not key.isalpha():
        return set()
    return {key[:i] + key[i + 1 :] for i in range(len(key))}


def _last_part(key: str) -> str:
    return key.rpartition("/")[2]
