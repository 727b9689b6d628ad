"""Entries of `ports` without a port beside entries that have one: every port of their protocol is open."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from netpol_lint.records import NamedTuple
from netpol_lint.resources.policy import AllOfProtocol, Direction, EveryPort, NetworkPolicy, PortEntry, Rule


class PortlessEntry(NamedTuple):
    """An entry that opens every port of its protocol, where nobody means that (NP407)."""

    policy: NetworkPolicy
    rule: Rule
    entry: PortEntry
    torn_from: tuple[PortEntry, ...]
    """The adjacent entry with a port and without a protocol, from which a dash too many has torn this one."""
    only_torn: bool
    """Whether no other entry may be the one it was torn from."""


def portless_entries(policies: tuple[NetworkPolicy, ...]) -> Iterator[PortlessEntry]:
    """The entries whose port is null or torn off, and those that make another entry of their protocol pointless.

    Every port of one protocol beside single ports of another is what somebody may mean.
    """
    for policy in policies:
        for direction in Direction:
            for rule in policy.rules(direction):
                if not isinstance(rule.ports, EveryPort):
                    yield from _in_rule(policy, rule, rule.ports)


def _in_rule(policy: NetworkPolicy, rule: Rule, entries: tuple[PortEntry, ...]) -> Iterator[PortlessEntry]:
    with_port = [entry for entry in entries if not _is_portless(entry)]
    if not with_port:
        return
    torn = dict(_torn(entries))
    for index, entry in enumerate(entries):
        if not _is_portless(entry):
            continue
        if index in torn:
            near = [n for n in (index - 1, index + 1) if n != torn[index] and 0 <= n < len(entries)]
            taken = set(torn.values())
            only = not any(_has_port_alone(entries[n]) and n not in taken for n in near)
            yield PortlessEntry(policy, rule, entry, (entries[torn[index]],), only)
        elif entry.port_written or not entry.protocol_written or _is_pointless_beside(entry, with_port):
            yield PortlessEntry(policy, rule, entry, (), False)


def _torn(entries: tuple[PortEntry, ...]) -> Iterator[tuple[int, int]]:
    """The portless entries that are a protocol alone, by index, each with the port alone beside it."""
    free = 0
    for first, (one, other) in enumerate(pairwise(entries)):
        if first < free:
            continue
        for portless, port, places in ((one, other, (first, first + 1)), (other, one, (first + 1, first))):
            if _is_protocol_alone(portless) and _has_port_alone(port):
                free = first + 2
                yield places


def _is_portless(entry: PortEntry) -> bool:
    return isinstance(entry.target, AllOfProtocol)


def _is_protocol_alone(entry: PortEntry) -> bool:
    return _is_portless(entry) and entry.protocol_written and not entry.port_written


def _has_port_alone(entry: PortEntry) -> bool:
    return not _is_portless(entry) and not entry.protocol_written


def _is_pointless_beside(entry: PortEntry, others: list[PortEntry]) -> bool:
    return any(other.protocol is entry.protocol for other in others)
