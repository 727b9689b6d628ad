"""What a pod's policies say about every other end at once: one row for all pods that the same policies select."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple, TypeAlias

from netpol_lint.algebra.addresses import NO_ADDRESS, AddressSet
from netpol_lint.algebra.bitsets import positions
from netpol_lint.algebra.intervals import partition
from netpol_lint.algebra.ports import NO_PORT
from netpol_lint.connectivity.crowd import Crowd, Meant
from netpol_lint.connectivity.endpoints import Named, Pod
from netpol_lint.connectivity.evaluator import OPEN, Applied, Hit, Layer, Outcome, decide
from netpol_lint.connectivity.form import Policy, PortName, Ports, Rule, Tier
from netpol_lint.connectivity.matching import ports_match, spoken
from netpol_lint.connectivity.network import Network
from netpol_lint.connectivity.sides import spoken_by
from netpol_lint.resources.cluster_policy import Action
from netpol_lint.resources.policy import Direction

Parts: TypeAlias = dict[Outcome, int]
"""The other ends by what may be allowed with them; those that are denied everything are left out."""


class Row(NamedTuple):
    """The classes of pods that share what their policies say in one direction."""

    members: int
    parts: Parts


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


class _Region(NamedTuple):
    """Ends that may have the same addresses; `spared` are those that may be the pods' own node."""

    ends: int
    spared: bool
    space: AddressSet


_Sign: TypeAlias = bool | AddressSet
"""Whether a piece matches for certain (True), perhaps (False), or for some addresses."""
_Signs: TypeAlias = tuple[tuple[int, _Sign], ...]
_NO_NUMBERS: Final = NO_PORT


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
        self._regions = tuple(self._split())
        self._merged = tuple(_merged(self._regions))
        self._pieces: dict[tuple[int, frozenset[int]], tuple[_Piece, ...]] = {}
        self._outcomes: dict[object, Outcome] = {}
        self._known: dict[object, int] = {}

    def all(self) -> Iterator[Row]:
        """The rows: every end is in one. Addresses have no policies, so they are with the pods that have none."""
        classes = self._crowd.classes
        selected = self._selected()
        chosen = 0
        for key, numbers in selected.items():
            members = classes.where(numbers)
            chosen |= members
            yield Row(members, self._parts(key, classes.pods[numbers[0]].pod))
        yield Row(classes.everyone & ~chosen, {OPEN: classes.everyone})

    # -- which policies select which pods -------------------------------------------------------------------

    def _selected(self) -> dict[_Key, list[int]]:
        pods = self._crowd.classes.pods
        selecting: list[list[int]] = [[] for _ in pods]
        for number, place in enumerate(self._places):
            bits = self._crowd.pods(place.policy.subjects)
            doubtful = 2 * number + 1
            for at in positions(bits.certain):
                selecting[at].append(doubtful if place.policy.doubt else 2 * number)
            for at in positions(bits.possible):
                selecting[at].append(doubtful)
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

    # -- what they say --------------------------------------------------------------------------------------

    def _parts(self, key: _Key, pod: Pod) -> Parts:
        storeys = tuple(self._storeys(key, pod))
        pieces = [piece for storey in storeys for group in storey.groups for block in group for piece in block.pieces]
        signatures = tuple(self._signature(storeys))
        structure = self._number_of(_structure(storeys))
        regions = self._regions if any(piece.meant.by_address for piece in pieces) else self._merged
        result: Parts = {}
        for region in regions:
            for signs, ends in _told_apart(pieces, region.ends).items():
                outcome = self._outcome(storeys, structure, signatures, signs, region, key.versions)
                if outcome.may_allow:
                    result[outcome] = result.get(outcome, 0) | ends
        return result

    def _storeys(self, key: _Key, pod: Pod) -> Iterator[_Storey]:
        by_tier: dict[int, dict[int, list[_Block]]] = {}
        for number in key.selecting:
            tier, group, policy = self._places[number >> 1]
            isolates = self._direction in policy.isolates
            block = _Block(policy, not number & 1, isolates, self._pieces_of(number >> 1, key.versions, pod))
            by_tier.setdefault(tier, {}).setdefault(group, []).append(block)
        for tier, groups in by_tier.items():
            whole = self._tiers[tier]
            adding_up = whole.isolating and len(groups) == 1
            yield _Storey(whole, tuple(tuple(_added_up(blocks) if adding_up else blocks) for blocks in groups.values()))

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

    def _outcome(
        self,
        storeys: Sequence[_Storey],
        structure: int,
        signatures: Sequence[int],
        signs: _Signs,
        region: _Region,
        versions: frozenset[int],
    ) -> Outcome:
        sets = {sign for _, sign in signs if isinstance(sign, AddressSet)}
        space = spoken(region.space, versions) if sets else NO_ADDRESS
        key = structure, region.spared, space, tuple((signatures[number], sign) for number, sign in signs)
        found = self._outcomes.get(key)
        if found is None:
            by_number = dict(signs)
            found = None
            for inside in _cases(space, sets):
                layers = [
                    _layer(storey, offset, by_number, inside, region.spared) for storey, offset in _offsets(storeys)
                ]
                outcome = decide(layers, [])
                found = outcome if found is None else found | outcome
            assert found is not None
            self._outcomes[key] = found
        return found

    def _signature(self, storeys: Iterable[_Storey]) -> Iterator[int]:
        """A number for each piece that says where it stands and what it does, so that equal rows share their work."""
        for level, storey in enumerate(storeys):
            for rank, group in enumerate(storey.groups):
                for position, block in enumerate(group):
                    for piece in block.pieces:
                        yield self._number_of((level, rank, position, piece.rule.action, piece.ports))

    def _number_of(self, value: object) -> int:
        return self._known.setdefault(value, len(self._known))

    # -- ends by their addresses ----------------------------------------------------------------------------

    def _split(self) -> Iterator[_Region]:
        """All ends, cut by which addresses they may have and whether they may be a pod's own node."""
        classes, nodes = self._crowd.classes, self._ranges.nodes
        left = classes.everyone
        for ends in self._crowd.spaces:
            pod = classes.pods[next(positions(ends))].pod
            yield _Region(ends, pod.exempt, self._ranges.possible(pod))
            left &= ~ends
        spared = classes.exempt & left
        if self._ranges.nodes_known:
            first = len(classes.pods)
            on_nodes = (first + n for n, one in enumerate(classes.outside) if not nodes.disjoint(one.addresses))
            spared |= classes.where(on_nodes)
        yield _Region(spared, True, NO_ADDRESS)
        yield _Region(left & ~spared, False, NO_ADDRESS)


