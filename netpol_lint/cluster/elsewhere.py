"""What other units of the same tree hold: it may take the ground from under a finding, and never makes one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set as AbstractSet
from functools import cached_property
from typing import TYPE_CHECKING

from netpol_lint.cluster.selection import NamespacePods
from netpol_lint.cluster.units import FileObjects, Unit
from netpol_lint.cluster.units_policies import UNTOLD, UnitsPolicies, place_of
from netpol_lint.cluster.unseen import is_filled_in
from netpol_lint.records import NamedTuple
from netpol_lint.resources.metadata import as_mapping
from netpol_lint.resources.namespace import NAME_LABEL
from netpol_lint.resources.policy import Direction, NetworkPolicy
from netpol_lint.resources.selectors import LabelSelector
from netpol_lint.resources.workload import Workload
from netpol_lint.source.location import Location

if TYPE_CHECKING:
    from netpol_lint.resources.plugins import Sign
    from netpol_lint.resources.service import Service


class Elsewhere(NamedTuple):
    """The other units that may be meant for the same cluster as one unit."""

    surroundings: Surroundings
    excluded: frozenset[int]
    """The unit itself, and those that go to another cluster."""
    without_pods: frozenset[int]
    """Besides, those made of the same manifests: that a policy finds its pods there does not make it right here.

    Plain manifests that are alternatives share their policies, and which of the pods those are for is not known.
    """

    def has_pods(self, namespace: str, selector: LabelSelector) -> bool:
        """Whether a pod of another unit may be what a selector looks for in a namespace ("" for any).

        Objects that name no namespace may go to any.
        """
        return self.surroundings.has_pods(self.without_pods, namespace, selector)

    def has_left_out(self, selector: LabelSelector, own: Iterable[Workload]) -> bool:
        """Whether a unit made of the same manifests has a pod that a selector picks and that is not among its own."""
        copies = self.without_pods - self.excluded
        return bool(copies) and self.surroundings.has_other_pods(copies, selector, {pod.meta.at for pod in own})

    def has_namespace(self, selector: LabelSelector) -> bool:
        """Whether another unit declares a namespace that a `namespaceSelector` picks."""
        return self.surroundings.has_namespace(self.excluded, selector)

    def may_isolate(self, workload: Workload, direction: Direction) -> bool:
        """Whether a policy of another unit may select a workload's pods for a direction."""
        return self.surroundings.policies.may_isolate(self.excluded, workload, direction)

    def policies_over(self, workload: Workload, direction: Direction) -> Iterator[NetworkPolicy]:
        """The policies that may select a workload's pods besides its own unit's, of units that do not replace it."""
        return self.surroundings.policies.policies_over(self.without_pods, workload, direction)

    def is_unknown(self, workload: Workload, direction: Direction) -> bool:
        """Whether another unit has policies of which nobody knows whether they select a workload's pods."""
        return self.surroundings.policies.is_unknown(self.without_pods, workload, direction)

    def may_deny(self, namespace: str, direction: Direction) -> bool:
        """Whether a policy of another unit may deny a direction to a whole namespace ("" for one that none names)."""
        return self.surroundings.policies.may_deny(self.excluded, namespace, direction)

    def has_policies(self, namespace: str) -> bool:
        """Whether another unit has policies in a namespace that it names."""
        return bool(namespace) and self.surroundings.policies.has_policies(self.excluded, namespace)

    def may_publish(self, workload: Workload, services: Iterable[Service]) -> bool:
        """Whether something of another unit may publish a workload's pods, or one of the Services over them."""
        return self.surroundings.may_publish(self.excluded, workload, frozenset(s.meta.name for s in services))

    def signs(self) -> tuple[Sign, ...]:
        """What the other units show of the network plugin of a cluster that may be the same."""
        return self.surroundings.signs(self.excluded)

    def signs_beside(self) -> tuple[Sign, ...]:
        """What other units show of the plugin of this unit's cluster: nothing unless all go to one."""
        return self.surroundings.signs(self.excluded) if self.surroundings.is_one_cluster else ()

    def policies_beside(self) -> int:
        """How many policies other units have in this unit's cluster: none unless all go to one."""
        return self.surroundings.policy_count(self.excluded) if self.surroundings.is_one_cluster else 0


