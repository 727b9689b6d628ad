"""What of a map is asked for: workloads in focus, a direction, ports."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from netpol_lint.algebra.bitsets import from_positions, positions, span
from netpol_lint.algebra.ports import EVERY_PORT, PortSet
from netpol_lint.connectivity.connections import Row, Table
from netpol_lint.connectivity.endpoints import Outside
from netpol_lint.connectivity.naming import Names, alternatives, quoted
from netpol_lint.connectivity.network import Network
from netpol_lint.connectivity.tables import apart, only
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


def chosen(table: Table, choice: Choice, focus: Iterable[str]) -> Table:
    """What is asked for of a table, with the ids of the endpoints in focus; without any, all endpoints are."""
    ids = frozenset(focus)
    if not ids and choice.directions == _BOTH:
        return table
    if not ids:
        inside = _groups(table, (place for place, one in enumerate(table.endpoints) if not one.is_outside))
        return _with_rows(table, _rows(table, choice, inside))
    places = frozenset(place for place, one in enumerate(table.endpoints) if one.id in ids)
    singled_out = apart(table, lambda place: place if place in places else -1)
    groups = _groups(singled_out, places)
    rows = _rows(singled_out, choice, groups)
    involved = groups
    for number, row in enumerate(rows):
        involved |= 1 << number if row else 0
        for flow in row:
            involved |= flow.to
    return only(_with_rows(singled_out, rows), tuple(positions(involved)))


def in_focus(network: Network, text: str) -> frozenset[str]:
    """The ids of what a text names: a workload, or the classes of addresses that an address or block touches.

    A name without namespace will do where only one workload has it. NetpolLintError, which lists what may be meant, if
    nothing or more than one workload has the name.
    """
    if "/" not in text:
        own = [pod.id for pod in network.pods.values() if pod.id.rpartition("/")[2] == text]
        if len(own) > 1:
            raise NetpolLintError(f"{quoted(text)} is ambiguous: it may be {alternatives(own)}")
        if own:
            return frozenset(own)
    ids: set[str] = set()
    for end in Names(network).ends(text):
        if isinstance(end, Outside):
            ids.update(one.id for one in network.outside if not one.addresses.disjoint(end.addresses))
        else:
            ids.add(end.id)
    return frozenset(ids)


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


def _with_rows(table: Table, rows: tuple[Row, ...]) -> Table:
    return Table(table.endpoints, table.groups, rows)
