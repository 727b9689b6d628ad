"""The answer of `map` as a value: the endpoints of each unit and every connection its policies allow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, TypeAlias

from netpol_lint.algebra.bitsets import from_positions, positions
from netpol_lint.algebra.ports import EVERY_PORT, HIGHEST, NO_PORT, PortSet, ports
from netpol_lint.records import NamedTuple
from netpol_lint.source.location import Location

OUTSIDE: Final = "CIDR"
"""The kind of a class of addresses."""
FUTURE: Final = "FuturePod"
"""The kind of a pod that does not exist."""


class PortSpan(NamedTuple):
    """Consecutive ports of one protocol, both ends included."""

    protocol: str
    first: int
    last: int

    def __str__(self) -> str:
        if (self.first, self.last) == (1, HIGHEST):
            return f"all {self.protocol}"
        ports = str(self.first) if self.first == self.last else f"{self.first}-{self.last}"
        return f"{self.protocol}/{ports}"


class Ports(NamedTuple):
    """The ports of a connection: all of TCP, UDP and SCTP, or a sorted, merged list."""

    all: bool
    spans: tuple[PortSpan, ...]

    def __str__(self) -> str:
        return "all" if self.all else ", ".join(map(str, self.spans))

    def __bool__(self) -> bool:
        return self.all or bool(self.spans)

    @property
    def set(self) -> PortSet:
        """The same as a set to reckon with."""
        found = EVERY_PORT if self.all else NO_PORT
        for span in self.spans:
            found |= ports(*span)
        return found


NO_PORTS: Final = Ports(all=False, spans=())
ALL_PORTS: Final = Ports(all=True, spans=())


@lru_cache(maxsize=65536)
def ports_of(numbers: PortSet) -> Ports:
    """A set of ports as outputs show it."""
    if numbers == EVERY_PORT:
        return ALL_PORTS
    return Ports(all=False, spans=tuple(PortSpan(*span) for span in numbers.port_spans()))


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A workload, a class of addresses outside the unit that no policy tells apart, or a pod that does not exist."""

    id: str
    """`namespace/Kind/name`, or the blocks in words: `0.0.0.0/0 - 10.0.0.0/8`."""
    kind: str
    namespace: str = ""
    name: str = ""
    blocks: tuple[str, ...] = ()
    labels: tuple[tuple[str, str], ...] = ()
    """Of a pod that does not exist: what it is supposed to have; likewise its namespace."""
    namespace_labels: tuple[tuple[str, str], ...] = ()

    @property
    def is_outside(self) -> bool:
        return self.kind == OUTSIDE


@dataclass(frozen=True, slots=True)
class Decision:
    """A rule that decided a connection on one side."""

    policy: str
    tier: str
    action: str
    rule: str
    at: Location


class Reasons(NamedTuple):
    """The rules that let a connection out and in, and what leaves some of its ports unknown."""

    egress: tuple[Decision, ...] = ()
    """None for a side that no policy isolates."""
    ingress: tuple[Decision, ...] = ()
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Connection:
    """What one endpoint may open to another. `unknown` are the ports of which that cannot be said."""

    source: Endpoint
    destination: Endpoint
    ports: Ports
    unknown: Ports = NO_PORTS


class Flow(NamedTuple):
    """What each member of one group may open to each member of some others."""

    to: int
    """The groups of destinations: bit `n` stands for the `n`-th."""
    ports: Ports
    unknown: Ports = NO_PORTS


Row: TypeAlias = tuple[Flow, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Connections, kept by groups of endpoints that are treated alike, so that not every pair costs memory."""

    endpoints: tuple[Endpoint, ...]
    """In the order of every output: workloads by id, pods that do not exist, addresses."""
    groups: tuple[tuple[int, ...], ...]
    """The places of the members among the endpoints, ascending; every endpoint is in one group. Those of a group are of
    one namespace."""
    rows: tuple[Row, ...]
    """For each group what its members may open; for the group itself, what one member may open to another."""

    def members(self, groups: int) -> list[Endpoint]:
        """The endpoints of a set of groups, in order."""
        return [self.endpoints[place] for place in self.places(groups)]

    def places(self, groups: int) -> list[int]:
        """Where the endpoints of a set of groups stand."""
        return sorted(place for group in positions(groups) for place in self.groups[group])

    def group_of(self) -> list[int]:
        """For each endpoint the number of its group."""
        numbers = [0] * len(self.endpoints)
        for number, group in enumerate(self.groups):
            for place in group:
                numbers[place] = number
        return numbers

    def connections(self) -> Iterator[Connection]:
        """Every connection by source and destination, made as it is asked for. None is of an endpoint to itself."""
        for place, group in enumerate(self.group_of()):
            source = self.endpoints[place]
            reached = [(to, flow) for flow in self.rows[group] for to in self.places(flow.to) if to != place]
            for to, flow in sorted(reached):
                yield Connection(source, self.endpoints[to], flow.ports, flow.unknown)

    @property
    def count(self) -> int:
        """The number of connections, which are not enumerated for that."""
        sizes = Sizes(self)
        reached = {row: sum(sizes.of(flow.to) for flow in row) for row in dict.fromkeys(self.rows)}
        total = 0
        for number, row in enumerate(self.rows):
            itself = any(flow.to >> number & 1 for flow in row)
            total += len(self.groups[number]) * (reached[row] - itself)
        return total


class Sizes:
    """How many endpoints there are in sets of the groups of a table."""

    def __init__(self, table: Table) -> None:
        by_size: dict[int, list[int]] = {}
        for number, group in enumerate(table.groups):
            by_size.setdefault(len(group), []).append(number)
        self._groups = [(size, from_positions(numbers, len(table.groups))) for size, numbers in by_size.items()]

    def of(self, groups: int) -> int:
        """The number of endpoints in a set of groups."""
        return sum(size * (groups & of_size).bit_count() for size, of_size in self._groups)


@dataclass(frozen=True, slots=True)
class UnitMap:
    """All connections of one unit."""

    unit: str
    table: Table
    reasons: Mapping[tuple[int, int], Reasons] = field(default_factory=dict)
    """By the numbers of two groups, where they were asked for and are not too many."""
    is_part: bool = False
    """Whether connections between some of the endpoints are left out because they were not asked for."""
