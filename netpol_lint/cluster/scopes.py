"""Where a selector looks for pods: one or several namespaces, searched over indexes that are built once."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from netpol_lint.algebra.labels import Operator, Requirement, Selector
from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.label_index import LabelIndex, Labelled
from netpol_lint.cluster.selection import Selection, is_run_time_key
from netpol_lint.cluster.slips import Slips, find_slips
from netpol_lint.resources.metadata import as_mapping
from netpol_lint.resources.selectors import LabelSelector
from netpol_lint.resources.workload import Workload


class Shelf:
    """Workloads with their indexes."""

    def __init__(self, workloads: tuple[Workload, ...]) -> None:
        self.workloads = workloads

    @cached_property
    def pods(self) -> LabelIndex:
        """By the labels of their pods."""
        return LabelIndex(Labelled(w.labels, w.name, w.namespace) for w in self.workloads)

    @cached_property
    def controllers(self) -> LabelIndex:
        """By their own labels; none of a Pod, whose labels are those of the pod, or where an operator may copy them."""
        own = ({} if w.meta.ref.kind == "Pod" or w.by_operator else as_mapping(w.meta.labels) for w in self.workloads)
        return LabelIndex(Labelled(labels, w.name, w.namespace) for labels, w in zip(own, self.workloads, strict=True))


class Scope:
    """The pods of one or several namespaces."""

    def __init__(self, names: tuple[str, ...], shelf: Shelf) -> None:
        self.names = names
        self._shelf = shelf
        self._groups = frozenset(names)
        self._slips: dict[Selector, Slips] = {}
        self.picked: dict[Selector, Selection] = {}
        """What `picked` has found out about several namespaces."""

    def slips(self, selector: Selector) -> Slips:
        """The slips that explain why the selector picks nothing here."""
        if selector not in self._slips:
            self._slips[selector] = find_slips(self._shelf.pods, self._groups, selector)
        return self._slips[selector]

    def controllers(self, selector: Selector) -> tuple[Workload, ...]:
        """The controllers that carry the labels which a selector asks for; none for one that asks for none."""
        return self.at(self._shelf.controllers.fulfilling_all(selector, self._groups))

    def at(self, positions: Iterable[int]) -> tuple[Workload, ...]:
        """The workloads that a search found, one of those that are defined twice."""
        found = (self._shelf.workloads[position] for position in positions)
        return tuple({workload.id: workload for workload in found}.values())


def scope_of(cluster: Cluster, names: tuple[str, ...]) -> Scope:
    """The pods of these namespaces."""
    scopes = cluster.once(_scopes)
    if names not in scopes:
        shelf = Shelf(cluster.pods_in(names[0])) if len(names) == 1 else cluster.once(whole_cluster)
        scopes[names] = Scope(names, shelf)
    return scopes[names]


def whole_cluster(cluster: Cluster) -> Shelf:
    """Every workload."""
    return Shelf(cluster.workloads)


def picked(cluster: Cluster, names: tuple[str, ...], selector: LabelSelector) -> Selection:
    """The pods of these namespaces that a selector picks; looks only where pods with such labels are."""
    if len(names) == 1:
        return cluster.matching(names[0], selector)
    known = scope_of(cluster, names).picked
    if selector.selector not in known:
        selections = [cluster.matching(name, selector) for name in _plausible(cluster, names, selector.selector)]
        certain = tuple(workload for selection in selections for workload in selection.certain)
        possible = tuple(workload for selection in selections for workload in selection.possible)
        known[selector.selector] = Selection(certain, possible)
    return known[selector.selector]


def _plausible(cluster: Cluster, names: tuple[str, ...], selector: Selector) -> tuple[str, ...]:
    asked = [r for r in selector.requirements if not is_run_time_key(r.key)]
    if not any(requirement.operator is Operator.IN for requirement in asked):
        return names
    places = {*namespaces_with(cluster, asked), *cluster.once(_with_further_labels)}
    return tuple(name for name in names if name in places)


def namespaces_with(cluster: Cluster, requirements: Iterable[Requirement]) -> tuple[str, ...]:
    """The namespaces where each label that is asked for by value is carried by some pod, sorted; none without any."""
    index = cluster.once(whole_cluster).pods
    asked = [tuple(index.fulfilling(r)) for r in requirements if r.operator is Operator.IN]
    fewest = min(asked, key=lambda places: sum(map(len, places)), default=())
    found = {name for by_name in fewest for name in by_name}
    return tuple(sorted(n for n in found if all(any(n in by_name for by_name in places) for places in asked)))


def _scopes(_: Cluster) -> dict[tuple[str, ...], Scope]:
    return {}


def _with_further_labels(cluster: Cluster) -> frozenset[str]:
    return frozenset(w.namespace for w in cluster.workloads if not w.labels_complete)
