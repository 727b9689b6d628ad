"""Every connection of a network, worked out between classes of pods and never pair by pair."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Final, NamedTuple

from netpol_lint.algebra.bitsets import positions, span
from netpol_lint.algebra.ports import PortSet
from netpol_lint.cluster.cluster import Cluster
from netpol_lint.connectivity.classes import Classes, classes_of
from netpol_lint.connectivity.crowd import Crowd
from netpol_lint.connectivity.evaluator import Outcome
from netpol_lint.connectivity.network import Network
from netpol_lint.connectivity.rows import Row, Rows
from netpol_lint.resources.policy import Direction

_AT_ONCE: Final = 2048
"""For so many sources at a time it is noted who lets them in: more cost memory, fewer cost time."""


class Reached(NamedTuple):
    """Destinations that a source may open the same ports of."""

    destinations: int
    allowed: PortSet
    unknown: PortSet


class FromSource(NamedTuple):
    """Everything that one class of pods, or of addresses, may reach."""

    source: int
    reached: tuple[Reached, ...]
    """Disjoint; a destination in none of them is denied every port."""


class Reach:
    """Who reaches whom in a cluster, by the numbers of the classes."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.classes: Classes = classes_of(network)
        self._crowd = Crowd(network, self.classes)
        self._both: dict[tuple[Outcome, Outcome], tuple[PortSet, PortSet]] = {}

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
        egress = {number: row for row in self.egress for number in positions(row.members)}
        letting_in = self._letting_in()
        for first in range(0, self.classes.count, _AT_ONCE):
            last = min(first + _AT_ONCE, self.classes.count)
            admitted = _admitted(letting_in, first, last)
            for source in range(first, last):
                yield FromSource(source, self._reached(source, egress[source], admitted[source - first]))

    def _letting_in(self) -> dict[tuple[Outcome, int], int]:
        """By what is allowed and to which sources: the destinations."""
        found: dict[tuple[Outcome, int], int] = {}
        for row in self.ingress:
            for outcome, sources in row.parts.items():
                found[outcome, sources] = found.get((outcome, sources), 0) | row.members
        return found

    def _reached(self, source: int, row: Row, admitted: dict[Outcome, int]) -> tuple[Reached, ...]:
        reachable = self.classes.everyone if source < len(self.classes.pods) else self.classes.every_pod
        result: dict[tuple[PortSet, PortSet], int] = {}
        for leaving, destinations in row.parts.items():
            for entering, letting in admitted.items():
                common = destinations & letting & reachable
                if common:
                    ports = self._together(leaving, entering)
                    if ports[0] or ports[1]:
                        result[ports] = result.get(ports, 0) | common
        return tuple(Reached(ends, *ports) for ports, ends in result.items())

    def _together(self, leaving: Outcome, entering: Outcome) -> tuple[PortSet, PortSet]:
        """The ports allowed, and those unknown, where both sides have their say."""
        key = leaving, entering
        found = self._both.get(key)
        if found is None:
            allowed = leaving.allowed & entering.allowed
            possible = leaving.may_allow & entering.may_allow
            found = self._both[key] = allowed, possible - allowed
        return found


def _admitted(letting_in: dict[tuple[Outcome, int], int], first: int, last: int) -> list[dict[Outcome, int]]:
    """For each source from `first` on: by what is allowed, the destinations that let it in."""
    window = span(0, last - first)
    found: list[dict[Outcome, int]] = [{} for _ in range(first, last)]
    for (outcome, sources), destinations in letting_in.items():
        for at in positions(sources >> first & window):
            own = found[at]
            own[outcome] = own.get(outcome, 0) | destinations
    return found


def _reach(cluster: Cluster) -> Reach:
    return Reach(Network.of(cluster))
