"""The rules of policies taken apart: which ports each matches of which ends, as bits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from netpol_lint.algebra.addresses import NO_ADDRESS, AddressSet
from netpol_lint.algebra.bitsets import positions
from netpol_lint.connectivity.crowd import Crowd, Meant
from netpol_lint.connectivity.evaluator import Hit
from netpol_lint.connectivity.form import Policy, Rule
from netpol_lint.connectivity.matching import Ranges, spoken
from netpol_lint.connectivity.port_cells import PortCells
from netpol_lint.records import NamedTuple
from netpol_lint.resources.policy import Direction


class Entry(NamedTuple):
    """Other ends with which some ports are allowed, or undecided."""

    ports: int
    """A mask of port cells."""
    allowed: int
    undecided: int


class Piece(NamedTuple):
    """A rule that matches some ports (as masks) of some ends."""

    rule: Rule
    sure: int
    possible: int
    meant: Meant
    destinations: int
    """Those on which the rule's port names stand for just these ports."""

    def entries(self) -> Iterator[Entry]:
        """What it lets through where rules add up and none lets pods of unknown address in for certain."""
        certain, possible, by_address = self.meant
        for ends, _ in by_address:
            possible |= ends
        if self.sure:
            yield Entry(self.sure, certain, possible)
        if self.possible != self.sure:
            yield Entry(self.possible & ~self.sure, 0, certain | possible)

    def hit(self, cell: int, inside: frozenset[AddressSet]) -> Hit[int]:
        """The ends it means on the ports of a cell, if their unknown address is in the sets `inside` and no other."""
        certain = self.meant.certain
        for ends, addresses in self.meant.by_address:
            if addresses in inside:
                certain |= ends
        return Hit(self.rule, certain if self.sure & cell else 0, certain | self.meant.possible)


class Pieces:
    """The rules of one direction in pieces. `versions` are always the families the policy's own pods speak."""

    def __init__(self, crowd: Crowd, cells: PortCells, ranges: Ranges, direction: Direction) -> None:
        self._crowd = crowd
        self._cells = cells
        self._ranges = ranges
        self._direction = direction
        self._of: dict[tuple[Policy, frozenset[int]], tuple[Piece, ...]] = {}
        self._addresses: dict[tuple[Policy, frozenset[int]], frozenset[tuple[int, AddressSet]]] = {}
        self._covering: dict[tuple[frozenset[tuple[int, AddressSet]], frozenset[int]], bool] = {}

    def of(self, policy: Policy, versions: frozenset[int]) -> tuple[Piece, ...]:
        """The rules of a policy, in order."""
        key = policy, versions
        found = self._of.get(key)
        if found is None:
            found = self._of[key] = tuple(self._make(policy, versions))
        return found

    def _make(self, policy: Policy, versions: frozenset[int]) -> Iterator[Piece]:
        for rule in policy.rules(self._direction):
            meant = self._crowd.peers(rule.peers, versions)
            for named, ends in self._crowd.resolved(rule.ports):
                if named.possible:
                    own = _within(meant, ends) if rule.ports.names and self._direction is Direction.EGRESS else meant
                    yield Piece(rule, self._cells.mask(named.sure), self._cells.mask(named.possible), own, ends)

    def may_admit_by_address(self, policies: Sequence[Policy], versions: frozenset[int]) -> bool:
        """Whether rules together mean every address that some pods of unknown address may have."""
        sets: set[tuple[int, AddressSet]] = set()
        for policy in policies:
            sets |= self._addresses_of(policy, versions)
        key = frozenset(sets), versions
        found = self._covering.get(key)
        if found is None:
            united: dict[int, AddressSet] = {}
            for space, addresses in sets:
                united[space] = united.get(space, NO_ADDRESS) | addresses
            found = self._covering[key] = any(
                addresses.covers(self.addresses_in(self._crowd.spaces[space], versions))
                for space, addresses in united.items()
            )
        return found

    def _addresses_of(self, policy: Policy, versions: frozenset[int]) -> frozenset[tuple[int, AddressSet]]:
        """The addresses by which a policy means pods of unknown address, with the number of their space."""
        key = policy, versions
        found = self._addresses.get(key)
        if found is None:
            found = self._addresses[key] = frozenset(
                (space, addresses)
                for piece in self.of(policy, versions)
                for some, addresses in piece.meant.by_address
                for space, ends in enumerate(self._crowd.spaces)
                if some & ends
            )
        return found

    def addresses_in(self, space: int, versions: frozenset[int]) -> AddressSet:
        """The addresses that the pods of a space (`Crowd.spaces`) may have."""
        pod = self._crowd.classes.pods[next(positions(space))].pod
        return spoken(self._ranges.possible(pod), versions)


def as_one(hits: Sequence[Hit[int]]) -> Iterator[Hit[int]]:
    """Rules that add up as one; nothing of none."""
    if hits:
        sure = possible = 0
        for hit in hits:
            sure |= hit.sure
            possible |= hit.possible
        yield Hit(hits[0].rule, sure, possible)


def _within(meant: Meant, ends: int) -> Meant:
    by_address = tuple((some & ends, addresses) for some, addresses in meant.by_address if some & ends)
    return Meant(meant.certain & ends, meant.possible & ends, by_address)
