"""The one key or value of a selector that is written wrong: after changing it, the selector picks something."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, TypeAlias

from netpol_lint.algebra.labels import Operator, Requirement, Selector
from netpol_lint.cluster.label_index import LabelIndex, Places, asks_for_label, count, within
from netpol_lint.cluster.near import Nearness, key_nearness, nearness
from netpol_lint.cluster.near_names import MOST_EDITS
from netpol_lint.cluster.selection import is_run_time_key
from netpol_lint.records import NamedTuple


class Slip(NamedTuple):
    """A change to one key or value of a selector."""

    nearness: Nearness
    requirement: Requirement
    part: str
    """`key` or `value`, or `key and value` of the pods of a workload that the value names."""
    written: str
    meant: str


Slips: TypeAlias = Mapping[Slip, tuple[int, ...]]
"""The changes after which a selector picks something, with the positions of what it picks then."""

_SHORTEST_NAME: Final = 4


def find_slips(index: LabelIndex, groups: frozenset[str], selector: Selector) -> Slips:
    """The slips that explain why a selector picks none of the objects of some groups.

    Less likely ones than `ONE_EDIT` are looked for, and come back, only where there is no likelier one.
    """
    nearest = {s: found for s, found in _search(index, groups, selector, 1).items() if s.nearness <= Nearness.ONE_EDIT}
    return nearest or _search(index, groups, selector, MOST_EDITS)


def _search(index: LabelIndex, groups: frozenset[str], selector: Selector, edits: int) -> Slips:
    """Looks closely at those objects alone that carry a near label, have a name that the selector gives, or fulfil
    another requirement, whatever is least."""
    found: dict[Slip, list[int]] = {}
    for requirement in selector.requirements:
        if _may_be_slip(requirement):
            others = [other for other in selector.requirements if other is not requirement]
            wanted = [tuple(index.fulfilling(other)) for other in others if asks_for_label(other)]
            nearby = tuple(_nearby(index, requirement, edits))
            fewest = min((nearby, *wanted), key=lambda places: count(places, groups))
            for position in sorted(set(within(fewest, groups)), key=lambda p: (index.items[p].group, p)):
                labels, name, _ = index.items[position]
                for slip in slips_of(requirement, others, labels, name):
                    found.setdefault(slip, []).append(position)
    return {slip: tuple(positions) for slip, positions in found.items()}


def slips_of(
    requirement: Requirement, others: Iterable[Requirement], labels: Mapping[str, str], name: str
) -> Iterator[Slip]:
    """The changes to one requirement after which a selector matches `labels` of an object of that name."""
    if not _may_be_slip(requirement) or requirement.matches(labels):
        return
    if all(other.matches(labels) for other in others):
        yield from _value_slips(requirement, labels, name)
        yield from _key_slips(requirement, labels, name)


def _may_be_slip(requirement: Requirement) -> bool:
    return requirement.operator is Operator.IN and not is_run_time_key(requirement.key)


def _nearby(index: LabelIndex, requirement: Requirement, edits: int) -> Iterator[Places]:
    """The objects that `slips_of` may have something to say about."""
    key = requirement.key
    for value in requirement.values:
        yield from (index.carriers(key, near) for near in index.near_values(key, value, edits))
        yield from (index.carriers(near, value) for near in index.near_keys(key))
        if len(value) >= _SHORTEST_NAME:
            yield index.named(value)


def _value_slips(requirement: Requirement, labels: Mapping[str, str], name: str) -> Iterator[Slip]:
    carried = labels.get(requirement.key, "")
    if not carried:
        return
    for value in requirement.values:
        near = nearness(value, carried)
        if near is Nearness.FAR and _is_name(value, name):
            near = Nearness.NAMED
        if near is not Nearness.FAR:
            yield Slip(near, requirement, "value", value, carried)


def _key_slips(requirement: Requirement, labels: Mapping[str, str], name: str) -> Iterator[Slip]:
    written = requirement.key
    if written in labels:
        return
    named = any(_is_name(value, name) for value in requirement.values)
    for key, carried in labels.items():
        near = key_nearness(written, key)
        if carried in requirement.values:
            if near is Nearness.FAR and named and carried == name:
                near = Nearness.NAMED
            if near is not Nearness.FAR:
                yield Slip(near, requirement, "key", written, key)
        elif named and near is Nearness.SAME_VALUE:
            yield Slip(Nearness.NAMED, requirement, "key and value", written, key)


def _is_name(value: str, name: str) -> bool:
    return value == name and len(name) >= _SHORTEST_NAME
