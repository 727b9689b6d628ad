"""Cluster-tier policies that deny everything to all pods of a namespace: a default-deny by the administrator."""

from __future__ import annotations

from netpol_lint.resources.cluster_policy import Action, ClusterPeer, ClusterPolicy, ClusterRule, NetworksPeer
from netpol_lint.resources.namespace import Namespace
from netpol_lint.resources.policy import AnyPod, Direction, EveryPort, PodPeer, SameNamespace


def applies_to_all_of(policy: ClusterPolicy, namespace: Namespace) -> bool:
    """Whether every pod of a namespace, future ones included, is subject to it."""
    pods = policy.subject.pods
    every_pod = isinstance(pods, AnyPod) or pods.selects_everything
    return every_pod and policy.subject.namespaces.selector.matches(namespace.labels)


def denies_everything(policy: ClusterPolicy, direction: Direction) -> bool:
    """Whether it denies a direction but for what earlier rules admit, unless one of those admits everyone.

    For ingress every pod is everyone, as no rule can mean more; for egress every IPv4 address is.
    """
    for rule in policy.rules(direction):
        if isinstance(rule.ports, EveryPort) and _means_everyone(rule):
            return rule.action is Action.DENY
    return False


def _means_everyone(rule: ClusterRule) -> bool:
    return any(_is_everyone(peer, rule.direction) for peer in rule.peers)


def _is_everyone(peer: ClusterPeer, direction: Direction) -> bool:
    if direction is Direction.EGRESS:
        return isinstance(peer, NetworksPeer) and any(network.prefixlen == 0 for network, _ in peer.networks)
    if not isinstance(peer, PodPeer) or isinstance(peer.namespaces, SameNamespace):
        return False
    return peer.namespaces.selects_everything and (isinstance(peer.pods, AnyPod) or peer.pods.selects_everything)
