"""The rules of cluster-tier policies and their ports, in both spellings: `ports` and `protocols`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from netpol_lint.resources.cluster_policy import (
    Action,
    ClusterPeer,
    ClusterRule,
    DomainNamesPeer,
    NamedPortEntry,
    NetworksPeer,
    NodesPeer,
)
from netpol_lint.resources.decode.cluster_dialects import CLUSTER, Dialect
from netpol_lint.resources.decode.cluster_peers import PEER_FIELDS, exactly_one, peer
from netpol_lint.resources.decode.names import port_name_error, show
from netpol_lint.resources.decode.notes import ABSENT, Absence, Notes, Schema
from netpol_lint.resources.decode.placeholders import error, has_placeholder
from netpol_lint.resources.policy import AllOfProtocol, Direction, EveryPort, PortEntry, PortRange, Protocol
from netpol_lint.source.location import Location
from netpol_lint.source.tree import Mapping, Missing, Node, Sequence

_NAME_LIMIT: Final = 100
_PROTOCOLS: Final = {protocol.value: protocol for protocol in Protocol}
_NAMED: Final = ("namedPort", "destinationNamedPort")
_PORT: Final = Schema(
    "an entry of `ports`",
    frozenset(("portNumber", "portRange", "namedPort")),
    synonyms={"number": "portNumber", "range": "portRange", "name": "namedPort", "portName": "namedPort"},
    belongs=dict.fromkeys(("protocol", "port"), "it belongs under `portNumber`")
    | dict.fromkeys(("start", "end", "endPort"), "it belongs under `portRange`"),
)
_PROTOCOL_ENTRY: Final = Schema(
    "an entry of `protocols`",
    frozenset(("tcp", "udp", "sctp", "destinationNamedPort")),
    synonyms={"namedPort": "destinationNamedPort", "TCP": "tcp", "UDP": "udp", "SCTP": "sctp"},
    belongs={"destinationPort": "it belongs under `tcp`, `udp` or `sctp`"},
)
_PORT_NUMBER: Final = Schema("`portNumber`", frozenset(("protocol", "port")), synonyms={"number": "port"})
_PORT_RANGE: Final = Schema("`portRange`", frozenset(("protocol", "start", "end")))
_PER_PROTOCOL: Final = Schema("a protocol", frozenset(("destinationPort",)), synonyms={"port": "destinationPort"})
_DESTINATION: Final = Schema(
    "`destinationPort`", frozenset(("number", "range")), synonyms={"port": "number", "portRange": "range"}
)
_RANGE: Final = Schema("`range`", frozenset(("start", "end")))


def rules(node: Node | Missing, direction: Direction, dialect: Dialect, notes: Notes) -> Iterator[ClusterRule]:
    """The rules of one direction, in order; what is wrong with them is in `notes`."""
    items = notes.sequence(node, "a list of rules")
    if not isinstance(items, Sequence):
        return
    _check_length(items, f"`{direction.field}`", 0, dialect.limit, notes)
    for index, item in enumerate(items):
        rule = notes.mapping(item, "a rule")
        if rule is ABSENT:
            notes.invalid(item.location, f"an empty rule: it needs an `action` and `{direction.peers_field}`")
        if isinstance(rule, Mapping):
            yield from _rule(rule, index, direction, item.location, dialect, notes)


def _rule(
    node: Mapping, index: int, direction: Direction, at: Location, dialect: Dialect, notes: Notes
) -> Iterator[ClusterRule]:
    before = notes.rejections
    notes.unknown_fields(node, _rule_schema(direction, dialect), lambda meant: _effect(meant, dialect))
    name = notes.string(node.get("name"))
    if isinstance(name, str) and len(name) > _NAME_LIMIT:
        reason = f"the name of a rule must be no more than {_NAME_LIMIT} characters, got {len(name)}"
        notes.invalid(node.get("name").location, reason)
    action = _action(node, dialect, notes)
    peers = tuple(_peers(node, direction, dialect, notes))
    ports = _ports(node, at, dialect, notes)
    if isinstance(action, Action):
        _check_together(node, action, peers, ports, dialect, notes)
    if notes.rejections == before and isinstance(action, Action):
        yield ClusterRule(index, direction, name if isinstance(name, str) else "", action, peers, ports, at)


def _rule_schema(direction: Direction, dialect: Dialect) -> Schema:
    peers = direction.peers_field
    other = "to" if peers == "from" else "from"
    return Schema(
        f"an {direction.field} rule",
        frozenset(("name", "action", peers, dialect.ports_field)),
        synonyms={"ports": dialect.ports_field, "protocols": dialect.ports_field, other: peers, "peers": peers},
        belongs=dict.fromkeys(PEER_FIELDS[Direction.EGRESS], f"it belongs in an entry of `{peers}`"),
    )


def _effect(meant: str, dialect: Dialect) -> str:
    if meant == dialect.ports_field:
        return "the rule then matches every port"
    return "" if meant in ("", "name") else "the API server then rejects the policy"


def _action(node: Mapping, dialect: Dialect, notes: Notes) -> Action | Absence:
    found = node.get("action")
    word = notes.string(found)
    words = tuple(dialect.actions)
    listed = f"{', '.join(words[:-1])} or {words[-1]}"
    if isinstance(word, str):
        if word in dialect.actions:
            return dialect.actions[word]
        if has_placeholder(word):
            notes.cannot_tell()
            return Absence.WRONG
        meant = dialect.allow if word.casefold() in ("allow", "accept") else ""
        meant = meant or next((known for known in words if known.casefold() == word.strip().casefold()), "")
        notes.invalid(found.location, f"action {show(word)} must be {listed}", meant, written=word)
    elif word is ABSENT:
        notes.invalid(found.location, f"a rule needs an `action`: {listed}")
    return Absence.WRONG


def _peers(node: Mapping, direction: Direction, dialect: Dialect, notes: Notes) -> Iterator[ClusterPeer]:
    field = direction.peers_field
    items = notes.sequence(node.get(field), "a list of peers")
    if items is ABSENT:
        notes.invalid(node.get(field).location, f"a rule needs `{field}`, with at least one peer")
    if isinstance(items, Sequence):
        _check_length(items, f"`{field}`", 1, dialect.limit, notes)
        for item in items:
            yield from peer(item, direction, notes)


def _check_length(items: Sequence, what: str, least: int, most: int, notes: Notes) -> None:
    if not least <= len(items) <= most:
        allowed = f"at most {most}" if not least else f"{least} to {most}"
        notes.invalid(items.location, f"{what} must have {allowed} entries, got {len(items)}")


def _check_together(
    node: Mapping,
    action: Action,
    peers: tuple[ClusterPeer, ...],
    ports: EveryPort | tuple[PortEntry | NamedPortEntry, ...],
    dialect: Dialect,
    notes: Notes,
) -> None:
    """What the CRDs' rules over several fields reject."""
    names = [one for one in peers if isinstance(one, DomainNamesPeer)]
    if names and action is not Action.ALLOW:
        reason = f"`domainNames` are for {dialect.allow} rules only"
        notes.invalid(names[0].at, reason, related=(("the action", node.get("action").location),))
    outside = [one for one in peers if isinstance(one, NetworksPeer | NodesPeer | DomainNamesPeer)]
    named = [one for one in ports if isinstance(one, NamedPortEntry)] if isinstance(ports, tuple) else []
    if outside and named:
        reason = "a port name means nothing to networks, nodes and domain names, which have no named ports"
        notes.invalid(named[0].at, reason, related=(("the peer", outside[0].at),))


