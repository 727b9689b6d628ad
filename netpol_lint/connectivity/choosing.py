"""What of a map is asked for: workloads in focus, a direction, ports."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from netpol_lint.algebra.bitsets import from_positions, positions, span
from netpol_lint.algebra.ports import EVERY_PORT, PortSet
from netpol_lint.connectivity.addresses import address_set
from netpol_lint.connectivity.connections import Endpoint, Flow, Row, Table, only
from netpol_lint.errors import NetpolLintError
from netpol_lint.resources.policy import Direction

_BOTH: Final = frozenset(Direction)


@dataclass(frozen=True, slots=True)
class Choice:
    """What of a map is asked for."""

    focus: tuple[str, ...] = ()
    """Only connections of these: `name`, `namespace/name`, `namespace/Kind/name`, an address or a block."""
    directions: frozenset[Direction] = _BOTH
    """Ingress: what the workloads, or those in focus, may be sent; egress: what they may send."""
    ports: PortSet = EVERY_PORT
    exposure: bool = False
    """With pods that do not exist."""
    reasons: bool = False
    """With the rules that decide."""


EVERYTHING: Final = Choice()


def chosen(table: Table, choice: Choice) -> Table:
    """What is asked for of a table; nothing where none of the endpoints in focus is in it.

    NetpolLintError if a name in focus means several workloads.
    """
    if not choice.focus:
        inside = _groups(table, (place for place, one in enumerate(table.endpoints) if not one.is_outside))
        return _with_rows(table, _rows(table, choice, inside))
    places = frozenset(place for text in choice.focus for place in named(table.endpoints, text))
    apart = _apart(table, places)
    focus = _groups(apart, places)
    rows = _rows(apart, choice, focus)
    involved = focus
    for number, row in enumerate(rows):
        involved |= 1 << number if row else 0
        for flow in row:
            involved |= flow.to
    return only(_with_rows(apart, rows), tuple(positions(involved)))


def named(endpoints: Sequence[Endpoint], text: str) -> tuple[int, ...]:
    """The places of the endpoints that a text names; several only for addresses.

    NetpolLintError if it is the name of several workloads.
    """
    wanted = address_set(text)
    if wanted:
        return tuple(
            place
            for place, one in enumerate(endpoints)
            if any(not wanted.disjoint(address_set(block)) for block in one.blocks)
        )
    found = [place for place, one in enumerate(endpoints) if text in _names(one)]
    if len(found) > 1:
        raise NetpolLintError(f"{text!r} may mean {', '.join(endpoints[place].id for place in found)}")
    return tuple(found)


def _names(endpoint: Endpoint) -> tuple[str, ...]:
    return endpoint.id, endpoint.name, f"{endpoint.namespace}/{endpoint.name}"


def _rows(table: Table, choice: Choice, focus: int) -> tuple[Row, ...]:
    """The connections of some groups, in the directions asked for."""
    ingress, egress = (direction in choice.directions for direction in (Direction.INGRESS, Direction.EGRESS))
    everyone = span(0, len(table.groups))
    rows = []
    for number, row in enumerate(table.rows):
        to = everyone if egress and focus >> number & 1 else focus if ingress else 0
        rows.append(tuple(flow._replace(to=flow.to & to) for flow in row if flow.to & to))
    return tuple(rows)


def _groups(table: Table, places: Iterable[int]) -> int:
    number = table.group_of()
    return from_positions((number[place] for place in places), len(table.groups))


def _apart(table: Table, places: frozenset[int]) -> Table:
    """The same connections with the endpoints at these places in groups of their own."""
    groups: list[tuple[int, ...]] = []
    parts: list[tuple[int, ...]] = []
    """For each old group the new ones."""
    for group in table.groups:
        rest = tuple(place for place in group if place not in places)
        new = [(place,) for place in group if place in places] + ([rest] if rest else [])
        parts.append(tuple(range(len(groups), len(groups) + len(new))))
        groups += new

    def split(flow: Flow) -> Flow:
        return flow._replace(to=from_positions((new for old in positions(flow.to) for new in parts[old]), len(groups)))

    rows = [tuple(map(split, row)) for row in table.rows]
    by_new = [rows[old] for old, new in enumerate(parts) for _ in new]
    return Table(table.endpoints, tuple(groups), tuple(by_new))


def _with_rows(table: Table, rows: tuple[Row, ...]) -> Table:
    return Table(table.endpoints, table.groups, rows)
