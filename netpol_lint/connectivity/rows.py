"""What a pod's policies say about every other end at once: one row for all pods that the same policies select."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from netpol_lint.algebra.addresses import AddressSet
from netpol_lint.algebra.bitsets import positions
from netpol_lint.algebra.intervals import partition
from netpol_lint.algebra.ports import EVERY_PORT, NO_PORT, PortSet
from netpol_lint.connectivity.crowd import Crowd, Meant
from netpol_lint.connectivity.endpoints import Named, Pod
from netpol_lint.connectivity.evaluator import Applied, Hit, Layer, Outcome, decide
from netpol_lint.connectivity.form import Policy, PortName, Ports, Rule, Tier
from netpol_lint.connectivity.matching import ports_match, spoken
from netpol_lint.connectivity.network import Network
from netpol_lint.connectivity.sides import spoken_by
from netpol_lint.resources.cluster_policy import Action
from netpol_lint.resources.policy import Direction

Ends: TypeAlias = Outcome[int]
"""The other ends with which something may be allowed, and with which it may be denied."""


class Row(NamedTuple):
    """The classes of pods that share what their policies say in one direction."""

    members: int
    by_ports: tuple[tuple[PortSet, Ends], ...]
    """The ports in sets of which each is decided alike; they cover every port."""


class _Place(NamedTuple):
    """A policy in the order of all that count in the direction."""

    tier: int
    group: int
    policy: Policy


class _Key(NamedTuple):
    """What a row depends on."""

    selecting: tuple[int, ...]
    """Twice the number of each policy that selects the pods, plus one where it only may."""
    names: tuple[Named, ...]
    """What the port names of its rules stand for on them."""
    versions: frozenset[int]


class _Piece(NamedTuple):
    """A rule, or several that add up, matching some ports of some ends."""

    rule: Rule
    ports: Named
    meant: Meant


class _Block(NamedTuple):
    """A policy that selects the pods of a row, or several that add up."""

    policy: Policy
    certain: bool
    isolates: bool
    pieces: tuple[_Piece, ...]


class _Storey(NamedTuple):
    """A tier with those of its policies that select the pods of a row."""

    tier: Tier
    groups: tuple[tuple[_Block, ...], ...]


class Rows:
    """The rows of one direction."""

    def __init__(self, network: Network, crowd: Crowd, direction: Direction) -> None:
        self._crowd = crowd
        self._direction = direction
        self._ranges = network.ranges
        self._tiers = network.tiers
        self._places = tuple(
            _Place(number, level, policy)
            for number, tier in enumerate(network.tiers)
            for level, group in enumerate(tier.groups)
            for policy in group
            if policy.counts_for(direction)
        )
        self._pieces: dict[tuple[int, frozenset[int]], tuple[_Piece, ...]] = {}
        self._spared = self._may_be_own_node()

    def all(self) -> Iterator[Row]:
        """The rows: every end is in one. Addresses have no policies, so they are with the pods that have none."""
        classes = self._crowd.classes
        chosen = 0
        for key, numbers in self._selected().items():
            members = classes.where(numbers)
            chosen |= members
            yield Row(members, tuple(self._by_ports(key, classes.pods[numbers[0]].pod)))
        yield Row(classes.everyone & ~chosen, ((EVERY_PORT, Outcome(classes.everyone, 0)),))

    # -- which policies select which pods -------------------------------------------------------------------

    def _selected(self) -> Mapping[_Key, list[int]]:
        pods = self._crowd.classes.pods
        selecting: list[list[int]] = [[] for _ in pods]
        for number, place in enumerate(self._places):
            bits = self._crowd.classes.meant(place.policy.subjects)
            for at in positions(bits.certain):
                selecting[at].append(2 * number + bool(place.policy.doubt))
            for at in positions(bits.possible):
                selecting[at].append(2 * number + 1)
        names = [self._names_of(place.policy) for place in self._places]
        rows: dict[_Key, list[int]] = {}
        for at, numbers in enumerate(selecting):
            if numbers:
                pod = pods[at].pod
                meanings = tuple(_meaning(name, pod) for number in numbers for name in names[number >> 1])
                rows.setdefault(_Key(tuple(numbers), meanings, spoken_by(pod)), []).append(at)
        return rows

    def _names_of(self, policy: Policy) -> tuple[PortName, ...]:
        """The port names whose meaning depends on the pods of the row: for egress they depend on the other ends."""
        if self._direction is Direction.EGRESS:
            return ()
        return tuple(name for rule in policy.rules(self._direction) for name in rule.ports.names)

    def _may_be_own_node(self) -> int:
        """The ends that may be the node a pod runs on."""
        classes, nodes = self._crowd.classes, self._ranges.nodes
        if not self._ranges.nodes_known:
            return classes.exempt
        first = len(classes.pods)
        on_nodes = (first + n for n, one in enumerate(classes.outside) if not nodes.disjoint(one.addresses))
        return classes.exempt | classes.where(on_nodes)

    # -- what they say --------------------------------------------------------------------------------------

    def _by_ports(self, key: _Key, pod: Pod) -> Iterator[tuple[PortSet, Ends]]:
        storeys = tuple(self._storeys(key, pod))
        pieces = [piece for storey in storeys for group in storey.groups for block in group for piece in block.pieces]
        told_apart = sorted({ports for _, named, _ in pieces for ports in named}, key=lambda ports: ports.bounds)
        alike: dict[Ends, PortSet] = {}
        for ports, inside in partition(EVERY_PORT, told_apart):
            containing = frozenset(told_apart[number] for number in inside)
            outcome = self._ends(storeys, pieces, containing, key.versions)
            alike[outcome] = alike.get(outcome, NO_PORT) | ports
        yield from ((ports, outcome) for outcome, ports in alike.items())

    def _storeys(self, key: _Key, pod: Pod) -> Iterator[_Storey]:
        by_tier: dict[int, dict[int, list[_Block]]] = {}
        for number in key.selecting:
            tier, group, policy = self._places[number >> 1]
            isolates = self._direction in policy.isolates
            block = _Block(policy, not number & 1, isolates, self._pieces_of(number >> 1, key.versions, pod))
            by_tier.setdefault(tier, {}).setdefault(group, []).append(block)
        for number, groups in by_tier.items():
            tier = self._tiers[number]
            adding_up = tier.isolating and len(groups) == 1
            yield _Storey(tier, tuple(tuple(_added_up(blocks) if adding_up else blocks) for blocks in groups.values()))

    def _pieces_of(self, place: int, versions: frozenset[int], pod: Pod) -> tuple[_Piece, ...]:
        policy = self._places[place].policy
        if self._names_of(policy):
            return tuple(self._make_pieces(policy, versions, pod))
        found = self._pieces.get((place, versions))
        if found is None:
            found = self._pieces[place, versions] = tuple(self._make_pieces(policy, versions, pod))
        return found

    def _make_pieces(self, policy: Policy, versions: frozenset[int], pod: Pod) -> Iterator[_Piece]:
        for rule in policy.rules(self._direction):
            meant = self._crowd.peers(rule.peers, versions)
            if self._direction is Direction.INGRESS:
                yield _Piece(rule, ports_match(rule.ports, pod), meant)
                continue
            for ports, ends in self._crowd.resolved(rule.ports):
                if ports.possible:
                    yield _Piece(rule, ports, _within(meant, ends))

    def _ends(
        self,
        storeys: Sequence[_Storey],
        pieces: Iterable[_Piece],
        containing: frozenset[PortSet],
        versions: frozenset[int],
    ) -> Ends:
        """What is said of all ends about ports that lie in just these sets."""
        everyone = self._crowd.classes.everyone
        by_address = [piece.meant for piece in pieces if piece.meant.by_address and piece.ports.possible in containing]
        if not by_address:
            return self._decided(storeys, containing, frozenset(), everyone)
        outcome: Ends = Outcome(0, 0)
        for ends in self._crowd.spaces:
            everyone &= ~ends
            pod = self._crowd.classes.pods[next(positions(ends))].pod
            sets = {addresses for meant in by_address for some, addresses in meant.by_address if some & ends}
            for inside in _cases(spoken(self._ranges.possible(pod), versions), sets):
                outcome |= self._decided(storeys, containing, inside, ends)
        return outcome | self._decided(storeys, containing, frozenset(), everyone)

    def _decided(
        self, storeys: Iterable[_Storey], containing: frozenset[PortSet], inside: frozenset[AddressSet], ends: int
    ) -> Ends:
        layers = [
            Layer(
                tuple(
                    tuple(
                        Applied(block.policy, block.certain, block.isolates, tuple(_hits(block, containing, inside)))
                        for block in group
                    )
                    for group in storey.groups
                ),
                storey.tier.isolating,
                self._spared if storey.tier.spares_own_node else 0,
            )
            for storey in storeys
        ]
        return decide(layers, ends, [])


def _hits(block: _Block, containing: frozenset[PortSet], inside: frozenset[AddressSet]) -> Iterator[Hit[int]]:
    for rule, ports, (certain, possible, by_address) in block.pieces:
        if ports.possible not in containing:
            continue
        for ends, addresses in by_address:
            if addresses in inside:
                certain |= ends
        yield Hit(rule, certain if ports.sure in containing else 0, certain | possible)


def _added_up(blocks: Iterable[_Block]) -> Iterator[_Block]:
    """Policies of one priority that only allow, and isolate whom they select, are as good as one with all rules."""
    certain: list[_Block] = []
    for block in blocks:
        if block.certain and block.isolates and _only_allows(block):
            certain.append(block)
        else:
            yield block
    if certain:
        merged: dict[Named, _Piece] = {}
        apart: list[_Piece] = []
        for piece in (piece for block in certain for piece in block.pieces):
            if piece.meant.by_address:
                apart.append(piece)
                continue
            before = merged.get(piece.ports)
            merged[piece.ports] = piece if before is None else before._replace(meant=_both(before.meant, piece.meant))
        yield certain[0]._replace(pieces=(*merged.values(), *apart))


def _only_allows(block: _Block) -> bool:
    return all(piece.rule.action is Action.ALLOW for piece in block.pieces)


def _both(first: Meant, second: Meant) -> Meant:
    certain = first.certain | second.certain
    return Meant(certain, (first.possible | second.possible) & ~certain)


def _within(meant: Meant, ends: int) -> Meant:
    by_address = tuple((some & ends, addresses) for some, addresses in meant.by_address if some & ends)
    return Meant(meant.certain & ends, meant.possible & ends, by_address)


def _meaning(name: PortName, pod: Pod) -> Named:
    return ports_match(Ports(NO_PORT, (name,)), pod)


def _cases(space: AddressSet, sets: set[AddressSet]) -> Iterator[frozenset[AddressSet]]:
    """The classes of addresses: for each, the sets it is in."""
    ordered = sorted(sets, key=lambda addresses: addresses.bounds)
    for _, members in partition(space, ordered):
        yield frozenset(ordered[number] for number in members)
