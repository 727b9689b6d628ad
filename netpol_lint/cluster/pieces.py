"""What a rule, peer or port admits in pieces from which others take away what they admit: what is left, they lack.

Ends are pods in terms of labels, or addresses; names of ports are names, whatever they stand for. So the answers hold
for whatever pods there will be.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from itertools import product
from typing import Final, TypeAlias

from netpol_lint.algebra.addresses import AddressSet
from netpol_lint.algebra.labels import EVERYTHING, Operator, Selector
from netpol_lint.algebra.ports import EVERY_PORT, PortSet, ports
from netpol_lint.cluster.rule_covering import addresses_of, pods_of, port_covers
from netpol_lint.cluster.sieve import Marks
from netpol_lint.records import NamedTuple
from netpol_lint.resources.policy import (
    NOWHERE,
    AllOfProtocol,
    Everyone,
    EveryPort,
    IPBlock,
    NamedPort,
    Peer,
    PodPeer,
    PortEntry,
    PortRange,
    Rule,
    SameNamespace,
)

_ANYONE: Final = Everyone(NOWHERE, written=False)
_ANY_PORT: Final = EveryPort(NOWHERE, written=False)
_WIDTH: Final = {4: 32, 6: 128}


class Pods(NamedTuple):
    """Pods with some labels, in the policy's own namespace or in namespaces with some labels."""

    in_own: bool
    namespaces: Selector
    pods: Selector


Ends: TypeAlias = Everyone | Pods | AddressSet
Ports: TypeAlias = PortSet | PortEntry
"""An entry where it is a name."""


class Piece(NamedTuple):
    """Some ends with some ports."""

    ends: Ends
    ports: Ports


class Admitted(NamedTuple):
    """Peers and ports as they are written."""

    peers: Everyone | tuple[Peer, ...]
    ports: EveryPort | tuple[PortEntry, ...]


def admitted(part: Rule | Peer | PortEntry) -> Admitted:
    """What a rule, a peer on every port, or a port for everyone admits."""
    match part:
        case Rule():
            return Admitted(part.peers, part.ports)
        case PortEntry():
            return Admitted(_ANYONE, (part,))
        case peer:
            return Admitted((peer,), _ANY_PORT)


def pieces_of(what: Admitted) -> Iterator[Piece]:
    """The pieces it is made of; none if one of its peers means nobody."""
    ends = (_ANYONE,) if isinstance(what.peers, Everyone) else tuple(map(_ends, what.peers))
    if not all(isinstance(one, Everyone) or _means_some(one) for one in ends):
        return
    numbers = (EVERY_PORT,) if isinstance(what.ports, EveryPort) else tuple(map(_ports, what.ports))
    for both in product(ends, numbers):
        yield Piece(*both)


def _ends(peer: Peer) -> Pods | AddressSet:
    if isinstance(peer, IPBlock):
        return addresses_of(peer)
    return _pods(peer)


def _pods(peer: PodPeer) -> Pods:
    if isinstance(peer.namespaces, SameNamespace):
        return Pods(True, EVERYTHING, pods_of(peer))
    return Pods(False, peer.namespaces.selector, pods_of(peer))


def _ports(entry: PortEntry) -> Ports:
    match entry.target:
        case NamedPort():
            return entry
        case AllOfProtocol():
            return ports(entry.protocol.value)
        case target:
            return ports(entry.protocol.value, target.first, target.last)


def _means_some(ends: Pods | AddressSet) -> bool:
    return ends.pods.satisfiable() and ends.namespaces.satisfiable() if isinstance(ends, Pods) else bool(ends)


# -- taking away --------------------------------------------------------------------------------------------


def left_of(piece: Piece, cover: Admitted) -> list[Piece]:
    """What is left of a piece where a cover admits its part of it; the piece itself where it admits nothing of it."""
    left = [piece]
    for peer, entry in product(_peers(cover), _entries(cover)):
        left = [rest for one in left for rest in _without(one, peer, entry)]
    return left


def _without(piece: Piece, peer: Everyone | Peer, entry: EveryPort | PortEntry) -> Iterator[Piece]:
    common, other_ends = _split(piece.ends, peer)
    other_ports = _other_ports(piece.ports, entry)
    if not common or other_ports == [piece.ports]:
        yield piece
        return
    yield from (Piece(ends, piece.ports) for ends in other_ends)
    yield from (Piece(one, rest) for one in common for rest in other_ports)


def _split(ends: Ends, peer: Everyone | Peer) -> tuple[list[Ends], list[Ends]]:
    """The ends that a peer means too, and the others."""
    if isinstance(peer, Everyone):
        return [ends], []
    meant = _ends(peer)
    if isinstance(ends, Pods) and isinstance(meant, Pods):
        return _split_pods(ends, meant)
    if isinstance(ends, AddressSet) and isinstance(meant, AddressSet):
        return [one for one in (ends & meant,) if one], [one for one in (ends - meant,) if one]
    return [], [ends]


