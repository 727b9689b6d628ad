"""The map as a drawing: one node for endpoints that are treated alike, so that lines stay few."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from netpol_lint.algebra.bitsets import positions
from netpol_lint.connectivity.connections import FUTURE, Endpoint, Flow, Row, Table
from netpol_lint.records import NamedTuple
from netpol_lint.report.connections.parts.words import ports_in_words

_MOST_NAMES: Final = 12
"""In one node."""


class Node(NamedTuple):
    """Endpoints drawn as one."""

    lines: tuple[str, ...]
    """Their names, not yet escaped."""
    outside: bool


class Line(NamedTuple):
    """A line from one node to another, by their numbers."""

    source: int
    destination: int
    ports: str
    uncertain: bool


class Diagram(NamedTuple):
    """A table as a drawing."""

    nodes: tuple[Node, ...]
    namespaces: Mapping[str, tuple[int, ...]]
    """The nodes of each; "" for what is in none."""
    lines: tuple[Line, ...]


def diagram(table: Table) -> Diagram:
    """The drawing of a table; a line from a node to itself is what its members may open to each other."""
    numbers = _alike(table)
    members: dict[int, list[int]] = {}
    for group, number in enumerate(numbers):
        members.setdefault(number, []).extend(table.groups[group])
    namespaces: dict[str, list[int]] = {}
    for number, places in members.items():
        namespaces.setdefault(table.endpoints[places[0]].namespace, []).append(number)
    nodes = tuple(_node([table.endpoints[place] for place in sorted(members[number])]) for number in sorted(members))
    lines = sorted(set(_lines(table, numbers, {number for number, places in members.items() if len(places) > 1})))
    return Diagram(nodes, {name: tuple(namespaces[name]) for name in sorted(namespaces)}, tuple(lines))


def _alike(table: Table) -> list[int]:
    """For each group the number of its node: groups of a namespace that may open, and be sent, the same share one."""
    columns: list[list[tuple[int, object, object]]] = [[] for _ in table.groups]
    row_numbers: dict[Row, int] = {}
    for row in table.rows:
        number = row_numbers.setdefault(row, len(row_numbers))
        for flow in row:
            for to in positions(flow.to):
                columns[to].append((number, flow.ports, flow.unknown))
    known: dict[object, int] = {}
    return [
        known.setdefault((_room(table.endpoints[group[0]]), table.rows[number], frozenset(columns[number])), len(known))
        for number, group in enumerate(table.groups)
    ]


def _room(endpoint: Endpoint) -> tuple[str, str]:
    kind = endpoint.kind if endpoint.is_outside or endpoint.kind == FUTURE else ""
    return endpoint.namespace, kind


def _lines(table: Table, numbers: list[int], several: set[int]) -> Iterator[Line]:
    for group, row in enumerate(table.rows):
        for flow in row:
            for number in dict.fromkeys(numbers[to] for to in positions(flow.to)):
                if number != numbers[group] or number in several:
                    yield _line(numbers[group], number, flow)


def _line(source: int, destination: int, flow: Flow) -> Line:
    return Line(source, destination, ports_in_words(flow.ports, flow.unknown), bool(flow.unknown))


def _node(endpoints: list[Endpoint]) -> Node:
    names = [_name(endpoint) for endpoint in endpoints]
    if len(names) > _MOST_NAMES:
        names = [*names[: _MOST_NAMES - 1], f"and {len(names) - _MOST_NAMES + 1} more"]
    return Node(tuple(names), endpoints[0].is_outside)


def _name(endpoint: Endpoint) -> str:
    """A name within a namespace."""
    if endpoint.is_outside:
        return endpoint.id
    return endpoint.name if endpoint.kind == FUTURE else f"{endpoint.kind}/{endpoint.name}"
