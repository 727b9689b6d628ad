"""Whether two policies, rules or peers say the same, wherever they are written."""

from __future__ import annotations

from collections.abc import Hashable

from netpol_lint.resources.policy import (
    Direction,
    Everyone,
    EveryPort,
    IPBlock,
    NetworkPolicy,
    Peer,
    PortEntry,
    Rule,
)
from netpol_lint.resources.selectors import LabelSelector


def policy_content(policy: NetworkPolicy) -> Hashable:
    """What a policy does: equal for policies of the same pods, directions and rules, in any order."""
    rules = frozenset(rule_content(rule) for direction in Direction for rule in policy.rules(direction))
    return policy.pod_selector.selector, policy.types, rules


def rule_content(rule: Rule) -> Hashable:
    """What a rule admits: its direction, peers and ports, in any order."""
    peers = "everyone" if isinstance(rule.peers, Everyone) else frozenset(peer_content(peer) for peer in rule.peers)
    ports = "every port" if isinstance(rule.ports, EveryPort) else frozenset(port_content(port) for port in rule.ports)
    return rule.direction, peers, ports


def peer_content(peer: Peer) -> Hashable:
    """Whom a peer means."""
    if isinstance(peer, IPBlock):
        return peer.cidr, frozenset(network for network, _ in peer.exceptions)
    return _selector(peer.namespaces), _selector(peer.pods)


def port_content(entry: PortEntry) -> Hashable:
    """What an entry of `ports` means."""
    return entry.protocol, entry.target


def _selector(part: Hashable) -> Hashable:
    return part.selector if isinstance(part, LabelSelector) else part