def _ports(
    node: Mapping, at: Location, dialect: Dialect, notes: Notes
) -> EveryPort | tuple[PortEntry | NamedPortEntry, ...]:
    field = dialect.ports_field
    items = notes.sequence(node.get(field), "a list of ports")
    every = EveryPort(node.key_location(field) if field in node else at, written=field in node)
    if not isinstance(items, Sequence):
        return every
    _check_length(items, f"`{field}`", 1, dialect.limit, notes)
    schema = _PROTOCOL_ENTRY if dialect is CLUSTER else _PORT
    return tuple(entry for item in items for entry in _entry(item, schema, notes)) or every


def _entry(item: Node, schema: Schema, notes: Notes) -> Iterator[PortEntry | NamedPortEntry]:
    node = notes.mapping(item, "an entry with one field")
    if node is ABSENT:
        notes.invalid(item.location, f"{schema.what} must not be empty")
    if not isinstance(node, Mapping):
        return
    before = notes.rejections
    notes.unknown_fields(node, schema, lambda _: "the API server then rejects the policy")
    unknown = bool(node.entries.keys() - schema.fields)
    chosen = exactly_one(node, sorted(schema.fields), schema.what, notes, unknown=unknown)
    if not chosen:
        return
    value = node.get(chosen)
    found = _named(value, notes) if chosen in _NAMED else _numbered(chosen, value, notes)
    if notes.rejections == before:
        yield from found


