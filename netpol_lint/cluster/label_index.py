"""Objects with labels, found by their labels and names, and by labels that are near a written one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, TypeAlias

from netpol_lint.algebra.labels import Operator, Requirement, Selector
from netpol_lint.cluster.near_names import NearKeys, NearNames
from netpol_lint.records import NamedTuple


class Labelled(NamedTuple):
    """What a search sees of an object."""

    labels: Mapping[str, str]
    name: str
    group: str
    """The namespace of a pod; "" for a namespace."""


Places: TypeAlias = Mapping[str, Sequence[int]]
"""The positions of objects, by group."""
_NOWHERE: Final[Places] = {}


class LabelIndex:
    """An index over objects in source order; objects are given as positions in it."""

    __slots__ = ("_by_key", "_by_name", "_near_keys", "_near_values", "items")

    def __init__(self, items: Iterable[Labelled]) -> None:
        self.items = tuple(items)
        self._by_key: dict[str, dict[str, dict[str, list[int]]]] = {}
        self._by_name: dict[str, dict[str, list[int]]] = {}
        self._near_values: dict[str, NearNames] = {}
        self._near_keys: tuple[NearKeys, ...] = ()
        for index, (labels, name, group) in enumerate(self.items):
            self._by_name.setdefault(name, {}).setdefault(group, []).append(index)
            for key, value in labels.items():
                self._by_key.setdefault(key, {}).setdefault(value, {}).setdefault(group, []).append(index)

    def carriers(self, key: str, value: str) -> Places:
        """The objects with this label."""
        return self._by_key.get(key, {}).get(value, _NOWHERE)

    def fulfilling(self, requirement: Requirement) -> Iterator[Places]:
        """The objects that fulfil a requirement `In` or `Exists`, value by value."""
        by_value = self._by_key.get(requirement.key, {})
        yield from (by_value[v] for v in (requirement.values or by_value) if v in by_value)

    def fulfilling_all(self, selector: Selector, groups: frozenset[str]) -> Iterator[int]:
        """The objects of some groups that a selector matches, for one that asks for a label to be there."""
        asked = [tuple(self.fulfilling(r)) for r in selector.requirements if asks_for_label(r)]
        fewest = min(asked, key=lambda places: count(places, groups), default=())
        yield from (p for p in sorted(within(fewest, groups)) if selector.matches(self.items[p].labels))

    def named(self, name: str) -> Places:
        """The objects of this name."""
        return self._by_name.get(name, _NOWHERE)

    def near_values(self, key: str, written: str, edits: int) -> tuple[str, ...]:
        """The values of a key that are near a written one, and so many edits away at most."""
        if key not in self._near_values:
            self._near_values[key] = NearNames(self._by_key.get(key, ()))
        return self._near_values[key].near(written, edits)

    def near_keys(self, written: str) -> tuple[str, ...]:
        """The keys that are near a written one."""
        if not self._near_keys:
            self._near_keys = (NearKeys(self._by_key),)
        return self._near_keys[0].near(written)


def asks_for_label(requirement: Requirement) -> bool:
    """Whether only objects that carry the key can fulfil it."""
    return requirement.operator in (Operator.IN, Operator.EXISTS)


def within(places: Iterable[Places], groups: frozenset[str]) -> Iterator[int]:
    """The positions in some groups."""
    for by_group in places:
        for group in _common(by_group, groups):
            yield from by_group[group]


def count(places: Iterable[Places], groups: frozenset[str]) -> int:
    """How many positions are in some groups."""
    return sum(len(by_group[group]) for by_group in places for group in _common(by_group, groups))


def _common(by_group: Places, groups: frozenset[str]) -> Iterator[str]:
    if len(groups) < len(by_group):
        return (group for group in groups if group in by_group)
    return (group for group in by_group if group in groups)
