"""Cluster-tier policies of one priority that disagree: either may win, so the outcome is nobody's decision."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.connectivity.covering import covers
from netpol_lint.connectivity.form import Peers, Policy, Ports, Rule
from netpol_lint.connectivity.lowering import cluster_policies
from netpol_lint.connectivity.meeting import Meetings
from netpol_lint.records import NamedTuple
from netpol_lint.resources.cluster_policy import ClusterPolicy, ClusterTier
from netpol_lint.resources.policy import Direction


class Conflict(NamedTuple):
    """Two policies that do different things with the same connections."""

    first: ClusterPolicy
    second: ClusterPolicy
    direction: Direction
    rules: tuple[Rule, Rule]
    """A rule of each that meet."""


def conflicts(cluster: Cluster) -> Iterator[Conflict]:
    """Each policy that disagrees with an earlier one of its tier and priority, with the first rules that do.

    Pods and peers meet where one selector includes the other, or where the unit shows a pod that both mean: that a
    pod with the labels of both may come some day is no conflict.
    """
    for tier in ClusterTier:
        by_priority: dict[int, list[tuple[ClusterPolicy, Policy]]] = {}
        written = [policy for policy in cluster.cluster_policies if policy.tier is tier]
        for policy, (priority, lowered) in zip(written, cluster_policies.policies(cluster, tier), strict=True):
            by_priority.setdefault(priority, []).append((policy, lowered))
        for members in by_priority.values():
            yield from _among(cluster, members)


def _among(cluster: Cluster, members: list[tuple[ClusterPolicy, Policy]]) -> Iterator[Conflict]:
    subjects = [lowered.subjects for _, lowered in members]
    for later, earlier in zip(members, Meetings.of(cluster).earlier(subjects), strict=True):
        yield from islice((found for number in earlier for found in _between(cluster, members[number], later)), 1)


def _between(
    cluster: Cluster, one: tuple[ClusterPolicy, Policy], other: tuple[ClusterPolicy, Policy]
) -> Iterator[Conflict]:
    (first, lowered), (second, also) = one, other
    if first.meta.ref == second.meta.ref:
        return
    for direction in Direction:
        for rules in _disagreeing(cluster, lowered.rules(direction), also.rules(direction)):
            yield Conflict(first, second, direction, rules)


def _disagreeing(cluster: Cluster, first: tuple[Rule, ...], second: tuple[Rule, ...]) -> Iterator[tuple[Rule, Rule]]:
    """The pairs of rules that decide differently; what an earlier rule of its policy takes away is not decided here."""
    for number, one in enumerate(first):
        for index, other in enumerate(second):
            if one.action is other.action or not (_peers_meet(cluster, one.peers, other.peers)):
                continue
            if not _ports_meet(one.ports, other.ports):
                continue
            earlier = (*first[:number], *second[:index])
            if not any(covers(rule, one) or covers(rule, other) for rule in earlier):
                yield one, other


def _peers_meet(cluster: Cluster, one: Peers, other: Peers) -> bool:
    if one.everyone or other.everyone:
        return True
    if one.addresses & other.addresses:
        return True
    meetings = Meetings.of(cluster)
    return any(meetings.meet(meant, also) for meant in one.pods for also in other.pods)


def _ports_meet(one: Ports, other: Ports) -> bool:
    return bool(one.numbers & other.numbers) or bool(set(one.names) & set(other.names))
