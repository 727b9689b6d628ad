"""From the reachability of a cluster to its map: endpoints with names, ports as outputs show them, the rules behind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, TypeAlias

from netpol_lint.algebra.bitsets import from_positions, positions
from netpol_lint.algebra.ports import EVERY_PORT, PortSet
from netpol_lint.connectivity.choosing import EVERYTHING, Choice, chosen
from netpol_lint.connectivity.connections import OUTSIDE, Endpoint, Flow, Reasons, Row, Table, UnitMap, ports_of
from netpol_lint.connectivity.endpoints import End, Outside, Pod
from netpol_lint.connectivity.exposure import Newcomer, newcomers
from netpol_lint.connectivity.network import Network
from netpol_lint.connectivity.reach import Reach

Reached: TypeAlias = tuple[int, PortSet, PortSet]
"""A set of groups, the ports that are allowed, and those of which it is unknown."""
_MOST_REASONS: Final = 40_000
"""Pairs of groups whose rules are worked out one by one: some seconds, some megabytes."""


def unit_map(unit: str, reach: Reach, choice: Choice = EVERYTHING) -> UnitMap:
    """The connections of a unit. Nothing of it where none of the endpoints in focus is in the unit.

    NetpolLintError if a name in focus means several workloads.
    """
    extra = newcomers(reach.network) if choice.exposure else ()
    rows = _with_newcomers((one.reached for one in reach.all()), reach, extra)
    table = chosen(_table(reach, extra, (_row(reached, choice.ports) for reached in rows)), choice)
    if not choice.reasons:
        return UnitMap(unit, table)
    pairs = sum(len(list(positions(flow.to))) for row in table.rows for flow in row)
    if pairs > _MOST_REASONS:
        return UnitMap(unit, table, reasons_left_out=True)
    ends = {end.id: end for end in (*reach.network.pods.values(), *reach.classes.outside, *(one.pod for one in extra))}
    return UnitMap(unit, table, dict(_reasons(reach.network, table, ends, choice.ports)))


def endpoint_of(end: End) -> Endpoint:
    """A workload or a class of addresses as outputs name it."""
    if isinstance(end, Outside):
        return Endpoint(end.id, OUTSIDE, blocks=tuple(map(str, end.addresses.blocks())))
    namespace, kind, name = end.id.split("/", 2)
    return Endpoint(end.id, kind, namespace, name)


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
    return Table(endpoints, groups, tuple(rows))


def _row(reached: Iterable[Reached], ports: PortSet) -> Row:
    """What a source may open, as far as it is about these ports."""
    found: dict[tuple[PortSet, PortSet], int] = {}
    for to, allowed, unknown in reached:
        if ports is not EVERY_PORT:
            allowed, unknown = allowed & ports, unknown & ports
        if allowed or unknown:
            found[allowed, unknown] = found.get((allowed, unknown), 0) | to
    flows = (Flow(to, ports_of(allowed), ports_of(unknown)) for (allowed, unknown), to in found.items())
    return tuple(sorted(flows, key=lambda flow: flow.to & -flow.to))


def _with_newcomers(
    rows: Iterable[Iterable[Reached]], reach: Reach, extra: tuple[Newcomer, ...]
) -> Iterator[Iterable[Reached]]:
    """The rows of all classes with what they may open to newcomers, then the newcomers' own."""
    count, network = reach.classes.count, reach.network
    for number, row in enumerate(rows):
        source = reach.classes.end(number)
        yield (*row, *_one_by_one(network, source, {count + n: one.pod for n, one in enumerate(extra)}))
    ends: Mapping[int, End] = {number: reach.classes.end(number) for number in range(count)} if extra else {}
    for one in extra:
        yield _one_by_one(network, one.pod, ends)


def _one_by_one(network: Network, source: End, ends: Mapping[int, End]) -> tuple[Reached, ...]:
    found: dict[tuple[PortSet, PortSet], list[int]] = {}
    for number, end in ends.items():
        traffic = network.traffic(source, end)
        found.setdefault((traffic.allowed, traffic.unknown), []).append(number)
    last = max(ends, default=0) + 1
    return tuple((from_positions(numbers, last), *ports) for ports, numbers in found.items())


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
