"""The rules of a NetworkPolicy and their ports, with the checks of ValidateNetworkPolicyPort."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from netpol_lint.resources.decode.meta import has_no_value
from netpol_lint.resources.decode.names import port_name_error, show
from netpol_lint.resources.decode.notes import ABSENT, Absence, Notes, Schema, type_of
from netpol_lint.resources.decode.peers import peer
from netpol_lint.resources.decode.placeholders import has_placeholder, with_defaults
from netpol_lint.resources.policy import (
    AllOfProtocol,
    Direction,
    Everyone,
    EveryPort,
    NamedPort,
    Peer,
    PortEntry,
    PortRange,
    PortTarget,
    Protocol,
    Rule,
    RuleList,
)
from netpol_lint.source.location import Location
from netpol_lint.source.tree import Mapping, Missing, Node, Scalar, Sequence, text_span

_PEER_FIELDS: Final = ("podSelector", "namespaceSelector", "ipBlock")


def _rule_schema(direction: Direction, peers: str, *others: str) -> Schema:
    return Schema(
        f"an {direction.field} rule",
        frozenset((peers, "ports")),
        synonyms={"port": "ports"} | dict.fromkeys(others, peers),
        belongs=dict.fromkeys(_PEER_FIELDS, f"it belongs in an entry of `{peers}`")
        | dict.fromkeys(("protocol", "endPort"), "it belongs in an entry of `ports`")
        | {"policyTypes": "it belongs in `spec`"},
    )


_RULE: Final = {
    Direction.INGRESS: _rule_schema(Direction.INGRESS, "from", "to", "peers", "source", "sources", "fromPeers"),
    Direction.EGRESS: _rule_schema(Direction.EGRESS, "to", "from", "peers", "destination", "destinations", "toPeers"),
}
_PORT: Final = Schema(
    "an entry of `ports`",
    frozenset(("protocol", "port", "endPort")),
    synonyms={
        "ports": "port",
        "number": "port",
        "portNumber": "port",
        "targetPort": "port",
        "containerPort": "port",
        "name": "port",
        "portName": "port",
        "to": "endPort",
        "end": "endPort",
        "proto": "protocol",
    },
)
_PROTOCOLS: Final = {protocol.value: protocol for protocol in Protocol}


def rule_list(spec: Mapping, spec_at: Location, direction: Direction, notes: Notes) -> RuleList:
    """`spec.ingress` or `spec.egress`; what is wrong with it is in `notes`."""
    node = notes.sequence(spec.get(direction.field), "a list of rules")
    at = spec.key_location(direction.field) if direction.field in spec else spec_at
    if not isinstance(node, Sequence):
        return RuleList((), written=False, at=at)
    return RuleList(tuple(_rules(node, direction, notes)), written=True, at=at)


def _rules(node: Sequence, direction: Direction, notes: Notes) -> Iterator[Rule]:
    peers_field = direction.peers_field
    for index, item in enumerate(node):
        at = item.location
        rule = notes.mapping(item, f"a rule with `{peers_field}` and `ports`")
        if isinstance(rule, Mapping):
            yield _rule(rule, index, direction, at, notes, in_flow=node.in_flow, dash=node.dash)
        elif rule is ABSENT:  # a lone dash is a rule without a condition
            everyone, every_port = Everyone(at, written=False), EveryPort(at, written=False)
            yield Rule(index, direction, everyone, every_port, at, text_span(item), node.in_flow, node.dash)


def _rule(
    node: Mapping, index: int, direction: Direction, at: Location, notes: Notes, *, in_flow: bool, dash: int
) -> Rule:
    peers_field = direction.peers_field
    peers_node, ports_node = node.get(peers_field), node.get("ports")
    notes.unknown_fields(node, _RULE[direction], lambda _: _what_opens(peers_node, ports_node, direction))
    peers: list[Peer] = []
    items = notes.sequence(peers_node, "a list of peers")
    if isinstance(items, Sequence):
        every_port = has_no_value(ports_node)
        for item in items:
            peers.extend(peer(item, peers_field, notes, every_port=every_port, in_flow=items.in_flow, dash=items.dash))
    ports: list[PortEntry] = []
    items = notes.sequence(ports_node, "a list of ports")
    if isinstance(items, Sequence):
        for item in items:
            ports.extend(_port(item, notes, in_flow=items.in_flow, dash=items.dash))
    return Rule(
        index,
        direction,
        tuple(peers) if peers else Everyone(_key_or(node, peers_field, at), written=peers_field in node),
        tuple(ports) if ports else EveryPort(_key_or(node, "ports", at), written="ports" in node),
        at,
        text_span(node),
        in_flow,
        dash,
    )


def _key_or(node: Mapping, key: str, at: Location) -> Location:
    return node.key_location(key) if key in node else at


def _what_opens(peers: Node | Missing, ports: Node | Missing, direction: Direction) -> str:
    whom = "every source" if direction is Direction.INGRESS else "every destination"
    if has_no_value(peers):
        return f"the rule then admits {whom}" + (" on every port" if has_no_value(ports) else " on its ports")
    return "the rule then admits every port" if has_no_value(ports) else ""


def _port(item: Node, notes: Notes, *, in_flow: bool, dash: int) -> Iterator[PortEntry]:
    node = notes.mapping(item, "an entry with `port` and `protocol`")
    if node is ABSENT:  # all TCP ports
        at = item.location
        yield PortEntry(Protocol.TCP, False, AllOfProtocol(), at, at, at, at, text_span(item), in_flow, dash)
    if not isinstance(node, Mapping):
        return
    before = notes.rejections
    protocol_node, port_node = node.get("protocol"), node.get("port")
    protocol = notes.string(protocol_node)
    if isinstance(protocol, str) and protocol not in _PROTOCOLS:
        _wrong_protocol(protocol_node, protocol, notes)
    target = _target(port_node, notes)
    end = notes.integer(node.get("endPort"), "a port number")
    if isinstance(end, int):
        target = _range(target, end, node.get("endPort").location, notes, lost="port" in _lost(node))
    notes.unknown_fields(node, _PORT, lambda meant: _what_widens(meant, target, protocol))
    if notes.rejections == before and not isinstance(target, Absence):
        entry_at = item.location
        at = entry_at if isinstance(port_node, Missing) else port_node.location
        written = isinstance(protocol, str)
        yield PortEntry(
            _PROTOCOLS[protocol] if isinstance(protocol, str) else Protocol.TCP,
            written,
            target,
            at,
            protocol_node.location if written else entry_at,
            node.key_location("port"),
            entry_at,
            text_span(item),
            in_flow,
            dash,
            node.in_flow,
        )


def _lost(node: Mapping) -> frozenset[str]:
    """The fields that unknown ones in this entry probably mean."""
    keys = node.entries.keys()
    return frozenset(_PORT.nearest(key, keys) for key in keys - _PORT.fields)


def _target(node: Node | Missing, notes: Notes) -> PortTarget | Absence:
    """`port`, an IntOrString: a string is a name even if it is made of digits."""
    if isinstance(node, Scalar):
        value = node.value
        if isinstance(value, str):
            return _named(with_defaults(value), node, notes, filled="${" in value)
        if isinstance(value, bool):
            notes.invalid(node.location, f"expected a port number or name, got {type_of(node)}")
            return Absence.WRONG
    number = notes.integer(node, "a port number or name")
    if isinstance(number, int):
        _check_number(number, node, notes)
        return PortRange(number, number)
    return AllOfProtocol() if number is ABSENT else number


def _named(name: str, node: Scalar, notes: Notes, *, filled: bool) -> PortTarget | Absence:
    digits = name.isascii() and name.isdigit()
    if has_placeholder(name):
        notes.cannot_tell()
        return Absence.WRONG
    if filled and digits and len(name) < 9:  # a placeholder is replaced before YAML is read
        _check_number(int(name), node, notes)
        return PortRange(int(name), int(name))
    wrong = port_name_error(name)
    if wrong:
        is_number = digits and str(int(name)) == name and 1 <= int(name) <= 65535
        notes.invalid(node.location, wrong, name if digits else "", written=name if is_number else "")
    return NamedPort(name)


def _check_number(number: int, node: Node | Missing, notes: Notes) -> None:
    if not 1 <= number <= 65535:
        notes.invalid(node.location, f"a port must be between 1 and 65535, got {number}")


def _range(target: PortTarget | Absence, end: int, at: Location, notes: Notes, *, lost: bool) -> PortTarget | Absence:
    match target:
        case PortRange(first=first):
            if not 1 <= end <= 65535:
                notes.invalid(at, f"`endPort` must be between 1 and 65535, got {end}")
            elif end < first:
                notes.invalid(at, f"`endPort` must not be below `port`: {end} is below {first}")
            return PortRange(first, end)
        case NamedPort(name=name):
            notes.invalid(at, f'`endPort` needs a numeric `port`, and "{name}" is a port name')
        case AllOfProtocol():
            if lost:
                notes.cannot_tell()
            else:
                notes.invalid(at, "`endPort` needs a `port`")
        case _:
            pass
    return target


def _wrong_protocol(node: Node | Missing, protocol: str, notes: Notes) -> None:
    if has_placeholder(protocol):
        notes.cannot_tell()
        return
    meant = protocol.strip().upper()
    reason = f"protocol {show(protocol)} must be TCP, UDP or SCTP"
    notes.invalid(node.location, reason, meant if meant in _PROTOCOLS else "", written=protocol)


def _what_widens(meant: str, target: PortTarget | Absence, protocol: str | Absence) -> str:
    match meant, target:
        case "endPort", PortRange(first=first):
            return f"the entry then admits port {first} alone"
        case "port", AllOfProtocol():
            return f"the entry then admits every {protocol if isinstance(protocol, str) else 'TCP'} port"
        case "protocol", _:
            return "the entry then means TCP"
        case _:
            return ""
