"""Pods that no policy tells apart, and addresses outside: the ends between which reachability is worked out."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

from netpol_lint.algebra.addresses import EVERY_ADDRESS, AddressSet
from netpol_lint.algebra.bitsets import from_positions, positions, span
from netpol_lint.algebra.intervals import partition
from netpol_lint.connectivity.endpoints import Outside, Pod
from netpol_lint.connectivity.network import Network
from netpol_lint.resources.decode.placeholders import has_placeholder

_OTHER_VALUE: Final = "\0"
"""Stands for every value that no selector names: no label value is spelt so."""


class PodClass(NamedTuple):
    """Pods that every policy treats alike; one of them stands for all."""

    pod: Pod
    members: tuple[Pod, ...]


@dataclass(frozen=True, eq=False)
class Classes:
    """All ends in order: the classes of pods, those of one namespace together, then the classes of addresses.

    A set of ends is an integer whose bit `n` stands for the `n`-th.
    """

    pods: tuple[PodClass, ...]
    outside: tuple[Outside, ...]
    namespaces: Mapping[str, tuple[int, int]]
    """By namespace: the number of its first class, and the one after its last."""

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

    @cached_property
    def host_network(self) -> int:
        return self.where(n for n, one in enumerate(self.pods) if one.pod.host_network)

    def where(self, numbers: Iterable[int]) -> int:
        """The set of the ends with these numbers."""
        return from_positions(numbers, self.count)

    def end(self, number: int) -> Pod | Outside:
        """An end, a class of pods by the one that stands for it."""
        return self.pods[number].pod if number < len(self.pods) else self.outside[number - len(self.pods)]

    def members(self, ends: int) -> Iterator[Pod | Outside]:
        """All pods and classes of addresses in a set."""
        for number in positions(ends):
            if number < len(self.pods):
                yield from self.pods[number].members
            else:
                yield self.outside[number - len(self.pods)]


def classes_of(network: Network) -> Classes:
    """The ends of a network. Pods are alike if namespace and whatever some rule asks for are the same."""
    key_of = _Key(network)
    alike: dict[tuple[object, ...], list[Pod]] = {}
    for pod in network.pods.values():
        alike.setdefault(key_of(pod), []).append(pod)
    found = sorted(
        (PodClass(members[0], tuple(members)) for members in alike.values()),
        key=lambda one: (one.pod.namespace, one.pod.id),
    )
    ranges: dict[str, tuple[int, int]] = {}
    for number, one in enumerate(found):
        first, _ = ranges.get(one.pod.namespace, (number, 0))
        ranges[one.pod.namespace] = first, number + 1
    return Classes(tuple(found), network.outside, ranges)


class _Key:
    """Everything about a pod that a rule of the network can ask for."""

    def __init__(self, network: Network) -> None:
        self._values, self._names = _asked_for(network)
        self._parts = AddressParts(network.told_apart) if network.told_apart else None

    def __call__(self, pod: Pod) -> tuple[object, ...]:
        labels = frozenset(
            (key, value if value in self._values[key] or has_placeholder(value) else _OTHER_VALUE)
            for key, value in pod.labels.known.items()
            if key in self._values
        )
        ports: frozenset[object] = frozenset()
        if self._names:
            ports = frozenset((key, named) for key, named in pod.named_ports.items() if key[0] in self._names)
        addresses: frozenset[int] = frozenset()
        if self._parts is not None and pod.addresses:
            addresses = self._parts.of(pod.addresses)
        return pod.namespace, labels, pod.labels.unseen, ports, pod.host_network, pod.exempt, addresses


class AddressParts:
    """The parts of the address space that some sets tell apart, to look single addresses up in."""

    def __init__(self, sets: tuple[AddressSet, ...]) -> None:
        self.parts = partition(EVERY_ADDRESS, sets)
        spans = sorted((first, number) for number, (part, _) in enumerate(self.parts) for first, _ in part.spans())
        self._starts = [first for first, _ in spans]
        self._numbers = [number for _, number in spans]

    def of(self, addresses: AddressSet) -> frozenset[int]:
        """The numbers of the parts in which the first address of each run lies; for addresses, not for blocks."""
        return frozenset(self._numbers[bisect_right(self._starts, first) - 1] for first, _ in addresses.spans())


def _asked_for(network: Network) -> tuple[Mapping[str, set[str]], frozenset[str]]:
    """The label keys that selectors of pods mention, each with the values they name; and the port names."""
    values: dict[str, set[str]] = {}
    names: set[str] = set()
    selectors = {policy.subjects.pods for policy in network.policies()}
    for _, rule in network.rules():
        selectors.update(meant.pods for meant in rule.peers.pods)
        names.update(name for name, _ in rule.ports.names)
    for selector in selectors:
        for requirement in selector.requirements:
            values.setdefault(requirement.key, set()).update(requirement.values)
    return values, frozenset(names)
