"""Two peers that read as one: a dash too many turns "these pods of that namespace" into "or"."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.misspelt import pod_slip
from netpol_lint.cluster.namespace_names import gives_names
from netpol_lint.cluster.scopes import picked, scope_of
from netpol_lint.cluster.selection import Selection
from netpol_lint.cluster.unseen import may_exist, show_all_pods, shows_all_pods
from netpol_lint.records import NamedTuple
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

    rule: Rule
    first: int
    """The index of the first of the two in the rule's peers."""
    namespaces: LabelSelector
    pods: LabelSelector
    pod_peer: PodPeer
    picked: Selection
    """The pods that the two as one peer would pick; nothing where those namespaces are not in the unit."""
    local: Selection
    """The pods of the policy's own namespace that the dash admits."""


def split_peers(cluster: Cluster, policy: NetworkPolicy, rule: Rule) -> Iterator[SplitPeer]:
    """The adjacent peers of a rule that read as one; no peer is in two of them."""
    if not isinstance(rule.peers, tuple):
        return
    free = 0
    for first, (one, other) in enumerate(pairwise(rule.peers)):
        if first < free:
            continue
        for split in (
            *_split(cluster, policy, rule, first, one, other),
            *_split(cluster, policy, rule, first, other, one),
        ):
            free = first + 2
            yield split


def _split(
    cluster: Cluster, policy: NetworkPolicy, rule: Rule, first: int, namespaces: Peer, pods: Peer
) -> Iterator[SplitPeer]:
    if not isinstance(namespaces, PodPeer) or not isinstance(pods, PodPeer):
        return
    if isinstance(namespaces.namespaces, SameNamespace) or not isinstance(namespaces.pods, AnyPod):
        return
    if not isinstance(pods.namespaces, SameNamespace) or isinstance(pods.pods, AnyPod):
        return
    if pods.pods.selects_everything or not pods.pods.selector.satisfiable():
        return
    own = policy.meta.namespace
    names = cluster.peer_namespaces(policy, namespaces)
    joined = picked(cluster, names, pods.pods)
    abroad = Selection(*(tuple(w for w in part if w.namespace != own) for part in joined))
    local = cluster.matching(own, pods.pods)
    lacking = gives_names(namespaces.namespaces, names) and show_all_pods(cluster, names) and not joined
    if abroad.certain or (not local and not lacking and _is_of_others(cluster, own, pods.pods)):
        yield SplitPeer(rule, first, namespaces.namespaces, pods.pods, pods, abroad, local)


def _is_of_others(cluster: Cluster, own: str, pods: LabelSelector) -> bool:
    """Whether pods that match nothing in a namespace are not meant to be there, rather than misspelt."""
    scope = scope_of(cluster, (own,))
    if pod_slip(scope, pods) or may_exist(cluster, (own,), pods) or scope.controllers(pods.selector):
        return False
    return shows_all_pods(cluster, own) or is_foreign(pods)


def is_foreign(pods: LabelSelector) -> bool:
    """Whether a selector asks for pods that have a namespace of their own in nearly every cluster."""
    return any((p.requirement.key, value) in _FOREIGN_LABELS for p in pods.placed for value in p.requirement.values)
