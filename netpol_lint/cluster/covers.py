"""Which of some rules, peers or ports admit all that another one does: one of them, or several together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Final, TypeAlias

from netpol_lint.cluster.pieces import Piece, admits_shown, admitted, demanded_by, left_of, pieces_of, shown_by
from netpol_lint.cluster.rule_covering import peer_covers, port_covers, rule_covers
from netpol_lint.cluster.sameness import peer_content, port_content, rule_content
from netpol_lint.cluster.sieve import Sieve
from netpol_lint.records import NamedTuple
from netpol_lint.resources.policy import IPBlock, NetworkPolicy, PodPeer, PortEntry, Rule

Part: TypeAlias = Rule | PodPeer | IPBlock | PortEntry
_MOST_TOGETHER: Final = 6
"""More are not looked for: nobody would follow that."""
_MOST_PIECES: Final = 32
_MOST_COMPARED: Final = 16


class Cover(NamedTuple):
    """What admits as much, and the policy it is of."""

    policy: NetworkPolicy
    part: Part


class Covered(NamedTuple):
    """A part of a list that others cover."""

    part: Part
    covers: tuple[Cover, ...]
    same: bool = False
    """Whether the one that covers it says the same."""


class Parts:
    """The rules of a policy in one direction, or the peers or ports of a rule."""

    def __init__(self, policy: NetworkPolicy, parts: Sequence[Part]) -> None:
        self._policy = policy
        self._parts = parts
        self._admitted = [admitted(part) for part in parts]
        self._sieve = Sieve([demanded_by(one) for one in self._admitted])

    def covered_by_one(self) -> Iterator[Covered]:
        """The parts that another one covers; of two that cover each other the later one."""
        contents = [_content(part) for part in self._parts]
        first = {content: place for place, content in reversed(tuple(enumerate(contents)))}
        for place, part in enumerate(self._parts):
            for other in self._showing(place):
                cover = self._parts[other]
                if other == place or not covers(cover, part) or (other > place and covers(part, cover)):
                    continue
                same = first[contents[place]] < place
                by = self._parts[first[contents[place]]] if same else cover
                yield Covered(part, (Cover(self._policy, by),), same)
                break

    def covered_by_several(
        self, gone: Iterable[Part], further: Callable[[Piece], Iterable[Cover]]
    ) -> Iterator[Covered]:
        """The parts that several others cover together, `further` ones included.

        They can all go at once, together with those `gone` already: what covers another one stays.
        """
        removed, kept = {id(part) for part in gone}, set[int]()

        def admitting(piece: Piece) -> Iterator[Cover]:
            own = (self._parts[place] for place in self._admitting(piece))
            left = (Cover(self._policy, part) for part in own if id(part) not in removed)
            return chain(left, further(piece))

        for place, part in enumerate(self._parts):
            if id(part) in removed or id(part) in kept:
                continue
            removed.add(id(part))
            by = together(pieces_of(self._admitted[place]), admitting)
            if by:
                kept.update(id(cover.part) for cover in by)
                yield Covered(part, by)
            else:
                removed.discard(id(part))

    def _showing(self, place: int) -> Iterator[int]:
        for piece in islice(pieces_of(self._admitted[place]), 1):
            yield from self._admitting(piece)

    def _admitting(self, piece: Piece) -> Iterator[int]:
        """The places of those that admit the connection that a piece shows."""
        fitting = self._sieve.fitting(shown_by(piece))
        return (place for place in fitting if admits_shown(self._admitted[place], piece))


def together(pieces: Iterable[Piece], admitting: Callable[[Piece], Iterable[Cover]]) -> tuple[Cover, ...]:
    """Covers that between them admit all pieces; none where there are none, or where that takes too many.

    The covers that admit one connection of what is left are looked at, the one is taken that leaves least of its piece,
    and so on until nothing is left.
    """
    left = list(islice(pieces, _MOST_PIECES + 1))
    found: list[Cover] = []
    while left and len(found) < _MOST_TOGETHER and len(left) <= _MOST_PIECES:
        compared = islice(admitting(left[0]), _MOST_COMPARED)
        best = min(compared, key=lambda cover: len(left_of(left[0], admitted(cover.part))), default=None)
        if best is None:
            return ()
        found.append(best)
        left = [rest for piece in left for rest in left_of(piece, admitted(best.part))]
    return () if left else tuple(found)


def covers(one: Part, other: Part) -> bool:
    """Whether one part of a list admits at least what another one does."""
    if isinstance(one, Rule) and isinstance(other, Rule):
        return rule_covers(one, other)
    if isinstance(one, PortEntry) and isinstance(other, PortEntry):
        return port_covers(one, other)
    if isinstance(one, PodPeer | IPBlock) and isinstance(other, PodPeer | IPBlock):
        return peer_covers(one, other)
    return False


def _content(part: Part) -> object:
    match part:
        case Rule():
            return rule_content(part)
        case PortEntry():
            return port_content(part)
        case peer:
            return peer_content(peer)
