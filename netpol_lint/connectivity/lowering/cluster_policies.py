"""AdminNetworkPolicy, BaselineAdminNetworkPolicy and ClusterNetworkPolicy in the common form."""

from __future__ import annotations

from collections.abc import Iterator

from netpol_lint.algebra.addresses import NO_ADDRESS, AddressSet
from netpol_lint.algebra.labels import EVERYTHING
from netpol_lint.cluster.cluster import Cluster
from netpol_lint.connectivity import form
from netpol_lint.connectivity.addresses import address_set
from netpol_lint.connectivity.form import ALL_PORTS, EVERYONE, NOBODY, Peers, Pods, PortName
from netpol_lint.connectivity.lowering.networking import network_addresses, pods_of, ports_of
from netpol_lint.resources.cluster_policy import (
    Action,
    ClusterPolicy,
    ClusterRule,
    ClusterTier,
    DomainNamesPeer,
    NamedPortEntry,
    NetworksPeer,
    NodesPeer,
    Subject,
    UnknownPeer,
)
from netpol_lint.resources.policy import AnyPod, EveryPort, PodPeer, PortEntry
from netpol_lint.resources.selectors import LabelSelector


def policies(cluster: Cluster, tier: ClusterTier) -> Iterator[tuple[int, form.Policy]]:
    """The policies of one tier with their priorities."""
    for policy in cluster.cluster_policies:
        if policy.tier is tier:
            yield policy.priority, _policy(policy, cluster)


def subjects_of(subject: Subject) -> Pods:
    """The pods a subject means, hostNetwork ones never."""
    pods = EVERYTHING if isinstance(subject.pods, AnyPod) else subject.pods.selector
    return Pods(pods, subject.namespaces.selector, host_network=False)


def _policy(policy: ClusterPolicy, cluster: Cluster) -> form.Policy:
    return form.Policy(
        policy.meta.name,
        policy.meta.ref.kind,
        subjects_of(policy.subject),
        tuple(_rule(rule, cluster) for rule in policy.ingress),
        tuple(_rule(rule, cluster) for rule in policy.egress),
        policy.subject.at,
    )


def _rule(rule: ClusterRule, cluster: Cluster) -> form.Rule:
    pointer = f"spec.{rule.direction.field}[{rule.index}]"
    ports = ALL_PORTS if isinstance(rule.ports, EveryPort) else _ports(rule.ports)
    if any(isinstance(peer, UnknownPeer) for peer in rule.peers):
        # It fails closed: an allow rule matches nothing, any other is a "deny all" (of all ports too).
        if rule.action is Action.ALLOW:
            return form.Rule(Action.ALLOW, NOBODY, ports, pointer, rule.at)
        return form.Rule(Action.DENY, EVERYONE, ALL_PORTS, pointer, rule.at)
    return form.Rule(rule.action, _peers(rule, cluster), ports, pointer, rule.at)


def _peers(rule: ClusterRule, cluster: Cluster) -> Peers:
    pods: list[Pods] = []
    addresses = NO_ADDRESS
    perhaps_nodes = perhaps_named = False
    for peer in rule.peers:
        match peer:
            case PodPeer():
                pods.append(pods_of(peer, host_network=False))
            case NetworksPeer():
                for network, _ in peer.networks:
                    addresses |= network_addresses(network)
            case NodesPeer():
                addresses |= _node_addresses(peer.nodes, cluster)
                perhaps_nodes = perhaps_nodes or not cluster.nodes
            case DomainNamesPeer():
                perhaps_named = True
            case UnknownPeer():
                pass
    return Peers(False, tuple(pods), addresses, perhaps_nodes, perhaps_named)


def _node_addresses(selector: LabelSelector, cluster: Cluster) -> AddressSet:
    addresses = NO_ADDRESS
    for node in cluster.nodes:
        if selector.selector.matches(node.labels):
            for text in node.addresses:
                addresses |= address_set(text)
    return addresses


def _ports(entries: tuple[PortEntry | NamedPortEntry, ...]) -> form.Ports:
    numbered = ports_of(tuple(entry for entry in entries if isinstance(entry, PortEntry)))
    names = tuple(PortName(entry.name) for entry in entries if isinstance(entry, NamedPortEntry))
    return form.Ports(numbered.numbers, names)
