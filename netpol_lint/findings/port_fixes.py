"""Fixes of single ports in a policy, all unsafe: they let other connections through than before."""

from __future__ import annotations

from netpol_lint.findings import NO_FIX, Change, Edit, Fix
from netpol_lint.findings.edits import reworded, with_value
from netpol_lint.resources.policy import NamedPort, PortEntry, Protocol
from netpol_lint.source.location import Location, Span


def with_number(entry: PortEntry, number: int) -> Fix:
    """The fix that writes a port number in place of the port, which loses the quotes of a name."""
    if entry.at.span.line != entry.at.span.end_line:
        return NO_FIX
    edit = Edit(entry.at.path, entry.at.span, str(number))
    return Fix(f"write port {number}", False, (edit,), (Change(entry.at, number),))


def with_name(entry: PortEntry, name: str) -> Fix:
    """The fix that writes another port name."""
    written = entry.target.name if isinstance(entry.target, NamedPort) else ""
    return with_value(entry.at, written, name, f"write port {name}")


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


def _protocol_before_port(entry: PortEntry, name: str) -> Edit:
    """In block style every key of the entry begins in the column of the first, and the port gets a line of its own."""
    line, column = entry.port_key.span[:2]
    is_block = column == entry.entry_at.span.column
    quote = '"' if entry.port_key.span.end_column - column == len('"port"') else ""
    after = "\n" + " " * (column - 1) if is_block else ", "
    text = f"{quote}protocol{quote}: {quote}{name}{quote}"
    return Edit(entry.port_key.path, Span(line, column, line, column), text + after)