def _named(node: Node | Missing, notes: Notes) -> tuple[NamedPortEntry, ...]:
    name = notes.string(node, "a port name")
    if not isinstance(name, str):
        return ()
    if has_placeholder(name):
        notes.cannot_tell()
    wrong = error(port_name_error, name)
    if wrong:
        notes.invalid(node.location, wrong)
    return (NamedPortEntry(name, node.location),)


def _numbered(chosen: str, value: Node | Missing, notes: Notes) -> tuple[PortEntry, ...]:
    node = notes.mapping(value)
    if not isinstance(node, Mapping):
        return ()
    if chosen == "portNumber":
        notes.unknown_fields(node, _PORT_NUMBER, lambda _: "")
        number = _number(node, "port", notes)
        return _spanning(_protocol(node, notes), number, number, node.get("port").location)
    if chosen == "portRange":
        notes.unknown_fields(node, _PORT_RANGE, lambda _: "")
        protocol = _protocol(node, notes)
        return _spanning(protocol, *_start_and_end(node, notes, strict=False), node.get("start").location)
    return _of_protocol(Protocol(chosen.upper()), node, value.location, notes)


def _of_protocol(protocol: Protocol, node: Mapping, at: Location, notes: Notes) -> tuple[PortEntry, ...]:
    """An entry of `protocols`: without a `destinationPort`, every port of the protocol."""
    notes.unknown_fields(node, _PER_PROTOCOL, lambda _: f"the entry then matches every {protocol.value} port")
    destination = notes.mapping(node.get("destinationPort"), "a mapping with `number` or `range`")
    if not isinstance(destination, Mapping):
        return (PortEntry(protocol, True, AllOfProtocol(), at),)
    notes.unknown_fields(destination, _DESTINATION, lambda _: "the API server then rejects the policy")
    unknown = bool(destination.entries.keys() - _DESTINATION.fields)
    chosen = exactly_one(destination, ("number", "range"), "`destinationPort`", notes, unknown=unknown)
    if chosen == "number":
        number = _number(destination, "number", notes)
        return _spanning(protocol, number, number, destination.get("number").location)
    span = notes.mapping(destination.get("range"), "a mapping with `start` and `end`")
    if not chosen or not isinstance(span, Mapping):
        return ()
    notes.unknown_fields(span, _RANGE, lambda _: "the API server then rejects the policy")
    return _spanning(protocol, *_start_and_end(span, notes, strict=True), span.get("start").location)


def _protocol(node: Mapping, notes: Notes) -> Protocol:
    found = node.get("protocol")
    name = notes.string(found)
    if not isinstance(name, str):
        return Protocol.TCP
    if name not in _PROTOCOLS:
        meant = name.strip().upper()
        if has_placeholder(name):
            notes.cannot_tell()
        else:
            reason = f"protocol {show(name)} must be TCP, UDP or SCTP"
            notes.invalid(found.location, reason, meant if meant in _PROTOCOLS else "", written=name)
    return _PROTOCOLS.get(name, Protocol.TCP)


def _number(node: Mapping, field: str, notes: Notes) -> int:
    found = node.get(field)
    number = notes.integer(found, "a port number")
    if isinstance(number, int):
        if 1 <= number <= 65535:
            return number
        notes.invalid(found.location, f"a port must be between 1 and 65535, got {number}")
    elif number is ABSENT:
        notes.invalid(found.location, f"a port needs a `{field}`")
    return 0


def _start_and_end(node: Mapping, notes: Notes, *, strict: bool) -> tuple[int, int]:
    """A range; `strict` where the CRD wants the start below the end, else one that is empty matches nothing."""
    start, end = _number(node, "start", notes), _number(node, "end", notes)
    if strict and start and end and start >= end:
        notes.invalid(node.get("end").location, f"`end` must be above `start`: {end} is not above {start}")
    return start, end


def _spanning(protocol: Protocol, first: int, last: int, at: Location) -> tuple[PortEntry, ...]:
    return (PortEntry(protocol, True, PortRange(first, last), at),) if first and last else ()
