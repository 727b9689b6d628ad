"""What a pod's policies say about every other end at once: one row for all pods that the same policies select."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TypeAlias

from netpol_lint.algebra.addresses import AddressSet
from netpol_lint.algebra.bitsets import positions
from netpol_lint.algebra.intervals import partition
from netpol_lint.connectivity.crowd import Crowd
from netpol_lint.connectivity.evaluator import Applied, Hit, Layer, Outcome, decide
from netpol_lint.connectivity.form import Policy, Rule, Tier
from netpol_lint.connectivity.network import Network
from netpol_lint.connectivity.pieces import Entry, Piece, Pieces, as_one
from netpol_lint.connectivity.port_cells import PortCells
from netpol_lint.connectivity.sides import spoken_by
from netpol_lint.records import NamedTuple
from netpol_lint.resources.cluster_policy import Action
from netpol_lint.resources.policy import Direction

_Ends: TypeAlias = Outcome[int]
"""The other ends with which something may be allowed, and with which it may be denied."""


class Row(NamedTuple):
    """Classes of pods with what their policies say in one direction.

    Rows and entries add up: what one of them allows is allowed; the rest of what one leaves undecided is undecided.
    """

    members: int
    entries: tuple[Entry, ...]


class _Place(NamedTuple):
    """A policy in the order of all that count in the direction."""

    tier: int
    group: int
    policy: Policy
    adds_up: bool
    """Whether it only allows, and isolates whom it selects, in a tier without priorities: then rules just add up."""


class _Key(NamedTuple):
    """What a row depends on."""

    selecting: tuple[int, ...]
    """Twice the number of each policy that selects the pods, plus one where it only may."""
    named: tuple[int, ...]
    """For ingress: what the port names of its rules stand for on them."""
    versions: frozenset[int]


class _Block(NamedTuple):
    """A policy that selects, or may select, the pods of a row."""

    place: _Place
    certain: bool
    pieces: tuple[Piece, ...]


class Rows:
    """The rows of one direction."""

    def __init__(self, network: Network, crowd: Crowd, cells: PortCells, direction: Direction) -> None:
        self._crowd = crowd
        self._cells = cells
        self._direction = direction
        self._ranges = network.ranges
        self._tiers: Sequence[Tier] = network.tiers
        self._places = tuple(_places(network, direction))
        self._pieces = Pieces(crowd, cells, network.ranges, direction)

    def by_pods(self) -> Iterator[Row]:
        """Rows of which each class is in one. Addresses have no policies: they are with the pods that have none."""
        chosen = 0
        for key, numbers in self._selected.items():
            members = self._crowd.classes.where(numbers)
            chosen |= members
            blocks = self._blocks(key, members)
            yield Row(members, tuple(self._added_up(blocks) if self._is_simple(key) else self._decided(blocks, key)))
        yield self._row_without_policies(chosen)

    def by_policies(self) -> Iterator[Row]:
        """The same where it may be one row for each rule of a policy, not for each set of policies.

        There are many more sets of policies than policies, and where policies add up it makes no difference.
        """
        chosen = 0
        simple: dict[frozenset[int], list[int]] = {}
        for key, numbers in self._selected.items():
            members = self._crowd.classes.where(numbers)
            chosen |= members
            if self._is_simple(key):
                simple.setdefault(key.versions, []).extend(numbers)
            else:
                yield Row(members, tuple(self._decided(self._blocks(key, members), key)))
        yield self._row_without_policies(chosen)
        for versions, numbers in simple.items():
            yield from self._rules(self._crowd.classes.where(numbers), versions)

    def _row_without_policies(self, chosen: int) -> Row:
        everyone = self._crowd.classes.everyone
        return Row(everyone & ~chosen, (Entry(self._cells.all, everyone, 0),))

    def _rules(self, members: int, versions: frozenset[int]) -> Iterator[Row]:
        """The rules of the policies that select only pods for which policies add up."""
        for place in self._places:
            subjects = self._crowd.classes.meant(place.policy.subjects).certain & members
            if subjects and place.adds_up:
                for piece in self._pieces.of(place.policy, versions):
                    own = subjects & piece.destinations if self._direction is Direction.INGRESS else subjects
                    if own:
                        yield Row(own, tuple(piece.entries()))
        if self._spared:
            yield Row(members, (Entry(self._cells.all, 0, self._spared),))

    # -- which policies select which pods -------------------------------------------------------------------

    @cached_property
    def _selected(self) -> Mapping[_Key, list[int]]:
        """The classes that some policy selects, or may select, by what their row depends on."""
        pods = self._crowd.classes.pods
        selecting: list[list[int]] = [[] for _ in pods]
        for number, place in enumerate(self._places):
            bits = self._crowd.classes.meant(place.policy.subjects)
            for at in positions(bits.certain):
                selecting[at].append(2 * number + bool(place.policy.doubt))
            for at in positions(bits.possible):
                selecting[at].append(2 * number + 1)
        named = [tuple(self._named_rules(place.policy)) for place in self._places]
        rows: dict[_Key, list[int]] = {}
        for at, numbers in enumerate(selecting):
            if numbers:
                meanings = tuple(self._meaning(rule, at) for number in numbers for rule in named[number >> 1])
                rows.setdefault(_Key(tuple(numbers), meanings, spoken_by(pods[at].pod)), []).append(at)
        return rows

    def _named_rules(self, policy: Policy) -> Iterator[Rule]:
        """The rules with port names that depend on the pods of the row: for egress they depend on the other ends."""
        if self._direction is Direction.INGRESS:
            yield from (rule for rule in policy.rules(self._direction) if rule.ports.names)

    def _meaning(self, rule: Rule, at: int) -> int:
        """Which of all the meanings of a rule's port names holds on a pod, as a number."""
        return next(n for n, (_, ends) in enumerate(self._crowd.resolved(rule.ports)) if ends >> at & 1)

    def _is_simple(self, key: _Key) -> bool:
        """Whether the policies over the pods just add up, and no pod of unknown address is admitted by address."""
        if any(number & 1 or not self._places[number >> 1].adds_up for number in key.selecting):
            return False
        policies = [self._places[number >> 1].policy for number in key.selecting]
        return not self._pieces.may_admit_by_address(policies, key.versions)

    @cached_property
    def _spared(self) -> int:
        """The ends that may be the node a pod runs on."""
        classes, nodes = self._crowd.classes, self._ranges.nodes
        if not self._ranges.nodes_known:
            return classes.exempt
        first = len(classes.pods)
        on_nodes = (first + n for n, one in enumerate(classes.outside) if not nodes.disjoint(one.addresses))
        return classes.exempt | classes.where(on_nodes)

    # -- what they say --------------------------------------------------------------------------------------

    def _blocks(self, key: _Key, members: int) -> tuple[_Block, ...]:
        return tuple(
            _Block(
                self._places[number >> 1],
                not number & 1,
                tuple(
                    piece
                    for piece in self._pieces.of(self._places[number >> 1].policy, key.versions)
                    if self._direction is Direction.EGRESS or piece.destinations & members
                ),
            )
            for number in key.selecting
        )

    def _added_up(self, blocks: Iterable[_Block]) -> Iterator[Entry]:
        by_ports: dict[int, tuple[int, int]] = {}
        for block in blocks:
            for piece in block.pieces:
                for ports, allowed, undecided in piece.entries():
                    before = by_ports.get(ports, (0, 0))
                    by_ports[ports] = before[0] | allowed, before[1] | undecided
        alike: dict[tuple[int, int], int] = {}
        for cell in self._cells.cut(by_ports):
            allowed, undecided = 0, self._spared
            for ports, ends in by_ports.items():
                if ports & cell:
                    allowed |= ends[0]
                    undecided |= ends[1]
            alike[allowed, undecided] = alike.get((allowed, undecided), 0) | cell
        for (allowed, undecided), cell in alike.items():
            if allowed or undecided:
                yield Entry(cell, allowed, undecided & ~allowed)

    def _decided(self, blocks: Sequence[_Block], key: _Key) -> Iterator[Entry]:
        masks = dict.fromkeys(
            mask for block in blocks for piece in block.pieces for mask in (piece.sure, piece.possible)
        )
        alike: dict[_Ends, int] = {}
        for cell in self._cells.cut(masks):
            ends = self._ends(blocks, cell, key.versions)
            alike[ends] = alike.get(ends, 0) | cell
        for ends, cell in alike.items():
            if ends.may_allow:
                yield Entry(cell, ends.allowed, ends.undecided)

    def _ends(self, blocks: Sequence[_Block], cell: int, versions: frozenset[int]) -> _Ends:
        """What the policies say of all ends about the ports of a cell."""
        rest = self._crowd.classes.everyone
        outcome: _Ends = Outcome(0, 0)
        by_address = [
            one for block in blocks for piece in block.pieces for one in piece.meant.by_address if piece.possible & cell
        ]
        for ends in self._crowd.spaces if by_address else ():
            rest &= ~ends
            sets = {addresses for some, addresses in by_address if some & ends}
            for inside in _cases(self._pieces.addresses_in(ends, versions), sets):
                outcome |= decide(self._layers(blocks, cell, inside), ends, [])
        return outcome | decide(self._layers(blocks, cell, frozenset()), rest, [])

    def _layers(self, blocks: Iterable[_Block], cell: int, inside: frozenset[AddressSet]) -> list[Layer[int]]:
        tiers: dict[int, dict[int, list[Applied[int]]]] = {}
        adding_up: dict[tuple[int, int], tuple[Policy, list[Hit[int]]]] = {}
        for place, certain, pieces in blocks:
            hits = tuple(piece.hit(cell, inside) for piece in pieces if piece.possible & cell)
            if certain and place.adds_up:
                adding_up.setdefault((place.tier, place.group), (place.policy, []))[1].extend(hits)
                continue
            applied = Applied(place.policy, certain, self._direction in place.policy.isolates, hits)
            tiers.setdefault(place.tier, {}).setdefault(place.group, []).append(applied)
        for (tier, group), (policy, hits_of_all) in adding_up.items():
            applied = Applied(policy, certain=True, isolates=True, hits=tuple(as_one(hits_of_all)))
            tiers.setdefault(tier, {}).setdefault(group, []).append(applied)
        return [
            Layer(
                tuple(tuple(groups[group]) for group in sorted(groups)),
                self._tiers[tier].isolating,
                self._spared if self._tiers[tier].spares_own_node else 0,
            )
            for tier, groups in sorted(tiers.items())
        ]


def _places(network: Network, direction: Direction) -> Iterator[_Place]:
    for number, tier in enumerate(network.tiers):
        for level, group in enumerate(tier.groups):
            for policy in group:
                if policy.counts_for(direction):
                    adds_up = (
                        tier.isolating
                        and len(tier.groups) == 1
                        and direction in policy.isolates
                        and all(rule.action is Action.ALLOW for rule in policy.rules(direction))
                    )
                    yield _Place(number, level, policy, adds_up)


def _cases(space: AddressSet, sets: set[AddressSet]) -> Iterator[frozenset[AddressSet]]:
    """The classes of addresses: for each, the sets it is in."""
    ordered = sorted(sets, key=lambda addresses: addresses.bounds)
    for _, members in partition(space, ordered):
        yield frozenset(ordered[number] for number in members)
