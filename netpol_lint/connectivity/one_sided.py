"""Peers that one side admits and the policies of the other side forbid, so that no connection ever opens."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from netpol_lint.algebra.labels import Operator
from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.diagnosis import all_diagnoses
from netpol_lint.cluster.further_policies import further_policies, is_out_of_sight
from netpol_lint.cluster.listening import all_known_pods, known_ports
from netpol_lint.cluster.open_pods import is_meant_by_a_slip
from netpol_lint.cluster.port_troubles import troubles_of
from netpol_lint.cluster.unseen import may_exist
from netpol_lint.connectivity.network import Network
from netpol_lint.connectivity.unreachable import is_unreachable
from netpol_lint.records import NamedTuple
from netpol_lint.resources.policy import AnyPod, Direction, NetworkPolicy, PodPeer, Rule
from netpol_lint.resources.workload import Workload

_MOST_PAIRS: Final = 400
"""Rules about more pairs of workloads than these are broad on purpose."""


class OneSided(NamedTuple):
    """A peer with which the selected pods never speak, because its own policies forbid it (NP406)."""

    policy: NetworkPolicy
    rule: Rule
    peer: PodPeer
    pods: tuple[Workload, ...]
    """The pods the policy selects."""
    others: tuple[Workload, ...]
    """The pods the peer means."""
    forbidding: tuple[NetworkPolicy, ...]
    """The policies over the others."""


def one_sided(cluster: Cluster) -> Iterator[OneSided]:
    """The peers of which a connection can never come about; a pair of ends that both sides name is told once.

    Only peers that ask for certain pods by their labels count: to admit many and to leave it to the other side is what
    people do. Every pair of workloads has to be cut off from each other altogether.
    """
    told: set[tuple[str, str]] = set()
    ill = frozenset(id(diagnosis.policy) for diagnosis in all_diagnoses(cluster))
    for direction in Direction:
        for policy in cluster.policies:
            for rule in policy.rules(direction):
                for found in _candidates(cluster, policy, rule):
                    pairs = frozenset(_pairs(found))
                    if pairs <= told or any(id(other) in ill for other in found.forbidding):
                        continue
                    if not _is_explained(cluster, found) and _is_cut_off(cluster, found):
                        told |= pairs
                        yield found


def _candidates(cluster: Cluster, policy: NetworkPolicy, rule: Rule) -> Iterator[OneSided]:
    """The peers of a rule that mean certain pods which policies isolate on the other side."""
    if not isinstance(rule.peers, tuple):
        return
    for peer in rule.peers:
        if not isinstance(peer, PodPeer) or not _asks_for_certain_pods(peer):
            continue
        others = _others(cluster, policy, rule, peer)
        if not others:
            continue
        selection = cluster.selected_by(policy)
        if not selection.certain or selection.possible or len(selection.certain) * len(others) > _MOST_PAIRS:
            continue
        forbidding = {id(p): p for other in others for p in cluster.policies_over(other, _other_side(rule))}
        yield OneSided(policy, rule, peer, selection.certain, others, tuple(forbidding.values()))


def _asks_for_certain_pods(peer: PodPeer) -> bool:
    if isinstance(peer.pods, AnyPod):
        return False
    return any(requirement.operator is Operator.IN for requirement in peer.pods.selector.requirements)


def _other_side(rule: Rule) -> Direction:
    return Direction.EGRESS if rule.direction is Direction.INGRESS else Direction.INGRESS


def _others(cluster: Cluster, policy: NetworkPolicy, rule: Rule, peer: PodPeer) -> tuple[Workload, ...]:
    """The pods a peer means, where these are all of them and all policies over them are shown; else none."""
    selection = cluster.peer_pods(policy, peer)
    others = tuple(other for other in selection.certain if not cluster.is_exempt(other))
    side = _other_side(rule)
    if selection.possible or not all_known_pods(others) or isinstance(peer.pods, AnyPod):
        return ()
    if not all(_is_isolated_in_sight(cluster, other, side) for other in others):
        return ()
    return () if may_exist(cluster, cluster.peer_namespaces(policy, peer), peer.pods) else others


def _is_isolated_in_sight(cluster: Cluster, workload: Workload, side: Direction) -> bool:
    if not cluster.policies_over(workload, side) or cluster.may_hold_more(workload.namespace):
        return False
    return not is_out_of_sight(cluster, workload, side) and not further_policies(cluster, workload, side)


def _pairs(found: OneSided) -> Iterator[tuple[str, str]]:
    """The sources and destinations by their ids; a workload's own pods are left out."""
    for own in found.pods:
        for other in found.others:
            if own.id != other.id:
                yield (other.id, own.id) if found.rule.direction is Direction.INGRESS else (own.id, other.id)


def _is_cut_off(cluster: Cluster, found: OneSided) -> bool:
    """Whether the others' policies forbid everything between all pairs."""
    network = Network.of(cluster)
    for source, destination in _pairs(found):
        traffic = network.traffic(network.pods[source], network.pods[destination])
        is_ingress = found.rule.direction is Direction.INGRESS
        own, other = (traffic.ingress, traffic.egress) if is_ingress else (traffic.egress, traffic.ingress)
        if traffic.allowed or traffic.unknown or not own.outcome.allowed or not other.isolated:
            return False
    return True


def _is_explained(cluster: Cluster, found: OneSided) -> bool:
    """Whether a wrong port (NP402 to NP404) or selector on either side is why, or nobody may open the port (NP405)."""
    if any(trouble.rule is found.rule for trouble in troubles_of(cluster, found.policy)):
        return True
    side = _other_side(found.rule)
    if any(t.rule.direction is side for policy in found.forbidding for t in troubles_of(cluster, policy)):
        return True
    if any(is_meant_by_a_slip(cluster, other, side) for other in found.others):
        return True
    return found.rule.direction is Direction.EGRESS and any(
        is_unreachable(cluster, other, protocol, number)
        for other in found.others
        for protocol, number in known_ports(cluster, other)
    )
