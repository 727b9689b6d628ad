"""The policies of a tree's units: which of them may select pods of other units, or deny for their namespaces."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Final, TypeAlias

from netpol_lint.algebra.labels import Operator
from netpol_lint.cluster.isolation import is_default_deny
from netpol_lint.cluster.units import FileObjects, Unit
from netpol_lint.cluster.unseen import is_filled_in
from netpol_lint.records import NamedTuple
from netpol_lint.resources.metadata import Metadata
from netpol_lint.resources.policy import Direction, NetworkPolicy
from netpol_lint.resources.selectors import LabelSelector
from netpol_lint.resources.workload import Workload

UNTOLD: Final = ""
"""In place of the namespace of objects that name none: somebody decides on it when they are applied."""
_Label: TypeAlias = tuple[str, str]
_ANY_LABEL: Final = ("", "")


class _Kept(NamedTuple):
    """A policy of some unit."""

    unit: int
    policy: NetworkPolicy
    has_own: bool
    """Whether its unit has workloads in its namespace, so that it is meant for these."""


class UnitsPolicies:
    """The policies of units, each of which is known by its position; `excluded` are those that do not count."""

    def __init__(self, units: Sequence[Unit]) -> None:
        self._units = units

    def _files(self) -> Iterator[tuple[int, FileObjects]]:
        for position, unit in enumerate(self._units):
            for file in unit.files:
                yield position, file

    @cached_property
    def _policies(self) -> Mapping[str, Mapping[_Label, list[_Kept]]]:
        """By place and by a label that their pods must have."""
        found: dict[str, dict[_Label, list[_Kept]]] = {}
        for position, unit in enumerate(self._units):
            owned = {workload.namespace for file in unit.files for workload in file.workloads}
            for file in unit.files:
                for policy in file.policies:
                    kept = _Kept(position, policy, policy.meta.namespace in owned)
                    for label in _needed(policy.pod_selector):
                        found.setdefault(place_of(policy.meta), {}).setdefault(label, []).append(kept)
        return found

    @cached_property
    def _unknown(self) -> Mapping[str, set[int]]:
        """By place: the units with policies there of which nobody knows whom they select; "*" for every place."""
        found: dict[str, set[int]] = {}
        for position, file in self._files():
            for foreign in file.foreign:
                place = "*" if foreign.cluster_wide else place_of(foreign.meta)
                found.setdefault(place, set()).add(position)
            for rejected in file.rejected:
                found.setdefault(place_of(rejected.meta), set()).add(position)
        return found

    @cached_property
    def _cluster_wide(self) -> Mapping[Direction, set[int]]:
        """The units with a policy of the whole cluster that denies a direction."""
        found: dict[Direction, set[int]] = {direction: set() for direction in Direction}
        for position, file in self._files():
            if not file.cluster_policies and not file.rejected_cluster_policies:
                continue
            from netpol_lint.cluster.cluster_tiers import denies_everything

            for direction in Direction:
                if file.rejected_cluster_policies or any(
                    denies_everything(p, direction) for p in file.cluster_policies
                ):
                    found[direction].add(position)
        return found

    def _is_unknown(self, excluded: frozenset[int], place: str, direction: Direction) -> bool:
        units = self._cluster_wide[direction].union(self._unknown.get(place, ()), self._unknown.get("*", ()))
        return not units <= excluded

    def may_isolate(self, excluded: frozenset[int], workload: Workload, direction: Direction) -> bool:
        """Whether one of them may select a workload's pods for a direction."""
        if self.is_unknown(excluded, workload, direction):
            return True
        return any(True for _ in self.policies_over(excluded, workload, direction))

    def is_unknown(self, excluded: frozenset[int], workload: Workload, direction: Direction) -> bool:
        """Whether there are policies of which nobody knows whether they select a workload's pods."""
        return self._is_unknown(excluded, place_of(workload.meta), direction)

    def policies_over(
        self, excluded: frozenset[int], workload: Workload, direction: Direction
    ) -> Iterator[NetworkPolicy]:
        """Those that may select a workload's pods for a direction."""
        place = place_of(workload.meta)
        labels = (*workload.labels.items(), _ANY_LABEL)
        for there in (place, UNTOLD) if place else tuple(self._policies):
            by_label = self._policies.get(there, {})
            for kept in (kept for label in labels for kept in by_label.get(label, ())):
                if kept.unit in excluded or not kept.policy.isolates(direction):
                    continue
                if kept.policy.pod_selector.selector.matches(workload.labels) and _is_meant(kept, place, there):
                    yield kept.policy

    def may_deny(self, excluded: frozenset[int], place: str, direction: Direction) -> bool:
        """Whether one of them may deny a direction to a whole namespace."""
        if self._is_unknown(excluded, place, direction):
            return True
        return any(
            kept.unit not in excluded and is_default_deny(kept.policy, direction) and _is_meant(kept, place, there)
            for there in ((place, UNTOLD) if place else tuple(self._policies))
            for kept in self._policies.get(there, {}).get(_ANY_LABEL, ())
        )

    def has_policies(self, excluded: frozenset[int], place: str) -> bool:
        """Whether there are any in a namespace that they name."""
        by_label = self._policies.get(place, {})
        return any(kept.unit not in excluded for found in by_label.values() for kept in found)


def place_of(meta: Metadata) -> str:
    """The namespace that a manifest names; `UNTOLD` if it names none, or one that is filled in."""
    return meta.namespace if meta.namespace_declared and not is_filled_in(meta.namespace) else UNTOLD


def _is_meant(kept: _Kept, place: str, there: str) -> bool:
    """Whether a policy may be for pods of a place.

    Where one of the two names no namespace, one that selects every pod is for those of its own unit, if it has any.
    """
    return (place == there != UNTOLD) or not (kept.policy.pod_selector.selects_everything and kept.has_own)


def _needed(selector: LabelSelector) -> Iterator[_Label]:
    """Labels of which every pod that it selects has one."""
    for placed in selector.placed:
        if placed.requirement.operator is Operator.IN:
            yield from ((placed.requirement.key, value) for value in placed.requirement.values)
            return
    yield _ANY_LABEL