def _split_pods(own: Pods, meant: Pods) -> tuple[list[Ends], list[Ends]]:
    """Of the own namespace it is only known that it is one."""
    if own.in_own is not meant.in_own and not (own.in_own and meant.namespaces.selects_everything):
        return [], [own]
    common = Pods(own.in_own, own.namespaces.both(meant.namespaces), own.pods.both(meant.pods))
    if not _means_some(common):
        return [], [own]
    others = [own._replace(namespaces=rest) for rest in own.namespaces.minus(meant.namespaces)]
    others += (common._replace(pods=rest) for rest in own.pods.minus(meant.pods))
    return [common], [*others]


def _other_ports(own: Ports, entry: EveryPort | PortEntry) -> list[Ports]:
    """The ports that an entry does not open."""
    if isinstance(entry, EveryPort):
        return []
    if isinstance(own, PortEntry):
        return [] if port_covers(entry, own) else [own]
    opened = _ports(entry)
    rest = own if isinstance(opened, PortEntry) else own - opened
    return [rest] if rest else []


# -- marks --------------------------------------------------------------------------------------------------


def demanded_by(cover: Admitted) -> list[Marks]:
    """For the parts of a cover the marks that whatever they admit some of has."""
    ends = [()] if isinstance(cover.peers, Everyone) else [_marks_of_peer(peer) for peer in cover.peers]
    entries = [()] if isinstance(cover.ports, EveryPort) else [_marks_of_port(entry) for entry in cover.ports]
    if len(ends) > 1 and len(entries) > 1:
        entries = [()]  # every pair of them would be a long list
    return [(*one, *other) for one, other in product(ends, entries)]


def shown_by(piece: Piece) -> Iterator[Hashable]:
    """The marks of one connection in a piece: what admits it demands no others."""
    ends, numbers = piece
    if isinstance(ends, Pods):
        yield from _marks_of_pods(ends.in_own, ends.namespaces.example(), ends.pods.example())
    elif isinstance(ends, AddressSet):
        version, base, _ = next(ends.blocks())
        width = _WIDTH[version]
        yield from ((version, prefix, base >> (width - prefix)) for prefix in range(width + 1))
    if isinstance(numbers, PortEntry):
        yield from ((numbers.protocol.value,), (numbers.protocol.value, numbers.target))
    else:
        protocol, first, _ = next(numbers.port_spans())
        yield from ((protocol,), (protocol, first))


def admits_shown(cover: Admitted, piece: Piece) -> bool:
    """Whether a cover admits the connection of a piece that `shown_by` shows."""
    return any(_means(peer, piece.ends) for peer in _peers(cover)) and any(
        _opens(entry, piece.ports) for entry in _entries(cover)
    )


def _means(peer: Everyone | Peer, ends: Ends) -> bool:
    if isinstance(peer, Everyone) or isinstance(ends, Everyone):
        return isinstance(peer, Everyone)
    meant = _ends(peer)
    if isinstance(ends, Pods) and isinstance(meant, Pods):
        if ends.in_own is not meant.in_own:
            namespaces = ends.in_own and meant.namespaces.selects_everything
        else:
            namespaces = meant.namespaces.matches(ends.namespaces.example())
        return namespaces and meant.pods.matches(ends.pods.example())
    return isinstance(ends, AddressSet) and isinstance(meant, AddressSet) and ends.bounds[0] in meant


def _opens(entry: EveryPort | PortEntry, own: Ports) -> bool:
    if isinstance(entry, EveryPort):
        return True
    if isinstance(own, PortEntry):
        return port_covers(entry, own)
    opened = _ports(entry)
    return isinstance(opened, PortSet) and own.bounds[0] in opened


def _peers(cover: Admitted) -> tuple[Everyone | Peer, ...]:
    return (cover.peers,) if isinstance(cover.peers, Everyone) else cover.peers


def _entries(cover: Admitted) -> tuple[EveryPort | PortEntry, ...]:
    return (cover.ports,) if isinstance(cover.ports, EveryPort) else cover.ports


def _marks_of_peer(peer: Peer) -> Marks:
    if isinstance(peer, IPBlock):
        cidr = peer.cidr
        width = _WIDTH[cidr.version]
        return ((cidr.version, cidr.prefixlen, int(cidr.network_address) >> (width - cidr.prefixlen)),)
    in_own, namespaces, pods = _pods(peer)
    return tuple(_marks_of_pods(in_own, dict(single_labels(namespaces)), dict(single_labels(pods))))


def _marks_of_pods(in_own: bool, namespaces: Mapping[str, str], pods: Mapping[str, str]) -> Iterator[Hashable]:
    yield "pods"
    if in_own:
        yield "pods of the own namespace"
    yield from (("namespace", *label) for label in namespaces.items())
    yield from (("pod", *label) for label in pods.items())


def _marks_of_port(entry: PortEntry) -> Marks:
    protocol = entry.protocol.value
    if isinstance(entry.target, PortRange) and entry.target.first == entry.target.last:
        return ((protocol, entry.target.first),)
    return ((protocol, entry.target) if isinstance(entry.target, NamedPort) else (protocol,),)


def single_labels(selector: Selector) -> Iterator[tuple[str, str]]:
    """The labels of which a selector gives the one value."""
    for key, operator, values in selector.requirements:
        if operator is Operator.IN and len(values) == 1:
            yield key, next(iter(values))
