"""Two rules that read as one: a dash before `ports` turns "these peers on these ports" into "or"."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.publishing import is_published
from netpol_lint.records import NamedTuple
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
from netpol_lint.resources.workload import Workload

_DNS_PORTS: Final = frozenset((53, 5353))
_OUTSIDE_PORTS: Final = frozenset((80, 443, 6443))
"""The web's, and the API server's, which no selector can name."""
_WEBHOOK: Final = "webhook"
_WEBHOOK_PORTS: Final = frozenset((9443,))
"""Where controller-runtime listens for the API server."""
_DNS_NAMES: Final = ("dns", "domain")


class SplitRule(NamedTuple):
    """A rule of peers alone beside one of ports alone (NP109)."""

    peers: Rule
    ports: Rule
    entries: tuple[PortEntry, ...]


def split_rules(cluster: Cluster, policy: NetworkPolicy, direction: Direction) -> Iterator[SplitRule]:
    """The adjacent rules of a direction that read as one.

    Someone who writes further rules of peers alone, or of ports alone, writes them on purpose. Beside a rule that
    admits everything, it makes no difference.
    """
    written = policy.rules(direction)
    if not any(_peers_alone(rule) for rule in written) or any(_admits_everything(rule) for rule in written):
        return
    rules = [rule for rule in written if not _is_meant_alone(cluster, policy, rule)]
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
    if abs(one.position - other.position) != 1:
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


def _admits_everything(rule: Rule) -> bool:
    return isinstance(rule.peers, Everyone) and isinstance(rule.ports, EveryPort)


def _is_meant_alone(cluster: Cluster, policy: NetworkPolicy, rule: Rule) -> bool:
    """Whether ports for everyone are what people want.

    Those are DNS, the web and the API server from inside, what is published, and webhooks, which the API server
    calls from addresses that no selector picks.
    """
    entries = _ports_alone(rule)
    if not entries or all(is_dns(entry) for entry in entries):
        return bool(entries)
    if rule.direction is Direction.EGRESS:
        return all(is_dns(entry) or _is_one_of(entry, _OUTSIDE_PORTS) for entry in entries)
    pods = cluster.selected_by(policy).certain
    if any(is_published(cluster, workload) for workload in pods):
        return True
    return is_for_webhook(policy, entries, pods)


def is_for_webhook(policy: NetworkPolicy, entries: Iterable[PortEntry], pods: Iterable[Workload]) -> bool:
    """Whether a rule's ports are a webhook's, by the names of policy, pods and ports, or by number."""
    names = [policy.meta.name, *(workload.name for workload in pods)]
    return any(_WEBHOOK in name for name in names) or all(_is_webhook(entry, pods) for entry in entries)


def _is_webhook(entry: PortEntry, pods: Iterable[Workload]) -> bool:
    if isinstance(entry.target, NamedPort):
        return _WEBHOOK in entry.target.name
    if not isinstance(entry.target, PortRange):
        return False
    first, last = entry.target.first, entry.target.last
    named = any(first <= port.port <= last and _WEBHOOK in port.name for pod in pods for port in pod.ports)
    return named or _is_one_of(entry, _WEBHOOK_PORTS)


def is_dns(entry: PortEntry) -> bool:
    """Whether a port is that of DNS, by number or name."""
    if isinstance(entry.target, NamedPort):
        return entry.target.name.startswith(_DNS_NAMES)
    return _is_one_of(entry, _DNS_PORTS) and entry.protocol is not Protocol.SCTP


def _is_one_of(entry: PortEntry, numbers: frozenset[int]) -> bool:
    return (
        isinstance(entry.target, PortRange)
        and entry.target.first == entry.target.last
        and (entry.target.first in numbers)
    )
