"""Two peers that read as one: a dash too many turns "these pods of that namespace" into "or"."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.near import Nearness, nearness
from netpol_lint.cluster.selection import Selection
from netpol_lint.resources.policy import AnyPod, NetworkPolicy, Peer, PodPeer, Rule, SameNamespace
from netpol_lint.resources.selectors import LabelSelector

_FOREIGN_LABELS: Final = frozenset(
    (
        ("k8s-app", "kube-dns"),
        ("k8s-app", "coredns"),
        ("k8s-app", "node-local-dns"),
        ("dns.operator.openshift.io/daemonset-dns", "default"),
        ("app.kubernetes.io/name", "ingress-nginx"),
        ("app.kubernetes.io/name", "traefik"),
    )
)
"""Labels of pods that live in a namespace of their own in nearly every cluster."""


class SplitPeer(NamedTuple):
    """A peer of namespaces alone beside one of pods alone, whose pods are those of the other's namespaces (NP108)."""

    namespaces: PodPeer
    pods: PodPeer
    picked: Selection
    """The pods that the two as one peer would pick; nothing where those namespaces are not in the unit."""


def split_peers(cluster: Cluster, policy: NetworkPolicy, rule: Rule) -> Iterator[SplitPeer]:
    """The adjacent peers of a rule that read as one."""
    if not isinstance(rule.peers, tuple):
        return
    taken: list[Peer] = []
    for one, other in zip(rule.peers, rule.peers[1:], strict=False):
        for namespaces, pods in ((one, other), (other, one)):
            if one in taken or not isinstance(namespaces, PodPeer) or not isinstance(pods, PodPeer):
                continue
            split = _split(cluster, policy, namespaces, pods)
            if split:
                taken.extend((one, other))
                yield split[0]


def split_of(cluster: Cluster, policy: NetworkPolicy, rule: Rule, peer: PodPeer) -> tuple[SplitPeer, ...]:
    """The split that a pods-only peer is half of, if it is one."""
    if not isinstance(peer.namespaces, SameNamespace):
        return ()
    return tuple(split for split in split_peers(cluster, policy, rule) if split.pods is peer)


def _split(cluster: Cluster, policy: NetworkPolicy, one: PodPeer, other: PodPeer) -> tuple[SplitPeer, ...]:
    if isinstance(one.namespaces, SameNamespace) or not isinstance(one.pods, AnyPod):
        return ()
    if not isinstance(other.namespaces, SameNamespace) or isinstance(other.pods, AnyPod):
        return ()
    if other.pods.selects_everything or not other.pods.selector.satisfiable():
        return ()
    joined = PodPeer(one.namespaces, other.pods, one.at)
    own = policy.meta.namespace
    picked = cluster.peer_pods(policy, joined)
    abroad = Selection(*(tuple(w for w in part if w.namespace != own) for part in picked))
    if abroad.certain:
        return (SplitPeer(one, other, abroad),)
    if cluster.matching(own, other.pods) or _is_near_miss(cluster, own, other.pods):
        return ()
    if cluster.shows_pods(own) or _is_foreign(other.pods):
        return (SplitPeer(one, other, abroad),)
    return ()


def _is_foreign(selector: LabelSelector) -> bool:
    return any((p.requirement.key, value) in _FOREIGN_LABELS for p in selector.placed for value in p.requirement.values)


def _is_near_miss(cluster: Cluster, namespace: str, selector: LabelSelector) -> bool:
    """Whether a local pod's label is one slip away: then the selector is misspelt rather than split."""
    for workload in cluster.pods_in(namespace):
        for placed in selector.placed:
            carried = workload.labels.get(placed.requirement.key, "")
            if any(nearness(value, carried) is not Nearness.FAR for value in placed.requirement.values):
                return True
    return False
