"""The answer of `map` as a value: the endpoints of each unit and every connection its policies allow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from netpol_lint.source.location import Location


class PortSpan(NamedTuple):
    """Consecutive ports of one protocol, both ends included."""

    protocol: str
    first: int
    last: int

    def __str__(self) -> str:
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


NO_PORTS = Ports(all=False, spans=())
ALL_PORTS = Ports(all=True, spans=())


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A workload, or a class of addresses outside the unit that no policy tells apart."""

    id: str
    """`namespace/Kind/name`, or the blocks in words: `0.0.0.0/0 - 10.0.0.0/8`."""
    kind: str
    namespace: str = ""
    name: str = ""
    blocks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """A rule that decided a connection on one side."""

    policy: str
    tier: str
    action: str
    rule: str
    at: Location


@dataclass(frozen=True, slots=True)
class Connection:
    """What one endpoint may open to another. `unknown` are the ports that the network plugin decides."""

    source: str
    destination: str
    ports: Ports
    unknown: Ports = NO_PORTS
    egress: tuple[Decision, ...] = ()
    ingress: tuple[Decision, ...] = ()
    """The rules that decided, where they were asked for; none for a side that no policy isolates."""


@dataclass(frozen=True, slots=True)
class UnitMap:
    """All connections of one unit, sorted by source and destination."""

    unit: str
    endpoints: tuple[Endpoint, ...]
    connections: tuple[Connection, ...]
