"""Services that a caller from elsewhere cannot reach, where nothing but a missing rule explains it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

from netpol_lint.cluster.closing_causes import is_closing_explained
from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.further_policies import further_policies, is_out_of_sight
from netpol_lint.connectivity.endpoints import End, Pod
from netpol_lint.connectivity.network import Network
from netpol_lint.needs.backings import Backing, Target
from netpol_lint.records import NamedTuple
from netpol_lint.resources.policy import Direction, NetworkPolicy
from netpol_lint.resources.workload import Workload

Callers: TypeAlias = Callable[[Backing, Pod], Iterable[End]]
"""Whoever may be the caller of a backing on one of its pods."""


class CutOff(NamedTuple):
    """What the caller that one object shows cannot reach behind one Service."""

    backings: tuple[Backing, ...]
    """Never empty; all of one object and Service."""
    pods: tuple[Workload, ...]
    policies: tuple[NetworkPolicy, ...]
    """Those that isolate the pods."""


def cut_off(cluster: Cluster, backings: Iterable[Backing], callers: Callers) -> Iterator[CutOff]:
    """The backings of which no pod lets any of its possible callers in, by object and Service, in their order."""
    found: dict[tuple[object, object], list[Backing]] = {}
    for backing in backings:
        if _is_closed(cluster, backing, callers):
            found.setdefault((backing.about.at, backing.behind.at), []).append(backing)
    for together in found.values():
        workloads = {target.workload.id: target.workload for backing in together for target in backing.targets}
        pods = tuple(workloads.values())
        policies = {id(p): p for pod in pods for p in cluster.policies_over(pod, Direction.INGRESS)}
        numbers = {number for backing in together for target in backing.targets for number in target.numbers}
        if not is_closing_explained(cluster, pods, numbers, policies.values(), alone=True):
            yield CutOff(tuple(together), pods, tuple(policies.values()))


def _is_closed(cluster: Cluster, backing: Backing, callers: Callers) -> bool:
    return bool(backing.targets) and all(
        _keeps_out_all(cluster, target, lambda pod: callers(backing, pod)) for target in backing.targets
    )


def _keeps_out_all(cluster: Cluster, target: Target, callers: Callable[[Pod], Iterable[End]]) -> bool:
    """Whether every policy over the pods is shown, and all of them together deny the ports to each caller."""
    workload = target.workload
    if not cluster.policies_over(workload, Direction.INGRESS):
        return False
    if cluster.may_hold_more(workload.namespace) or is_out_of_sight(cluster, workload, Direction.INGRESS):
        return False
    if any(further.rules(Direction.INGRESS) for further in further_policies(cluster, workload, Direction.INGRESS)):
        return False
    network = Network.of(cluster)
    pod = network.pods[workload.id]
    return all(
        not target.ports - network.traffic(caller, pod).ingress.outcome.denied
        for caller in callers(pod)
        if caller is not pod
    )
