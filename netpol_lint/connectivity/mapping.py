"""From the reachability of a cluster to its map: endpoints with names, ports as outputs show them, the rules behind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, TypeAlias

from netpol_lint.algebra.bitsets import from_positions, positions
from netpol_lint.algebra.ports import EVERY_PORT, NO_PORT, PortSet
from netpol_lint.connectivity.choosing import EVERYTHING, Choice, chosen, in_focus
from netpol_lint.connectivity.connections import OUTSIDE, Endpoint, Flow, Reasons, Row, Table, UnitMap, ports_of
from netpol_lint.connectivity.endpoints import End, Outside
from netpol_lint.connectivity.exposure import Newcomer, newcomers
from netpol_lint.connectivity.network import Network
from netpol_lint.connectivity.reach import Reach, Reached
from netpol_lint.connectivity.tables import apart
from netpol_lint.errors import NetpolLintError

Together: TypeAlias = tuple[PortSet, PortSet, int]
"""The ports allowed, those of which it is unknown, and the set of groups for which both hold."""
_MOST_REASONS: Final = 40_000
"""Pairs of groups whose rules are worked out one by one: some seconds, some megabytes."""


def maps_of(units: Mapping[str, Reach], choice: Choice = EVERYTHING) -> tuple[UnitMap, ...]:
    """The map of each unit, by its name; where endpoints are in focus, of the units that have one of them.

    NetpolLintError if no unit has one, or a name is ambiguous in a unit.
    """
    focus: dict[str, set[str]] = {name: set() for name in units}
    for text in choice.focus:
        wrong: list[NetpolLintError] = []
        for name, reach in units.items():
            try:
                focus[name] |= in_focus(reach.network, text)
            except NetpolLintError as error:
                wrong.append(error)
        if len(wrong) == len(units):
            raise wrong[0]
    wanted = [name for name in units if focus[name] or not choice.focus]
    return tuple(unit_map(name, units[name], choice, frozenset(focus[name])) for name in wanted)


def unit_map(unit: str, reach: Reach, choice: Choice = EVERYTHING, focus: frozenset[str] = frozenset()) -> UnitMap:
    """The connections of a unit; `focus` has the ids of the endpoints in focus, if any are."""
    extra = newcomers(reach.network) if choice.exposure else ()
    joining = Joining()
    rows = _with_newcomers((joining.row(one.reached) for one in reach.all()), reach, extra)
    table = chosen(_table(reach, extra, _rows(rows, choice.ports)), choice, focus)
    is_part = bool(choice.focus) or choice.directions != EVERYTHING.directions
    pairs = sum(flow.to.bit_count() for row in table.rows for flow in row)
    if not choice.reasons or pairs > _MOST_REASONS:
        return UnitMap(unit, table, is_part=is_part)
    pods = (*reach.network.pods.values(), *(one.pod for one in extra))
    ends: dict[str, End] = {pod.id: pod for pod in pods} | {one.id: one for one in reach.classes.outside}
    return UnitMap(unit, table, dict(_reasons(reach.network, table, ends, choice.ports)), is_part)


def endpoint_of(end: End) -> Endpoint:
    """A workload or a class of addresses as outputs name it."""
    if isinstance(end, Outside):
        return Endpoint(end.id, OUTSIDE, blocks=tuple(map(str, end.addresses.blocks())))
    namespace, kind, name = end.id.split("/", 2)
    return Endpoint(end.id, kind, namespace, name)


class Joining:
    """What sources reach, with everything about a destination in one place.

    Sets of ports are numbered and joined by their numbers: there are few of them, and many destinations.
    """

    def __init__(self) -> None:
        self._numbers: dict[PortSet, int] = {}
        self._joined: dict[int, PortSet] = {0: NO_PORT}
        self._known: dict[tuple[Reached, ...], tuple[Together, ...]] = {}

    def row(self, reached: tuple[Reached, ...]) -> tuple[Together, ...]:
        """The destinations by what is allowed and what is unknown."""
        found = self._known.get(reached)
        if found is None:
            found = self._known[reached] = self._join(reached)
        return found

    def _join(self, reached: tuple[Reached, ...]) -> tuple[Together, ...]:
        parts: dict[tuple[int, int], int] = {}
        for ports, allowed, unknown in reached:
            number = 1 << self._numbers.setdefault(ports, len(self._numbers))
            parts = _refined(_refined(parts, allowed, (number, 0)), unknown, (0, number))
        result: dict[tuple[PortSet, PortSet], int] = {}
        for (allowed, unknown), to in parts.items():
            key = self._ports(allowed), self._ports(unknown)
            result[key] = result.get(key, 0) | to
        return tuple((*both, to) for both, to in result.items())

    def _ports(self, numbers: int) -> PortSet:
        found = self._joined.get(numbers)
        if found is None:
            found = NO_PORT
            for ports, number in self._numbers.items():
                if numbers >> number & 1:
                    found |= ports
            self._joined[numbers] = found
        return found


def _refined(parts: dict[tuple[int, int], int], ends: int, more: tuple[int, int]) -> dict[tuple[int, int], int]:
    """Sets of destinations by what is known of them, after something more is known of some."""
    if not ends:
        return parts
    after: dict[tuple[int, int], int] = {}
    left = ends
    for key, to in parts.items():
        common = to & left
        if not common:
            after[key] = after.get(key, 0) | to
            continue
        left ^= common
        joined = key[0] | more[0], key[1] | more[1]
        after[joined] = after.get(joined, 0) | common
        if common != to:
            after[key] = after.get(key, 0) | (to ^ common)
    if left:
        after[more] = after.get(more, 0) | left
    return after


def _table(reach: Reach, extra: tuple[Newcomer, ...], rows: Iterable[Row]) -> Table:
    pods = list(reach.network.pods.values())
    place = {pod: number for number, pod in enumerate(pods)}
    outside = len(pods) + len(extra)
    groups = (
        *(tuple(sorted(place[member] for member in one.members)) for one in reach.classes.pods),
        *((outside + number,) for number in range(len(reach.classes.outside))),
        *((len(pods) + number,) for number in range(len(extra))),
    )
    endpoints = (*map(endpoint_of, pods), *(one.endpoint for one in extra), *map(endpoint_of, reach.classes.outside))
    return apart(Table(endpoints, groups, tuple(rows)), lambda place: endpoints[place].namespace)


def _rows(rows: Iterable[tuple[Together, ...]], ports: PortSet) -> Iterator[Row]:
    """The rows as outputs show them; equal ones are one object."""
    known: dict[tuple[Together, ...], Row] = {}
    for reached in rows:
        if reached not in known:
            known[reached] = _row(reached, ports)
        yield known[reached]


def _row(reached: Iterable[Together], ports: PortSet) -> Row:
    """What a source may open, as far as it is about these ports."""
    found: dict[tuple[PortSet, PortSet], int] = {}
    for allowed, unknown, to in reached:
        key = (allowed, unknown) if ports is EVERY_PORT else (allowed & ports, unknown & ports)
        if any(key):
            found[key] = found.get(key, 0) | to
    flows = (Flow(to, ports_of(allowed), ports_of(unknown)) for (allowed, unknown), to in found.items())
    return tuple(sorted(flows, key=lambda flow: flow.to & -flow.to))


def _with_newcomers(
    rows: Iterable[tuple[Together, ...]], reach: Reach, extra: tuple[Newcomer, ...]
) -> Iterator[tuple[Together, ...]]:
    """The rows of all classes with what they may open to newcomers, then the newcomers' own."""
    count, network = reach.classes.count, reach.network
    for number, row in enumerate(rows):
        if not extra:
            yield row
            continue
        source = reach.classes.end(number)
        yield (*row, *_one_by_one(network, source, {count + n: one.pod for n, one in enumerate(extra)}))
    ends: Mapping[int, End] = {number: reach.classes.end(number) for number in range(count)} if extra else {}
    for one in extra:
        yield _one_by_one(network, one.pod, ends)


