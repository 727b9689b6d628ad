"""NP407: an entry of `ports` without a port beside entries that have one."""

from __future__ import annotations

from collections.abc import Iterator

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.portless_entries import PortlessEntry, portless_entries
from netpol_lint.findings import NO_FIX, Fix, Problem, Related
from netpol_lint.findings.joins import Item, joined
from netpol_lint.findings.wording import listed, policy_text, port_text
from netpol_lint.resources.policy import AllOfProtocol, EveryPort, NamedPort, PortEntry, PortRange


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
    if not found.only_torn:
        return NO_FIX
    one, other = sorted((found.entry, found.torn_from[0]), key=lambda entry: entry.entry_at.span)
    keys = _fields(other) if one is found.entry else ("protocol",)
    return joined(Item(one.entry_at, one.whole), Item(other.entry_at, other.whole), keys, "join the two entries")


def _fields(entry: PortEntry) -> tuple[str, ...]:
    """What is written in an entry without a protocol."""
    is_range = isinstance(entry.target, PortRange) and entry.target.first != entry.target.last
    return ("port", "endPort") if is_range else ("port",)
