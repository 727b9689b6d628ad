"""Selectors that mean hostNetwork pods, to which policies do not apply and whose traffic comes from the node."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from netpol_lint.algebra.labels import Operator
from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.unseen import shows_all_pods
from netpol_lint.records import NamedTuple
from netpol_lint.resources.policy import Direction, IPBlock, NetworkPolicy, PodPeer, Rule, SameNamespace
from netpol_lint.resources.selectors import LabelSelector
from netpol_lint.resources.workload import Workload


class HostNetworkSubject(NamedTuple):
    """A `podSelector` that selects hostNetwork pods."""

    policy: NetworkPolicy
    pods: tuple[Workload, ...]
    """The hostNetwork ones."""
    alone: bool
    """Whether it selects no other pod."""


class HostNetworkPeer(NamedTuple):
    """A peer that means hostNetwork pods."""

    policy: NetworkPolicy
    direction: Direction
    peer: PodPeer
    pods: tuple[Workload, ...]


def selects_only_host_network(cluster: Cluster, policy: NetworkPolicy) -> bool:
    """Whether a policy applies to no pod, as it selects hostNetwork pods alone: what its rules say does nothing."""
    certain, possible = cluster.matching(policy.meta.namespace, policy.pod_selector)
    return bool(certain) and not possible and all(cluster.is_exempt(workload) for workload in certain)


def host_network_subjects(cluster: Cluster) -> Iterator[HostNetworkSubject]:
    """The policies that select hostNetwork pods by a label, or nothing but hostNetwork pods.

    One for the whole namespace says nothing of each pod. A bare deny of that kind is written for future pods too.
    """
    if not any(map(cluster.is_exempt, cluster.workloads)):
        return
    for policy in cluster.policies:
        certain, possible = cluster.matching(policy.meta.namespace, policy.pod_selector)
        pods = _exempt(cluster, certain)
        alone = len(pods) == len(certain) and not possible
        has_rules = any(policy.rules(direction) for direction in Direction)
        if pods and (_names_pods(policy.pod_selector) or (alone and has_rules)):
            yield HostNetworkSubject(policy, pods, alone)


def host_network_peers(cluster: Cluster) -> Iterator[HostNetworkPeer]:
    """The peers that mean hostNetwork pods: by a label, or by a namespace that has no other pods.

    Where an address block stands beside it, somebody has thought of the nodes' addresses.
    """
    if not any(map(cluster.is_exempt, cluster.workloads)):
        return
    for policy in cluster.policies:
        for direction in Direction:
            for rule in policy.rules(direction):
                yield from _peers(cluster, policy, rule)


def _peers(cluster: Cluster, policy: NetworkPolicy, rule: Rule) -> Iterator[HostNetworkPeer]:
    peers = rule.peers if isinstance(rule.peers, tuple) else ()
    if any(isinstance(peer, IPBlock) for peer in peers):
        return
    for peer in peers:
        if isinstance(peer, PodPeer):
            certain, possible = cluster.peer_pods(policy, peer)
            pods = _exempt(cluster, certain)
            by_label = isinstance(peer.pods, LabelSelector) and _names_pods(peer.pods)
            alone = len(pods) == len(certain) and not possible
            if pods and (by_label or (alone and _names_namespaces(cluster, peer, pods))):
                yield HostNetworkPeer(policy, rule.direction, peer, pods)


def _exempt(cluster: Cluster, workloads: Iterable[Workload]) -> tuple[Workload, ...]:
    return tuple(workload for workload in workloads if cluster.is_exempt(workload))


def _names_pods(selector: LabelSelector) -> bool:
    """Whether it asks for a label's value, and not just for what pods do not have."""
    return any(placed.requirement.operator is Operator.IN for placed in selector.placed)


def _names_namespaces(cluster: Cluster, peer: PodPeer, pods: Iterable[Workload]) -> bool:
    """Whether it asks for namespaces by a label's value, and all that runs there is shown."""
    if isinstance(peer.namespaces, SameNamespace) or not _names_pods(peer.namespaces):
        return False
    return all(shows_all_pods(cluster, workload.namespace) for workload in pods)