class Surroundings:
    """The units of a tree by what they may say about each other. Examples say nothing and are told nothing."""

    def __init__(self, units: Sequence[Unit]) -> None:
        self._units = [unit for unit in units if not unit.is_example]
        self._positions = {unit.name: position for position, unit in enumerate(self._units)}

    def around(self, unit: Unit) -> Elsewhere | tuple[()]:
        """What there is besides a unit; nothing for examples, and where there is no other unit."""
        own = self._positions.get(unit.name, -1)
        if own < 0 or len(self._units) < 2:
            return ()
        rivals = {other for key in _keys(unit) for other in self._by_key[key]}
        apart = {own}
        if unit.cluster:
            apart.update(p for p, other in enumerate(self._units) if other.cluster and other.cluster != unit.cluster)
        copies = {other for other in rivals if unit.is_rendered or self._units[other].is_rendered}
        return Elsewhere(self, frozenset(apart), frozenset(copies | apart))

    @cached_property
    def _by_key(self) -> Mapping[object, set[int]]:
        found: dict[object, set[int]] = {}
        for position, unit in enumerate(self._units):
            for key in _keys(unit):
                found.setdefault(key, set()).add(position)
        return found

    def _files(self) -> Iterator[tuple[int, FileObjects]]:
        for position, unit in enumerate(self._units):
            for file in unit.files:
                yield position, file

    # -- the cluster ----------------------------------------------------------------------------------------

    @cached_property
    def is_one_cluster(self) -> bool:
        """Whether nothing speaks for several clusters: no two names of one, and no workload in two units."""
        names = {unit.cluster for unit in self._units if unit.cluster}
        return len(names) < 2 and all(len(units) == 1 for units in self._by_key.values())

    @cached_property
    def _signs(self) -> tuple[tuple[int, Sign], ...]:
        return tuple((position, sign) for position, file in self._files() for sign in file.signs)

    def signs(self, excluded: frozenset[int]) -> tuple[Sign, ...]:
        return tuple(sign for position, sign in self._signs if position not in excluded)

    @cached_property
    def _policy_counts(self) -> tuple[int, ...]:
        return tuple(sum(len(file.policies) + len(file.rejected) for file in unit.files) for unit in self._units)

    @cached_property
    def _all_policies(self) -> int:
        return sum(self._policy_counts)

    def policy_count(self, excluded: frozenset[int]) -> int:
        return self._all_policies - sum(self._policy_counts[position] for position in excluded)

    # -- pods and namespaces --------------------------------------------------------------------------------

    @cached_property
    def _pods(self) -> Mapping[str, NamespacePods]:
        grouped: dict[str, list[Workload]] = {}
        for _, file in self._files():
            for workload in file.workloads:
                grouped.setdefault(place_of(workload.meta), []).append(workload)
        return {place: NamespacePods(tuple(members)) for place, members in grouped.items()}

    @cached_property
    def _homes(self) -> Mapping[int, frozenset[int]]:
        """The units of each workload, by its identity as an object."""
        found: dict[int, set[int]] = {}
        for position, file in self._files():
            for workload in file.workloads:
                found.setdefault(id(workload), set()).add(position)
        return {key: frozenset(units) for key, units in found.items()}

    def has_pods(self, excluded: frozenset[int], namespace: str, selector: LabelSelector) -> bool:
        places = (namespace, UNTOLD) if namespace else tuple(self._pods)
        for place in places:
            if place in self._pods:
                certain, possible = self._pods[place].select(selector.selector)
                if any(not self._homes[id(pod)] <= excluded for pods in (certain, possible) for pod in pods):
                    return True
        return False

    def has_other_pods(self, units: frozenset[int], selector: LabelSelector, known: AbstractSet[Location]) -> bool:
        """Whether one of some units has a pod that a selector surely picks, from a manifest that is not known."""
        return any(
            pod.meta.at not in known and not self._homes[id(pod)].isdisjoint(units)
            for pods in self._pods.values()
            for pod in pods.select(selector.selector).certain
        )

    @cached_property
    def _namespaces(self) -> tuple[tuple[int, Mapping[str, str]], ...]:
        return tuple(
            (position, {**as_mapping(meta.labels), NAME_LABEL: meta.name})
            for position, file in self._files()
            for meta in file.namespaces
        )

    def has_namespace(self, excluded: frozenset[int], selector: LabelSelector) -> bool:
        return any(
            selector.selector.matches(labels) for position, labels in self._namespaces if position not in excluded
        )

    @cached_property
    def policies(self) -> UnitsPolicies:
        return UnitsPolicies(self._units)

    # -- publishers -----------------------------------------------------------------------------------------

    @cached_property
    def _published(self) -> Mapping[str, list[tuple[int, str]]]:
        """By place: the names of the Services that an Ingress or the like sends traffic to."""
        found: dict[str, list[tuple[int, str]]] = {}
        for position, file in self._files():
            for publisher in file.publishers:
                for backend in publisher.backends:
                    own = backend.namespace == publisher.meta.namespace
                    told = "" if is_filled_in(backend.namespace) else backend.namespace
                    place = place_of(publisher.meta) if own else told
                    found.setdefault(place, []).append((position, backend.service))
        return found

    @cached_property
    def _external(self) -> Mapping[str, list[tuple[int, Service]]]:
        """By place: the Services that are published themselves."""
        found: dict[str, list[tuple[int, Service]]] = {}
        for position, file in self._files():
            for service in file.services:
                if service.is_external and service.has_selector:
                    found.setdefault(place_of(service.meta), []).append((position, service))
        return found

    def may_publish(self, excluded: frozenset[int], workload: Workload, names: frozenset[str]) -> bool:
        place = place_of(workload.meta)
        places = (place, UNTOLD) if place else (*self._published, *self._external)
        return any(
            any(unit not in excluded and name in names for unit, name in self._published.get(there, ()))
            or any(
                unit not in excluded and service.selector.selector.matches(workload.labels)
                for unit, service in self._external.get(there, ())
            )
            for there in places
        )


def _keys(unit: Unit) -> Iterable[object]:
    """What a unit shares with those that are deployed in its place: a workload, or the text of one or of a policy."""
    for file in unit.files:
        for workload in file.workloads:
            meta = workload.meta
            yield meta.ref.kind, place_of(meta), meta.name
            yield meta.at
        yield from (policy.meta.at for policy in file.policies)
