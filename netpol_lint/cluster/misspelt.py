"""The likeliest slip in a selector of a policy, at its place."""

from __future__ import annotations

from collections.abc import Mapping

from netpol_lint.algebra.labels import Selector
from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.label_index import LabelIndex, Labelled
from netpol_lint.cluster.near import Nearness
from netpol_lint.cluster.scopes import Scope
from netpol_lint.cluster.slips import Slip, Slips, find_slips
from netpol_lint.records import NamedTuple
from netpol_lint.resources.namespace import Namespace
from netpol_lint.resources.selectors import LabelSelector, PlacedRequirement
from netpol_lint.resources.workload import Workload
from netpol_lint.source.location import Location


class Misspelt(NamedTuple):
    """Another key or value would pick something (NP103)."""

    selector: LabelSelector
    placed: PlacedRequirement
    at: Location
    """The key or value to change."""
    part: str
    """`key` or `value`, or `key and value` of the pods of a workload that the value names."""
    written: str
    meant: str
    pods: tuple[Workload, ...]
    namespaces: tuple[Namespace, ...]
    """What the corrected selector picks: pods, or namespaces for a `namespaceSelector`."""
    nearness: Nearness
    unique: bool
    """Whether nothing else is as near."""


class _Placed(NamedTuple):
    slip: Slip
    placed: PlacedRequirement
    at: Location


def pod_slip(scope: Scope, selector: LabelSelector) -> tuple[Misspelt, ...]:
    """The likeliest slip after whose correction the selector picks pods of `scope`, if there is one."""
    slips = scope.slips(selector.selector)
    return tuple(_misspelt(selector, slips, best, scope.at(slips[best.slip]), ()) for best in _best(selector, slips))


def namespace_slip(cluster: Cluster, selector: LabelSelector) -> tuple[Misspelt, ...]:
    """The likeliest slip after whose correction a `namespaceSelector` picks a namespace, if there is one."""
    namespaces = cluster.once(_Namespaces)
    slips = namespaces.slips(selector.selector)
    return tuple(
        _misspelt(selector, slips, best, (), tuple(namespaces.all[p] for p in slips[best.slip]))
        for best in _best(selector, slips)
    )


class _Namespaces:
    """A cluster's namespaces, searched over an index."""

    def __init__(self, cluster: Cluster) -> None:
        self.all = tuple(cluster.namespaces.values())
        self._index = LabelIndex(Labelled(namespace.labels, "", "") for namespace in self.all)
        self._slips: dict[Selector, Slips] = {}

    def slips(self, selector: Selector) -> Slips:
        if selector not in self._slips:
            self._slips[selector] = find_slips(self._index, frozenset(("",)), selector)
        return self._slips[selector]


def _best(selector: LabelSelector, slips: Slips) -> tuple[_Placed, ...]:
    """The likeliest slip, if there is any. Of a requirement that is written twice, correcting one is not enough."""
    placed = {p.requirement: p for p in selector.placed}
    twice = {p.requirement for p in selector.placed if placed[p.requirement] is not p}
    found = [_at_its_place(slip, placed[slip.requirement]) for slip in slips if slip.requirement not in twice]
    return (min(found, key=lambda f: (f.slip.nearness, f.at, f.slip.meant)),) if found else ()


def _at_its_place(slip: Slip, placed: PlacedRequirement) -> _Placed:
    at: Mapping[str, Location] = dict(reversed(placed.values_at)) if slip.part == "value" else {}
    return _Placed(slip, placed, at.get(slip.written, placed.key_at))


def _misspelt(
    selector: LabelSelector,
    slips: Slips,
    best: _Placed,
    pods: tuple[Workload, ...],
    namespaces: tuple[Namespace, ...],
) -> Misspelt:
    (near, requirement, part, written, meant), placed, at = best
    change = (requirement, part, written, meant)
    unique = part != "key and value" and all(slip[1:] == change for slip in slips if slip.nearness <= near)
    return Misspelt(selector, placed, at, part, written, meant, pods, namespaces, near, unique)
