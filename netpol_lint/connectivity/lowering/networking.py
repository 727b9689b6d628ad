"""networking.k8s.io/v1 NetworkPolicy in the common form: allow rules only, and whoever is selected is isolated."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from netpol_lint.algebra.addresses import AddressSet, block
from netpol_lint.algebra.labels import EVERYTHING
from netpol_lint.algebra.ports import EVERY_PORT, PortSet, ports
from netpol_lint.cluster.cluster import Cluster
from netpol_lint.connectivity import form
from netpol_lint.connectivity.form import ALL_PORTS, EVERYONE, Peers, Pods, PortName
from netpol_lint.connectivity.lowering.undecided import rejected_policies
from netpol_lint.resources.cluster_policy import Action
from netpol_lint.resources.policy import (
    AllOfProtocol,
    AnyPod,
    Direction,
    Everyone,
    EveryPort,
    IPBlock,
    NamedPort,
    Network,
    NetworkPolicy,
    PodPeer,
    PortEntry,
    PortRange,
    Rule,
    SameNamespace,
)

TIER: Final = "NetworkPolicy"


def policies(cluster: Cluster) -> list[form.Policy]:
    """The NetworkPolicies of a cluster, those the API server rejects included, with that doubt."""
    return [*(_policy(policy) for policy in cluster.policies), *rejected_policies(cluster)]


def _policy(policy: NetworkPolicy) -> form.Policy:
    namespace = policy.meta.namespace
    rules: Mapping[Direction, tuple[form.Rule, ...]] = {
        direction: tuple(_rule(rule, namespace) for rule in policy.rules(direction)) for direction in Direction
    }
    return form.Policy(
        f"{namespace}/{policy.meta.name}",
        TIER,
        Pods(policy.pod_selector.selector, namespace=namespace),
        rules[Direction.INGRESS],
        rules[Direction.EGRESS],
        policy.pod_selector.at,
        isolates=policy.types,
    )


def _rule(rule: Rule, namespace: str) -> form.Rule:
    peers = EVERYONE
    if not isinstance(rule.peers, Everyone):
        pods = tuple(pods_of(peer, namespace) for peer in rule.peers if isinstance(peer, PodPeer))
        addresses = AddressSet.union(_addresses(peer) for peer in rule.peers if isinstance(peer, IPBlock))
        peers = Peers(pods=pods, addresses=addresses)
    ports_meant = ALL_PORTS if isinstance(rule.ports, EveryPort) else ports_of(rule.ports)
    pointer = f"spec.{rule.direction.field}[{rule.position}]"
    return form.Rule(Action.ALLOW, peers, ports_meant, pointer, rule.at)


def pods_of(peer: PodPeer, namespace: str = "", *, host_network: bool = True) -> Pods:
    """The pods a peer means; `namespace` is the policy's own."""
    pods = EVERYTHING if isinstance(peer.pods, AnyPod) else peer.pods.selector
    if isinstance(peer.namespaces, SameNamespace):
        return Pods(pods, namespace=namespace, host_network=host_network)
    return Pods(pods, peer.namespaces.selector, host_network=host_network)


def network_addresses(network: Network) -> AddressSet:
    """The addresses of one block."""
    return block(network.version, int(network.network_address), network.prefixlen)


def _addresses(peer: IPBlock) -> AddressSet:
    return network_addresses(peer.cidr) - AddressSet.union(network_addresses(one) for one, _ in peer.exceptions)


def ports_of(entries: tuple[PortEntry, ...]) -> form.Ports:
    """The ports of a list of entries."""
    several: list[PortSet] = []
    names: list[PortName] = []
    for entry in entries:
        match entry.target:
            case NamedPort(name=name):
                names.append(PortName(name, entry.protocol.value))
            case AllOfProtocol() | PortRange() as target:
                several.append(_numbers(entry.protocol.value, target))
    numbers = PortSet.union(several)
    return form.Ports(EVERY_PORT if numbers == EVERY_PORT else numbers, tuple(names))


def _numbers(protocol: str, target: AllOfProtocol | PortRange) -> PortSet:
    return ports(protocol) if isinstance(target, AllOfProtocol) else ports(protocol, target.first, target.last)
