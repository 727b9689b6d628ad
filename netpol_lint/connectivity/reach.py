"""Every connection of a network, worked out between classes of pods and never pair by pair."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Final, NamedTuple

from netpol_lint.algebra.bitsets import positions, span
from netpol_lint.algebra.ports import EVERY_PORT, NO_PORT, PortSet
from netpol_lint.cluster.cluster import Cluster
from netpol_lint.connectivity.classes import Classes
from netpol_lint.connectivity.crowd import Crowd
from netpol_lint.connectivity.network import Network
from netpol_lint.connectivity.rows import Row, Rows
from netpol_lint.resources.policy import Direction

_AT_ONCE: Final = 2048
"""For so many sources at a time it is noted who lets them in: more cost memory, fewer cost time."""


class Reached(NamedTuple):
    """Destinations of which a source may open some ports."""

    ports: PortSet
    allowed: int
    unknown: int
    """Destinations of which it is unknown whether it may."""


class FromSource(NamedTuple):
    """Everything that one class of pods, or of addresses, may reach."""

    source: int
    reached: tuple[Reached, ...]
    """For each destination each port is in one of them at most; what is in none is denied."""


class _Entry(NamedTuple):
    """Other ends of a row with which some ports are allowed, or undecided."""

    ports: PortSet
    allowed: int
    undecided: int


class Reach:
    """Who reaches whom in a cluster, by the numbers of the classes."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.classes = Classes(network)
        self._crowd = Crowd(network, self.classes)
        self._common: dict[tuple[PortSet, PortSet], PortSet] = {}

    @classmethod
    def of(cls, cluster: Cluster) -> Reach:
        """The reachability of a cluster, set up once."""
        return cluster.once(_reach)

    @cached_property
    def egress(self) -> tuple[Row, ...]:
        """What the policies of the sources say."""
        return tuple(Rows(self.network, self._crowd, Direction.EGRESS).all())

    @cached_property
    def ingress(self) -> tuple[Row, ...]:
        """What the policies of the destinations say."""
        return tuple(Rows(self.network, self._crowd, Direction.INGRESS).all())

    def all(self) -> Iterator[FromSource]:
        """What each class of sources reaches, in order. A class reaching itself is one of its pods reaching another."""
        leaving: list[tuple[_Entry, ...]] = [()] * self.classes.count
        for row in self.egress:
            entries = tuple(_entries(row))
            for number in positions(row.members):
                leaving[number] = entries
        letting_in = self._letting_in()
        for first in range(0, self.classes.count, _AT_ONCE):
            last = min(first + _AT_ONCE, self.classes.count)
            admitted = _admitted(letting_in, first, last)
            for source in range(first, last):
                yield FromSource(source, tuple(self._reached(source, leaving[source], admitted[source - first])))

    def _letting_in(self) -> dict[tuple[PortSet, int, bool], int]:
        """The destinations, by ports and sources they let in: those allowed (True), those undecided (False)."""
        found: dict[tuple[PortSet, int, bool], int] = {}
        for row in self.ingress:
            for ports, allowed, undecided in _entries(row):
                for sources, certain in ((allowed, True), (undecided, False)):
                    if sources:
                        key = ports, sources, certain
                        found[key] = found.get(key, 0) | row.members
        return found

    def _reached(self, source: int, leaving: Iterable[_Entry], admitted: dict[PortSet, list[int]]) -> Iterator[Reached]:
        reachable = self.classes.everyone if source < len(self.classes.pods) else self.classes.every_pod
        result: dict[PortSet, list[int]] = {}
        for out_ports, allowed, undecided in leaving:
            for in_ports, (let_in, perhaps) in admitted.items():
                both = allowed & let_in & reachable
                unknown = ((allowed | undecided) & (let_in | perhaps) & reachable) & ~both if undecided | perhaps else 0
                if both | unknown:
                    ports = self._ports_of(out_ports, in_ports)
                    if ports:
                        own = result.setdefault(ports, [0, 0])
                        own[0] |= both
                        own[1] |= unknown
        return (Reached(ports, *ends) for ports, ends in result.items())

    def _ports_of(self, leaving: PortSet, entering: PortSet) -> PortSet:
        key = leaving, entering
        found = self._common.get(key)
        if found is None:
            found = self._common[key] = leaving & entering
        return found


def _entries(row: Row) -> Iterator[_Entry]:
    """What a row allows: first what it says of every port alike, then what it says of some ports besides."""
    always, ever = -1, -1
    for _, ends in row.by_ports:
        always &= ends.allowed
        ever &= ends.undecided
    if always or ever:
        yield _Entry(EVERY_PORT, always, ever)
    for ports, ends in row.by_ports:
        allowed, undecided = ends.allowed & ~always, ends.undecided & ~ever
        if allowed or undecided:
            yield _Entry(ports, allowed, undecided)


def _admitted(
    letting_in: dict[tuple[PortSet, int, bool], int], first: int, last: int
) -> list[dict[PortSet, list[int]]]:
    """For each source from `first` on, by ports: the destinations that let it in, and those that may."""
    window = span(0, last - first)
    found: list[dict[PortSet, list[int]]] = [{} for _ in range(first, last)]
    for (ports, sources, certain), destinations in letting_in.items():
        which = 0 if certain else 1
        for at in positions(sources >> first & window):
            ends = found[at].get(ports)
            if ends is None:
                ends = found[at][ports] = [0, 0]
            ends[which] |= destinations
    return found


def _reach(cluster: Cluster) -> Reach:
    return Reach(Network.of(cluster))


__all__ = ["NO_PORT", "FromSource", "Reach", "Reached"]
