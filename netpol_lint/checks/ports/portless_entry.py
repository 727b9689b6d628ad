"""NP407: an entry of `ports` without a port beside entries that have one."""

from __future__ import annotations

from collections.abc import Iterator

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.portless_entries import PortlessEntry, portless_entries
from netpol_lint.findings import NO_FIX, REMOVED, Change, Edit, Fix, Problem, Related
from netpol_lint.findings.wording import listed, policy_text, port_text
from netpol_lint.resources.policy import AllOfProtocol, EveryPort, NamedPort, PortEntry, PortRange
from netpol_lint.source.location import Location, Span


def check(cluster: Cluster) -> Iterator[Problem]:
    for found in portless_entries(cluster.policies):
        related = tuple(Related("the port it seems to belong to", port.at) for port in found.torn_from)
        yield Problem(_message(found), found.entry.at, found.policy.meta.ref, related, _fix(found))


def _message(found: PortlessEntry) -> str:
    entry, entries = found.entry, found.rule.ports
    assert not isinstance(entries, EveryPort)
    others = listed([port_text(other) for other in entries if not isinstance(other.target, AllOfProtocol)])
    if found.torn_from:
        why = f"the dash makes an entry of its own of what reads as the protocol of port {_port(found.torn_from[0])}"
    elif entry.port_written:
        why = "its `port` is empty"
    else:
        why = "it has no `port`"
    return f"{policy_text(found.policy)} admits {port_text(entry)}, and not just {others}, by this entry: {why}"


def _port(entry: PortEntry) -> str:
    match entry.target:
        case NamedPort(name):
            return name
        case PortRange(first, last):
            return str(first) if first == last else f"{first}-{last}"
        case AllOfProtocol():
            return ""


def _fix(found: PortlessEntry) -> Fix:
    """Takes the second dash away, where both entries are items of a block list on lines of their own."""
    if not found.only_torn:
        return NO_FIX
    one, other = sorted((found.entry, found.torn_from[0]), key=lambda entry: entry.entry_at.span)
    line, column = other.entry_at.span.line, other.entry_at.span.column
    if one.entry_at.span.line == line or one.entry_at.span.column != column or column < 3:
        return NO_FIX
    if other.port_key.span[:2] != (line, column) and other.protocol_at.span.line != line:
        return NO_FIX
    dash = Edit(other.entry_at.path, Span(line, column - 2, line, column - 1), " ")
    joined = _fields(other) if one is found.entry else (("protocol", found.entry.protocol.value),)
    into = one.entry_at
    changes = [Change(Location(into.path, into.span, f"{into.pointer}/{key}"), value) for key, value in joined]
    return Fix("join the two entries", False, (dash,), (*changes, Change(other.entry_at, REMOVED)))


def _fields(entry: PortEntry) -> tuple[tuple[str, int | str], ...]:
    """What is written in an entry without a protocol."""
    match entry.target:
        case NamedPort(name):
            return (("port", name),)
        case PortRange(first, last):
            return (("port", first),) if first == last else (("port", first), ("endPort", last))
        case AllOfProtocol():
            return ()
