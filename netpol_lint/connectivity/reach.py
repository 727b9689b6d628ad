"""Every connection of a network, worked out between classes of pods and never pair by pair."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Final, TypeAlias

from netpol_lint.algebra.bitsets import positions, span
from netpol_lint.algebra.ports import PortSet
from netpol_lint.cluster.cluster import Cluster
from netpol_lint.connectivity.classes import Classes
from netpol_lint.connectivity.crowd import Crowd
from netpol_lint.connectivity.network import Network
from netpol_lint.connectivity.pieces import Entry
from netpol_lint.connectivity.port_cells import PortCells
from netpol_lint.connectivity.rows import Rows
from netpol_lint.records import NamedTuple
from netpol_lint.resources.policy import Direction
from netpol_lint.source.garbage import no_collection

_AT_ONCE: Final = 512
"""For so many sources at a time it is noted who lets them in: more cost memory, fewer cost time."""
_MANY: Final = 32
_ByPorts: TypeAlias = dict[int, int]
"""Destinations by the ports, as a mask, on which they let a source in."""


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
    """A destination may be in several: all their ports count. A port is not both allowed and unknown; what is in none
    is denied."""


class Reach:
    """Who reaches whom in a cluster, by the numbers of the classes."""

    def __init__(self, network: Network) -> None:
        self.network = network
        with no_collection():
            self.classes = Classes(network)
            self._crowd = Crowd(network, self.classes)
        ports_meant = {rule.ports for _, rule in network.rules()}
        named = (named for ports in ports_meant for named, _ in self._crowd.resolved(ports))
        self._cells = PortCells(ports for one in named for ports in one)

    @classmethod
    def of(cls, cluster: Cluster) -> Reach:
        """The reachability of a cluster, set up once."""
        return cluster.once(_reach)

    def prepare(self) -> None:
        """Work out what the policies say on either side, so that `all` only joins the two."""
        _ = self._leaving, self._letting_in

    def all(self) -> Iterator[FromSource]:
        """What each class of sources reaches, in order. A class reaching itself is one of its pods reaching another."""
        for first in range(0, self.classes.count, _AT_ONCE):
            last = min(first + _AT_ONCE, self.classes.count)
            with no_collection():
                allowed, undecided = (_admitted(letting_in, first, last) for letting_in in self._letting_in)
            for source in range(first, last):
                at = source - first
                yield FromSource(source, tuple(self._reached(source, allowed[at], undecided[at])))

    @cached_property
    def _leaving(self) -> list[tuple[Entry, ...]]:
        """What the policies of each class let out."""
        leaving: list[tuple[Entry, ...]] = [()] * self.classes.count
        with no_collection():
            for row in self._rows(Direction.EGRESS).by_pods():
                for number in positions(row.members):
                    leaving[number] = row.entries
        return leaving

    @cached_property
    def _letting_in(self) -> tuple[Mapping[tuple[int, int], int], Mapping[tuple[int, int], int]]:
        """The destinations, by ports and by the sources that they let in; and those of which that is undecided."""
        allowed: dict[tuple[int, int], int] = {}
        undecided: dict[tuple[int, int], int] = {}
        with no_collection():
            for row in self._rows(Direction.INGRESS).by_policies():
                for entry in row.entries:
                    for sources, found in ((entry.allowed, allowed), (entry.undecided, undecided)):
                        if sources:
                            key = entry.ports, sources
                            found[key] = found.get(key, 0) | row.members
        return allowed, undecided

    def _rows(self, direction: Direction) -> Rows:
        return Rows(self.network, self._crowd, self._cells, direction)

    def _reached(self, source: int, let_in: _ByPorts, perhaps: _ByPorts) -> Iterator[Reached]:
        reachable = self.classes.everyone if source < len(self.classes.pods) else self.classes.every_pod
        allowed: _ByPorts = {}
        possible: _ByPorts = {}
        for ports, leaving, undecided in self._leaving[source]:
            _meet(ports, leaving & reachable, let_in, allowed)
            if perhaps:
                _meet(ports, (leaving | undecided) & reachable, perhaps, possible)
            if undecided:
                _meet(ports, undecided & reachable, let_in, possible)
        unknown = self._only_possible(possible, allowed) if possible else {}
        for ports, ends in allowed.items():
            yield Reached(self._cells.ports(ports), ends, unknown.pop(ports, 0))
        for ports, ends in unknown.items():
            yield Reached(self._cells.ports(ports), 0, ends)

    def _only_possible(self, possible: _ByPorts, allowed: _ByPorts) -> _ByPorts:
        """What is possible and not allowed."""
        unknown: _ByPorts = {}
        for cell in self._cells.cut((*possible, *allowed)):
            ends = 0
            for ports, some in possible.items():
                ends |= some if ports & cell else 0
            for ports, some in allowed.items() if ends else ():
                if ports & cell:
                    ends &= ~some
            if ends:
                unknown[cell] = ends
        return unknown


def _meet(ports: int, leaving: int, entering: _ByPorts, result: _ByPorts) -> None:
    """Add to the result what is let out on some ports and let in on them too."""
    for let_in, destinations in entering.items():
        common = ports & let_in
        if common:
            both = leaving & destinations
            if both:
                result[common] = result.get(common, 0) | both


def _admitted(letting_in: Mapping[tuple[int, int], int], first: int, last: int) -> list[_ByPorts]:
    """For each source from `first` on: the destinations that let it in.

    What lets in many sources lets in the same ones again and again (whole namespaces), often one after the other: it is
    added up once for all.
    """
    window = span(0, last - first)
    known = tuple(letting_in.items())
    beginning_or_ending: list[list[int]] = [[] for _ in range(first, last + 1)]
    wide: list[list[int]] = [[] for _ in range(first, last)]
    narrow: list[list[int]] = [[] for _ in range(first, last)]
    for number, ((_, sources), _) in enumerate(known):
        found = sources >> first & window
        if not found:
            continue
        changes = found ^ found << 1
        if changes.bit_count() < found.bit_count():
            into, found = beginning_or_ending, changes
        else:
            into = wide if sources.bit_count() > _MANY else narrow
        for at in positions(found):
            into[at].append(number)
    shared: dict[tuple[int, ...], _ByPorts] = {}
    result: list[_ByPorts] = []
    going_on: set[int] = set()
    runs: tuple[int, ...] = ()
    for toggled, many, few in zip(beginning_or_ending, wide, narrow, strict=False):
        if toggled:
            going_on.symmetric_difference_update(toggled)
            runs = tuple(sorted(going_on))
        key = (*runs, *many)
        if key not in shared:
            shared[key] = _united({}, (known[number] for number in key))
        result.append(_united(shared[key], (known[number] for number in few)) if few else shared[key])
    return result


def _united(by_ports: _ByPorts, letting_in: Iterable[tuple[tuple[int, int], int]]) -> _ByPorts:
    result = by_ports.copy()
    for (ports, _), destinations in letting_in:
        result[ports] = result.get(ports, 0) | destinations
    return result


def _reach(cluster: Cluster) -> Reach:
    return Reach(Network.of(cluster))
