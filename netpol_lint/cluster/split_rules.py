"""Two rules that read as one: a dash before `ports` turns "these peers on these ports" into "or"."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.resources.policy import (
    Direction,
    Everyone,
    EveryPort,
    NamedPort,
    NetworkPolicy,
    PortEntry,
    PortRange,
    Protocol,
    Rule,
)

_DNS_PORTS: Final = frozenset((53, 5353))
_WEB_PORTS: Final = frozenset((80, 443))
_DNS_NAMES: Final = ("dns", "domain")
_PUBLISHED: Final = frozenset(("LoadBalancer", "NodePort"))


class SplitRule(NamedTuple):
    """A rule of peers alone beside one of ports alone (NP109)."""

    peers: Rule
    ports: Rule
    entries: tuple[PortEntry, ...]


def split_rules(cluster: Cluster, policy: NetworkPolicy, direction: Direction) -> Iterator[SplitRule]:
    """The adjacent rules of a direction that read as one.

    Someone who writes further rules of peers alone, or of ports alone, writes them on purpose.
    """
    if not any(_peers_alone(rule) for rule in policy.rules(direction)):
        return
    rules = [rule for rule in policy.rules(direction) if not _is_meant_alone(cluster, policy, rule)]
    pairs: list[SplitRule] = []
    alone = index = 0
    while index < len(rules):
        pair = _pair(*rules[index : index + 2]) if index + 1 < len(rules) else ()
        pairs.extend(pair)
        alone += not pair and (_peers_alone(rules[index]) or bool(_ports_alone(rules[index])))
        index += 2 if pair else 1
    if not alone:
        yield from pairs


def _pair(one: Rule, other: Rule) -> tuple[SplitRule, ...]:
    if abs(one.index - other.index) != 1:
        return ()
    for peers, ports in ((one, other), (other, one)):
        entries = _ports_alone(ports)
        if entries and _peers_alone(peers):
            return (SplitRule(peers, ports, entries),)
    return ()


def _peers_alone(rule: Rule) -> bool:
    return not isinstance(rule.peers, Everyone) and isinstance(rule.ports, EveryPort) and not rule.ports.written


def _ports_alone(rule: Rule) -> tuple[PortEntry, ...]:
    """The ports of a rule without peers; none for another rule, and for one that says `from: []`."""
    if not isinstance(rule.peers, Everyone) or rule.peers.written or isinstance(rule.ports, EveryPort):
        return ()
    return rule.ports


def _is_meant_alone(cluster: Cluster, policy: NetworkPolicy, rule: Rule) -> bool:
    """Whether ports for everyone are what people want: DNS, the web from inside, and what a Service publishes."""
    entries = _ports_alone(rule)
    if not entries or all(_is_dns(entry) for entry in entries):
        return bool(entries)
    if rule.direction is Direction.EGRESS:
        return all(_is_dns(entry) or _is_one_of(entry, _WEB_PORTS) for entry in entries)
    return any(
        service.type in _PUBLISHED
        for workload in cluster.selected_by(policy).certain
        for service in cluster.services_over(workload)
    )


def _is_dns(entry: PortEntry) -> bool:
    if isinstance(entry.target, NamedPort):
        return entry.target.name.startswith(_DNS_NAMES)
    return _is_one_of(entry, _DNS_PORTS) and entry.protocol is not Protocol.SCTP


def _is_one_of(entry: PortEntry, numbers: frozenset[int]) -> bool:
    return (
        isinstance(entry.target, PortRange)
        and entry.target.first == entry.target.last
        and (entry.target.first in numbers)
    )