def _merged(regions: Iterable[_Region]) -> Iterator[_Region]:
    """The regions where no rule depends on an unknown address."""
    for spared in (True, False):
        ends = 0
        for region in regions:
            ends |= region.ends if region.spared is spared else 0
        yield _Region(ends, spared, NO_ADDRESS)


def _told_apart(pieces: Sequence[_Piece], ends: int) -> dict[_Signs, int]:
    """The ends by which of the pieces mean them."""
    parts: dict[_Signs, int] = {(): ends} if ends else {}
    for number, (_, _, meant) in enumerate(pieces):
        after: dict[_Signs, int] = {}
        for signs, some in parts.items():
            rest = some
            for sign, meaning in ((True, meant.certain), (False, meant.possible)):
                common = rest & meaning
                if common:
                    after[*signs, (number, sign)] = common
                    rest ^= common
            for meaning, addresses in meant.by_address:
                common = rest & meaning
                if common:
                    after[*signs, (number, addresses)] = after.get((*signs, (number, addresses)), 0) | common
                    rest ^= common
            if rest:
                after[signs] = rest
        parts = after
    return parts


def _added_up(blocks: Sequence[_Block]) -> Iterator[_Block]:
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
        for block in certain:
            for piece in block.pieces:
                if piece.meant.by_address:
                    apart.append(piece)
                    continue
                before = merged.get(piece.ports)
                merged[piece.ports] = (
                    piece if before is None else before._replace(meant=_both(before.meant, piece.meant))
                )
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
    return ports_match(Ports(_NO_NUMBERS, (name,)), pod)


def _structure(storeys: Iterable[_Storey]) -> object:
    return tuple(
        (storey.tier, tuple(tuple((block.certain, block.isolates) for block in group) for group in storey.groups))
        for storey in storeys
    )


def _offsets(storeys: Iterable[_Storey]) -> Iterator[tuple[_Storey, int]]:
    """Each storey with the number of its first piece."""
    offset = 0
    for storey in storeys:
        yield storey, offset
        offset += sum(len(block.pieces) for group in storey.groups for block in group)


def _cases(space: AddressSet, sets: set[AddressSet]) -> Iterator[frozenset[AddressSet]]:
    """The classes of addresses: for each, the sets it is in."""
    if not sets:
        yield frozenset()
        return
    ordered = sorted(sets, key=lambda addresses: addresses.bounds)
    for _, members in partition(space, ordered):
        yield frozenset(ordered[number] for number in members)


def _layer(storey: _Storey, offset: int, signs: dict[int, _Sign], inside: frozenset[AddressSet], spared: bool) -> Layer:
    groups = []
    for group in storey.groups:
        applied = []
        for block in group:
            hits = []
            for number, piece in enumerate(block.pieces, offset):
                sign = signs.get(number)
                if sign is None or (isinstance(sign, AddressSet) and sign not in inside):
                    continue
                sure = NO_PORT if sign is False else piece.ports.sure
                hits.append(Hit(piece.rule, sure, piece.ports.possible))
            offset += len(block.pieces)
            applied.append(Applied(block.policy, block.certain, block.isolates, tuple(hits)))
        groups.append(tuple(applied))
    return Layer(tuple(groups), storey.tier.isolating, spared and storey.tier.spares_own_node)
