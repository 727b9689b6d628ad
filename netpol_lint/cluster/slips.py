"""The one key or value of a selector that is written wrong: after changing it, the selector picks something."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from netpol_lint.algebra.labels import Operator
from netpol_lint.cluster.near import Nearness, key_nearness, nearness
from netpol_lint.cluster.selection import is_run_time_key
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


class _Slip(NamedTuple):
    nearness: Nearness
    placed: PlacedRequirement
    part: str
    written: str
    meant: str
    at: Location

    @property
    def change(self) -> tuple[Location, str]:
        return self.at, self.meant


_SHORTEST_NAME: Final = 4


def pod_slip(scope: Iterable[Workload], selector: LabelSelector) -> tuple[Misspelt, ...]:
    """The likeliest slip after whose correction the selector picks pods of `scope`, if there is one."""
    slips = [(slip, workload) for workload in scope for slip in _slips(selector, workload.labels, workload.name)]
    if not slips:
        return ()
    best = _best(slip for slip, _ in slips)
    pods = {workload.id: workload for slip, workload in slips if slip.change == best.change}
    return (_misspelt(selector, best, (slip for slip, _ in slips), tuple(pods.values()), ()),)


def namespace_slip(namespaces: Iterable[Namespace], selector: LabelSelector) -> tuple[Misspelt, ...]:
    """The likeliest slip after whose correction a `namespaceSelector` picks a namespace, if there is one."""
    slips = [(slip, namespace) for namespace in namespaces for slip in _slips(selector, namespace.labels, "")]
    if not slips:
        return ()
    best = _best(slip for slip, _ in slips)
    picked = {namespace.name: namespace for slip, namespace in slips if slip.change == best.change}
    return (_misspelt(selector, best, (slip for slip, _ in slips), (), tuple(picked.values())),)


def only_failure(selector: LabelSelector, placed: PlacedRequirement, labels: Mapping[str, str]) -> bool:
    """Whether `labels` fulfil every requirement of the selector but this one."""
    if placed.requirement.matches(labels):
        return False
    return all(p.requirement.matches(labels) for p in selector.placed if p is not placed)


def _misspelt(
    selector: LabelSelector,
    best: _Slip,
    slips: Iterable[_Slip],
    pods: tuple[Workload, ...],
    namespaces: tuple[Namespace, ...],
) -> Misspelt:
    unique = best.part != "key and value" and all(
        slip.change == best.change for slip in slips if slip.nearness <= best.nearness
    )
    nearness, placed, part, written, meant, at = best
    return Misspelt(selector, placed, at, part, written, meant, pods, namespaces, nearness, unique)


def _best(slips: Iterable[_Slip]) -> _Slip:
    return min(slips, key=lambda slip: (slip.nearness, slip.at, slip.meant))


def _slips(selector: LabelSelector, labels: Mapping[str, str], name: str) -> Iterator[_Slip]:
    """The single changes to a key or value after which the selector matches `labels` of an object of that name."""
    for placed in selector.placed:
        if placed.requirement.operator is not Operator.IN or is_run_time_key(placed.requirement.key):
            continue
        if only_failure(selector, placed, labels):
            yield from _value_slips(placed, labels, name)
            yield from _key_slips(placed, labels, name)


def _value_slips(placed: PlacedRequirement, labels: Mapping[str, str], name: str) -> Iterator[_Slip]:
    carried = labels.get(placed.requirement.key, "")
    if not carried:
        return
    for value, at in placed.values_at:
        near = nearness(value, carried)
        if near is Nearness.FAR and _is_name(value, name):
            near = Nearness.NAMED
        if near is not Nearness.FAR:
            yield _Slip(near, placed, "value", value, carried, at)


def _key_slips(placed: PlacedRequirement, labels: Mapping[str, str], name: str) -> Iterator[_Slip]:
    written = placed.requirement.key
    if written in labels:
        return
    named = any(_is_name(value, name) for value in placed.requirement.values)
    for key, carried in labels.items():
        near = key_nearness(written, key)
        if carried in placed.requirement.values:
            if near is Nearness.FAR and named and carried == name:
                near = Nearness.NAMED
            if near is not Nearness.FAR:
                yield _Slip(near, placed, "key", written, key, placed.key_at)
        elif named and near is Nearness.SAME_VALUE:
            yield _Slip(Nearness.NAMED, placed, "key and value", written, key, placed.key_at)


def _is_name(value: str, name: str) -> bool:
    return value == name and len(name) >= _SHORTEST_NAME
