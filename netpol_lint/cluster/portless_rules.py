"""Ingress rules that choose who calls and leave open on which ports, for pods that declare theirs."""

from __future__ import annotations

from collections.abc import Iterator

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.isolation import is_every_pod
from netpol_lint.cluster.split_rules import split_rules
from netpol_lint.records import NamedTuple
from netpol_lint.resources.policy import (
    AnyPod,
    Direction,
    Everyone,
    EveryPort,
    IPBlock,
    NetworkPolicy,
    Peer,
    Rule,
    SameNamespace,
)
from netpol_lint.resources.workload import Workload


class PortlessRule(NamedTuple):
    """A rule that admits its peers on every port (NP307)."""

    policy: NetworkPolicy
    rule: Rule
    pods: tuple[Workload, ...]
    """The pods it is for; each of them declares ports."""


def portless_rules(cluster: Cluster) -> Iterator[PortlessRule]:
    """The rules that do so, in source order.

    Left out are policies for all pods of a namespace, which have no ports in common; rules for all pods of the own
    namespace, which trust it as a whole; for the selected pods among themselves; for everybody, which other findings
    report; and those that a dash has separated from their ports (NP109).
    """
    for policy in cluster.policies:
        if policy.pod_selector.selects_everything:
            continue
        rules = [rule for rule in policy.rules(Direction.INGRESS) if isinstance(rule.ports, EveryPort)]
        pods = cluster.selected_by(policy).certain if rules else ()
        if not pods or not all(workload.ports and not workload.by_operator for workload in pods):
            continue
        split = {found.peers.at for found in split_rules(cluster, policy, Direction.INGRESS)}
        for rule in rules:
            if rule.at not in split and _chooses(cluster, policy, rule, pods):
                yield PortlessRule(policy, rule, pods)


def _chooses(cluster: Cluster, policy: NetworkPolicy, rule: Rule, pods: tuple[Workload, ...]) -> bool:
    if isinstance(rule.peers, Everyone) or any(_is_everybody(peer) for peer in rule.peers):
        return False
    return any(not _trusts_its_own(cluster, policy, peer, pods) for peer in rule.peers)


def _is_everybody(peer: Peer) -> bool:
    return not peer.cidr.prefixlen if isinstance(peer, IPBlock) else is_every_pod(peer)


def _trusts_its_own(cluster: Cluster, policy: NetworkPolicy, peer: Peer, pods: tuple[Workload, ...]) -> bool:
    """Whether a peer is all pods of the policy's own namespace, or none but those that the policy is for."""
    if isinstance(peer, IPBlock) or not isinstance(peer.namespaces, SameNamespace):
        return False
    if isinstance(peer.pods, AnyPod) or peer.pods.selects_everything:
        return True
    if peer.pods.selector == policy.pod_selector.selector:
        return True
    callers = cluster.peer_pods(policy, peer)
    own = {workload.id for workload in pods}
    return bool(callers.certain) and not callers.possible and all(workload.id in own for workload in callers.certain)
