"""What a policy denies by default: whom it isolates, and whether it then admits everyone again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from netpol_lint.records import NamedTuple
from netpol_lint.resources.policy import (
    AllOfProtocol,
    AnyPod,
    Direction,
    Everyone,
    EveryPort,
    IPBlock,
    NetworkPolicy,
    Peer,
    PortEntry,
    PortRange,
    Protocol,
    Rule,
    SameNamespace,
)
from netpol_lint.source.location import Location

_LAST_PORT: Final = 65535


class Opening(NamedTuple):
    """A rule that admits everyone, so that nothing is left of what its policy denies."""

    rule: Rule
    at: Location
    """The smallest text that opens: the peer, the empty `from`, or the rule."""
    outside: bool
    """Whether it admits addresses outside the cluster too, and not just every pod of every namespace."""
    ports: str
    """` on every TCP port`, or nothing for every port."""

    @property
    def everyone(self) -> str:
        """Whom it admits."""
        return "everyone" if self.outside else "every pod of every namespace"


def is_default_deny(policy: NetworkPolicy, direction: Direction) -> bool:
    """Whether it isolates every pod of its namespace, future ones included, and does not admit everyone.

    One that admits only its own namespace counts: it denies by default what comes from elsewhere. So does one that
    admits everyone on some ports.
    """
    return covers_namespace(policy, direction) and not any(True for _ in openings(policy, direction))


def covers_namespace(policy: NetworkPolicy, direction: Direction) -> bool:
    """Whether it isolates every pod of its namespace, whatever labels a future one has."""
    return policy.pod_selector.selects_everything and policy.isolates(direction)


def openings(policy: NetworkPolicy, direction: Direction) -> Iterator[Opening]:
    """The rules that admit everyone on every port, or at least on every TCP port.

    For ingress, every pod of every namespace is everyone: no pod of the cluster is kept out. For egress it is not: what
    leaves the cluster is still denied.
    """
    for rule in policy.rules(direction):
        if not opens_every_port(rule):
            continue
        ports = "" if isinstance(rule.ports, EveryPort) else " on every TCP port"
        if isinstance(rule.peers, Everyone):
            yield Opening(rule, rule.peers.at, True, ports)
            continue
        for peer in rule.peers:
            if _is_every_address(peer):
                yield Opening(rule, peer.at, True, ports)
                break
            if direction is Direction.INGRESS and is_every_pod(peer):
                yield Opening(rule, peer.at, False, ports)
                break


def opens_every_port(rule: Rule) -> bool:
    """Whether it is about every port, or at least about every TCP port."""
    return isinstance(rule.ports, EveryPort) or any(_is_every_tcp_port(entry) for entry in rule.ports)


def _is_every_tcp_port(entry: PortEntry) -> bool:
    every = isinstance(entry.target, AllOfProtocol) or entry.target == PortRange(1, _LAST_PORT)
    return every and entry.protocol is Protocol.TCP


def _is_every_address(peer: Peer) -> bool:
    """Every address of a family, pods' included."""
    return isinstance(peer, IPBlock) and peer.cidr.prefixlen == 0 and not peer.exceptions


def is_every_pod(peer: Peer) -> bool:
    """Whether a peer is every pod of every namespace, without any choice."""
    if isinstance(peer, IPBlock) or isinstance(peer.namespaces, SameNamespace):
        return False
    return peer.namespaces.selects_everything and (isinstance(peer.pods, AnyPod) or peer.pods.selects_everything)
