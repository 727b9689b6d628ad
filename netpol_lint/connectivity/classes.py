"""Pods that no policy tells apart, and addresses outside: the ends between which reachability is worked out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

from netpol_lint.algebra.bitsets import from_positions, positions, span
from netpol_lint.connectivity.endpoints import Outside, Pod
from netpol_lint.connectivity.form import Pods
from netpol_lint.connectivity.kinds import Kind, Kinds
from netpol_lint.connectivity.labelled import Bits
from netpol_lint.connectivity.network import Network
from netpol_lint.records import NamedTuple


class PodClass(NamedTuple):
    """Pods that every policy treats alike, of one namespace or of several; the first stands for all."""

    pod: Pod
    members: tuple[Pod, ...]


class Classes:
    """All ends in order: the classes of pods, then the classes of addresses outside.

    A set of ends is an integer whose bit `n` stands for the `n`-th.
    """

    def __init__(self, network: Network) -> None:
        kinds = Kinds(network)
        selected = {meant: kinds.select(meant) for meant in network.pods_meant}
        class_of, found = _told_apart(kinds.all, selected.values())
        self.pods = tuple(PodClass(members[0], members) for members in found)
        self.outside: tuple[Outside, ...] = network.outside
        self._selected = {meant: self._translated(bits, class_of) for meant, bits in selected.items()}

    def _translated(self, kinds: Bits, class_of: list[int]) -> Bits:
        certain, possible = (self.where(class_of[kind] for kind in positions(bits)) for bits in kinds)
        return Bits(certain, possible)

    def meant(self, pods: Pods) -> Bits:
        """The classes that a subject or peer of the network means."""
        return self._selected[pods]

    @property
    def count(self) -> int:
        return len(self.pods) + len(self.outside)

    @cached_property
    def every_pod(self) -> int:
        return span(0, len(self.pods))

    @cached_property
    def every_address(self) -> int:
        return span(len(self.pods), self.count)

    @cached_property
    def everyone(self) -> int:
        return span(0, self.count)

    @cached_property
    def exempt(self) -> int:
        """Those to which no policy applies."""
        return self.where(n for n, one in enumerate(self.pods) if one.pod.exempt)

    def where(self, numbers: Iterable[int]) -> int:
        """The set of the ends with these numbers."""
        return from_positions(numbers, self.count)

    def end(self, number: int) -> Pod | Outside:
        """An end, a class of pods by the one that stands for it."""
        return self.pods[number].pod if number < len(self.pods) else self.outside[number - len(self.pods)]

    def members_of(self, number: int) -> tuple[Pod | Outside, ...]:
        """The pods of a class; a class of addresses is one."""
        return self.pods[number].members if number < len(self.pods) else (self.outside[number - len(self.pods)],)

    def members(self, ends: int) -> Iterator[Pod | Outside]:
        """All pods and classes of addresses in a set."""
        for number in positions(ends):
            yield from self.members_of(number)


def _told_apart(kinds: tuple[Kind, ...], selected: Iterable[Bits]) -> tuple[list[int], list[tuple[Pod, ...]]]:
    """For each kind the number of its class, and the members of each class: kinds that the same selectors select."""
    everything = span(0, len(kinds))
    selecting: list[list[int]] = [[] for _ in kinds]
    for number, (certain, possible) in enumerate(set(selected)):
        if certain != everything:
            for kind in positions(certain):
                selecting[kind].append(2 * number)
        for kind in positions(possible):
            selecting[kind].append(2 * number + 1)
    numbers: dict[tuple[object, ...], int] = {}
    class_of: list[int] = []
    members: list[list[Pod]] = []
    for one, by in zip(kinds, selecting, strict=True):
        number = numbers.setdefault((tuple(by), one.traits), len(numbers))
        if number == len(members):
            members.append([])
        members[number].extend(one.members)
        class_of.append(number)
    return class_of, [tuple(pods) for pods in members]