def _one_by_one(network: Network, source: End, ends: Mapping[int, End]) -> tuple[Together, ...]:
    found: dict[tuple[PortSet, PortSet], list[int]] = {}
    for number, end in ends.items():
        traffic = network.traffic(source, end)
        found.setdefault((traffic.allowed, traffic.unknown), []).append(number)
    last = max(ends, default=0) + 1
    return tuple((*ports, from_positions(numbers, last)) for ports, numbers in found.items())


def _reasons(
    network: Network, table: Table, ends: Mapping[str, End], ports: PortSet
) -> Iterator[tuple[tuple[int, int], Reasons]]:
    for number, row in enumerate(table.rows):
        for flow in row:
            for to in positions(flow.to):
                pair = _two(table, number, to)
                if pair:
                    source, destination = (ends[one.id] for one in pair)
                    yield (number, to), reasons_of(network, source, destination, ports)


def reasons_of(network: Network, source: End, destination: End, ports: PortSet = EVERY_PORT) -> Reasons:
    """The rules that let a connection out and in, and why some of its ports are unknown."""
    traffic = network.traffic(source, destination)
    open_ports = (traffic.allowed | traffic.unknown) & ports
    doubts = (*traffic.egress.why_unknown(traffic.unknown), *traffic.ingress.why_unknown(traffic.unknown))
    return Reasons(
        traffic.egress.decisions(open_ports), traffic.ingress.decisions(open_ports), tuple(dict.fromkeys(doubts))
    )


def _two(table: Table, source: int, destination: int) -> tuple[Endpoint, ...]:
    """Two different endpoints that stand for two groups; none where the group has no second member."""
    first, second = table.groups[source][0], table.groups[destination][0]
    if source == destination:
        if len(table.groups[source]) == 1:
            return ()
        second = table.groups[source][1]
    return table.endpoints[first], table.endpoints[second]
