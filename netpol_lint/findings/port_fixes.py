"""Fixes of single ports in a policy, all unsafe: they let other connections through than before."""

from __future__ import annotations

from netpol_lint.findings import NO_FIX, Change, Edit, Fix
from netpol_lint.findings.edits import is_bare, reworded, with_value
from netpol_lint.findings.insertions import Item, Style, after_item, stands_in
from netpol_lint.resources.policy import AllOfProtocol, NamedPort, PortEntry, PortRange, Protocol, Rule
from netpol_lint.source.location import Location, Span


def with_number(entry: PortEntry, number: int) -> Fix:
    """The fix that writes a port number in place of the port, which loses the quotes of a name."""
    if not is_bare(entry.at.span, _written(entry)):
        return NO_FIX
    edit = Edit(entry.at.path, entry.at.span, str(number))
    return Fix(f"write port {number}", False, (edit,), (Change(entry.at, number),))


def with_name(entry: PortEntry, name: str) -> Fix:
    """The fix that writes another port name."""
    return with_value(entry.at, _written(entry), name, f"write port {name}")


def _written(entry: PortEntry) -> str:
    match entry.target:
        case NamedPort(name):
            return name
        case PortRange(first, _):
            return str(first)
        case AllOfProtocol():
            return ""


def with_protocol(entry: PortEntry, protocol: Protocol) -> Fix:
    """The fix that gives a port another protocol; where none is written, before the `port`."""
    name = protocol.value
    if entry.protocol_written:
        at = entry.protocol_at
        edits = reworded(at, entry.protocol.value, name)
    else:
        at = Location(entry.entry_at.path, entry.entry_at.span, f"{entry.entry_at.pointer}/protocol")
        edits = (_protocol_before_port(entry, name),)
    return Fix(f"write protocol {name}", False, edits, (Change(at, name),)) if edits else NO_FIX


def with_port_beside(rule: Rule, entry: PortEntry, protocol: Protocol) -> Fix:
    """The fix that adds the same port number of another protocol after an entry of a rule."""
    whole, key = entry.whole, entry.port_key.span
    if not isinstance(entry.target, PortRange) or not stands_in(rule.whole, whole):
        return NO_FIX
    number = entry.target.first
    value: dict[str, object] = {"protocol": protocol.value, "port": number}
    if entry.port_key < entry.protocol_at:
        value = {"port": number, "protocol": protocol.value}
    style = Style(in_braces=entry.in_braces, quoted=key.end_column - key.column == len('"port"'))
    item = Item(entry.entry_at, whole, entry.dash, entry.in_flow)
    return after_item(item, value, style, f"open {protocol.value} {number}")


def _protocol_before_port(entry: PortEntry, name: str) -> Edit:
    """In block style every key of the entry begins in the column of the first, and the port gets a line of its own."""
    line, column = entry.port_key.span[:2]
    is_block = column == entry.entry_at.span.column
    quote = '"' if entry.port_key.span.end_column - column == len('"port"') else ""
    after = "\n" + " " * (column - 1) if is_block else ", "
    text = f"{quote}protocol{quote}: {quote}{name}{quote}"
    return Edit(entry.port_key.path, Span(line, column, line, column), text + after)
