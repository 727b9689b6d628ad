"""Whether one rule, peer or port admits at least what another one does, for every label set there may be."""

from __future__ import annotations

from typing import Final

from netpol_lint.algebra.addresses import AddressSet, block
from netpol_lint.algebra.labels import EVERYTHING, Selector
from netpol_lint.resources.policy import (
    AllOfProtocol,
    AnyPod,
    Everyone,
    EveryPort,
    IPBlock,
    NamedPort,
    Network,
    Peer,
    PodPeer,
    PortEntry,
    PortRange,
    PortTarget,
    Rule,
    SameNamespace,
)

_LAST_PORT: Final = 65535


def rule_covers(one: Rule, other: Rule) -> bool:
    """Whether one rule admits, for the same pods, all that another one does, whatever pods there will be."""
    return _peers_cover(one, other) and ports_cover(one, other)


def _peers_cover(one: Rule, other: Rule) -> bool:
    if isinstance(one.peers, Everyone):
        return True
    if isinstance(other.peers, Everyone):
        return False
    peers = one.peers
    return all(any(peer_covers(cover, peer) for cover in peers) for peer in other.peers)


def ports_cover(one: Rule, other: Rule) -> bool:
    """Whether one rule is for all the ports that another one is for, each of them by one entry."""
    if isinstance(one.ports, EveryPort):
        return True
    if isinstance(other.ports, EveryPort):
        return False
    ports = one.ports
    return all(any(port_covers(cover, entry) for cover in ports) for entry in other.ports)


def peer_covers(one: Peer, other: Peer) -> bool:
    """Whether one peer means at least whom another one does; blocks never cover pods, nor pods blocks."""
    if isinstance(one, IPBlock) and isinstance(other, IPBlock):
        return _block_covers(one, other)
    if isinstance(one, PodPeer) and isinstance(other, PodPeer):
        means_some = pods_of(other).satisfiable()  # one that means nobody is a mistake of its own (NP107)
        return means_some and pods_of(other).implies(pods_of(one)) and _namespaces_cover(one, other)
    return False


def pods_of(peer: PodPeer) -> Selector:
    """The labels that a peer asks of pods."""
    return EVERYTHING if isinstance(peer.pods, AnyPod) else peer.pods.selector


def _namespaces_cover(one: PodPeer, other: PodPeer) -> bool:
    if isinstance(one.namespaces, SameNamespace):
        return isinstance(other.namespaces, SameNamespace)
    if isinstance(other.namespaces, SameNamespace):
        return one.namespaces.selects_everything
    return other.namespaces.selector.implies(one.namespaces.selector)


def _block_covers(one: IPBlock, other: IPBlock) -> bool:
    return addresses_of(one).covers(addresses_of(other))


def addresses_of(peer: IPBlock) -> AddressSet:
    """The addresses of a block without its exceptions."""
    return _network(peer.cidr) - AddressSet.union(_network(network) for network, _ in peer.exceptions)


def _network(network: Network) -> AddressSet:
    return block(network.version, int(network.network_address), network.prefixlen)


def port_covers(one: PortEntry, other: PortEntry) -> bool:
    """Whether one entry admits at least the ports of another one, on every pod."""
    if one.protocol is not other.protocol:
        return False
    if isinstance(one.target, NamedPort) or isinstance(other.target, NamedPort):
        return one.target == other.target or _is_every(one.target)
    (first, last), (start, end) = _range(one.target), _range(other.target)
    return first <= start and end <= last


def _is_every(target: PortTarget) -> bool:
    return not isinstance(target, NamedPort) and _range(target) == (1, _LAST_PORT)


def _range(target: AllOfProtocol | PortRange) -> tuple[int, int]:
    return (1, _LAST_PORT) if isinstance(target, AllOfProtocol) else (target.first, target.last)
