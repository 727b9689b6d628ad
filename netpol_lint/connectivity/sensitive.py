"""Sensitive ports that pods and addresses nobody chose may reach, as the policies of all tiers together have it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from netpol_lint.algebra.addresses import AddressSet
from netpol_lint.algebra.ports import EVERY_PORT, NO_PORT, PortSet
from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.explained_rules import explained_rules
from netpol_lint.cluster.listening import known_ports
from netpol_lint.cluster.published_ports import is_port_published
from netpol_lint.cluster.sensitive_ports import SENSITIVE_PORTS, SensitivePort, is_ordinary
from netpol_lint.connectivity.endpoints import End, Outside, Pod
from netpol_lint.records import NamedTuple
from netpol_lint.resources.namespace import NAME_LABEL
from netpol_lint.resources.policy import (
    AnyPod,
    Direction,
    Everyone,
    EveryPort,
    IPBlock,
    NetworkPolicy,
    Peer,
    PortRange,
    Protocol,
    Rule,
    SameNamespace,
)
from netpol_lint.resources.workload import Workload
from netpol_lint.source.location import Location

_WIDEST: Final = {4: 24, 6: 64}
"""The prefix of one network, whose machines somebody may know."""
_NAMESPACE: Final = "a-namespace-that-no-policy-names"


class SensitiveOpening(NamedTuple):
    """A rule that lets those whom nobody chose reach sensitive ports (NP306)."""

    policy: NetworkPolicy
    rule: Rule
    peers: tuple[Peer, ...]
    """The peers that choose nobody; none where the rule is for everyone."""
    at: Location
    pods: tuple[Workload, ...]
    ports: tuple[SensitivePort, ...]
    """Each open on one of the pods at least."""


def sensitive_openings(cluster: Cluster) -> tuple[SensitiveOpening, ...]:
    """The rules that do so, in source order; none that another finding explains."""
    return tuple(cluster.once(_by_rule).values())


def opens_sensitive_ports(cluster: Cluster, rule: Rule) -> bool:
    """Whether NP306 says of a rule that it is open, so that it needs no other finding."""
    return rule.direction is Direction.INGRESS and rule.at in cluster.once(_by_rule)


def _by_rule(cluster: Cluster) -> Mapping[Location, SensitiveOpening]:
    return {opening.rule.at: opening for policy in cluster.policies for opening in _openings(cluster, policy)}


def _openings(cluster: Cluster, policy: NetworkPolicy) -> Iterator[SensitiveOpening]:
    for rule in policy.rules(Direction.INGRESS):
        peers = tuple(peer for peer in rule.peers if _chooses_nobody(peer)) if isinstance(rule.peers, tuple) else ()
        if not peers and not isinstance(rule.peers, Everyone):
            continue
        selected = cluster.selected_by(policy).certain
        named = _only_named(cluster, rule, selected)
        open_ports = [
            (workload, ports)
            for workload in selected
            if (ports := tuple(_open_ports(cluster, workload, rule, peers, named)))
        ]
        if open_ports and rule.at not in explained_rules(cluster, policy, Direction.INGRESS):
            pods = tuple(workload for workload, _ in open_ports)
            found = tuple(sorted({port for _, ports in open_ports for port in ports}))
            at = rule.peers.at if isinstance(rule.peers, Everyone) else peers[0].at
            yield SensitiveOpening(policy, rule, peers, at, pods, found)


def _chooses_nobody(peer: Peer) -> bool:
    """Whether a peer means pods without any label in namespaces without any, or more addresses than one network."""
    if isinstance(peer, IPBlock):
        return peer.cidr.prefixlen < _WIDEST[peer.cidr.version]
    if isinstance(peer.namespaces, SameNamespace):
        return False
    anyones = peer.namespaces.selector.matches({NAME_LABEL: _NAMESPACE})
    return anyones and (isinstance(peer.pods, AnyPod) or peer.pods.selector.matches({}))


def _open_ports(
    cluster: Cluster, workload: Workload, rule: Rule, peers: tuple[Peer, ...], named: frozenset[int]
) -> Iterator[SensitivePort]:
    """The sensitive ports of a workload's pods that a rule opens, and that no other tier closes again."""
    candidates = sorted((_known(cluster, workload) | named) & SENSITIVE_PORTS.keys())
    unpublished = [n for n in candidates if not is_port_published(cluster, workload, (Protocol.TCP, n))]
    if unpublished:
        reachable = _reachable(cluster, workload, rule, peers)
        yield from (SENSITIVE_PORTS[number] for number in unpublished if reachable.has("TCP", number))


def _known(cluster: Cluster, workload: Workload) -> frozenset[int]:
    """The TCP ports on which a workload's pods are known to listen, and that are not known to be of something else.

    They have no name that says so, and are not of a container that somebody puts beside the program of an operator.
    """
    beside = {port.port for port in workload.ports if workload.by_operator and port.at != workload.meta.at}
    ordinary = beside.union(port.port for port in workload.ports if is_ordinary(port.name))
    known = (number for protocol, number in known_ports(cluster, workload) if protocol is Protocol.TCP)
    return frozenset(number for number in known if number not in ordinary)


def _only_named(cluster: Cluster, rule: Rule, pods: tuple[Workload, ...]) -> frozenset[int]:
    """The TCP ports that a rule names and on which none of the pods is known to listen: it may be any of them."""
    entries = () if isinstance(rule.ports, EveryPort) else rule.ports
    targets = [entry.target for entry in entries if entry.protocol is Protocol.TCP]
    numbers = frozenset(
        t.first for t in targets if isinstance(t, PortRange) and t.first == t.last and t.first in SENSITIVE_PORTS
    )
    listened = (
        number for workload in pods for protocol, number in known_ports(cluster, workload) if protocol is Protocol.TCP
    )
    return numbers.difference(listened) if numbers else numbers


def _reachable(cluster: Cluster, workload: Workload, rule: Rule, peers: tuple[Peer, ...]) -> PortSet:
    """The rule's ports that those it means without choosing them may open on a workload's pods."""
    from netpol_lint.connectivity.lowering.networking import ports_of
    from netpol_lint.connectivity.matching import ports_match
    from netpol_lint.connectivity.network import Network

    network = Network.of(cluster)
    pod = network.pods.get(workload.id)
    if pod is None:
        return NO_PORT
    reachable = NO_PORT
    for source in _sources(cluster, peers):
        reachable |= network.traffic(source, pod).allowed
    meant = EVERY_PORT if isinstance(rule.ports, EveryPort) else ports_match(ports_of(rule.ports), pod).sure
    return reachable & meant


def _sources(cluster: Cluster, peers: tuple[Peer, ...]) -> Iterator[End]:
    """For each kind of those that are meant one of them: ingress rules of other tiers know no addresses."""
    from netpol_lint.connectivity.lowering.networking import network_addresses

    for peer in peers:
        if not isinstance(peer, IPBlock):
            continue
        excluded = AddressSet.union(network_addresses(network) for network, _ in peer.exceptions)
        addresses = network_addresses(peer.cidr) - excluded
        for first, _ in tuple(addresses.spans())[:1]:
            yield Outside(AddressSet((first, first + 1)))
    if not peers or any(not isinstance(peer, IPBlock) for peer in peers):
        yield cluster.once(_stranger)


def _stranger(cluster: Cluster) -> Pod:
    from netpol_lint.connectivity.network import Network

    return Network.of(cluster).future_pod(_NAMESPACE, _NAMESPACE, {})
