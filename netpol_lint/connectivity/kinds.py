"""Pods that are alike in all that a rule could ask for, indexed so that selectors find theirs without trying them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from typing import Final

from netpol_lint.algebra.addresses import EVERY_ADDRESS, AddressSet
from netpol_lint.algebra.bitsets import from_positions, positions, span
from netpol_lint.algebra.intervals import partition
from netpol_lint.algebra.labels import Operator, Requirement, Selector
from netpol_lint.connectivity.endpoints import Pod
from netpol_lint.connectivity.form import Pods
from netpol_lint.connectivity.labelled import NO_BITS, Bits, LabelIndex
from netpol_lint.connectivity.network import Network
from netpol_lint.records import NamedTuple
from netpol_lint.resources.decode.placeholders import has_placeholder

_OTHER_VALUE: Final = "\0"
"""Stands for every value that no selector names: no label value is spelt so."""


class Kind(NamedTuple):
    """Pods of one namespace that are alike; the first stands for all."""

    pod: Pod
    members: tuple[Pod, ...]
    traits: tuple[object, ...]
    """What else than namespace and labels rules may ask for: named ports, hostNetwork, addresses."""


class Kinds:
    """The kinds of pods of a network, those of one namespace together. A set of kinds is an integer with their bits."""

    def __init__(self, network: Network) -> None:
        self.all = _kinds(network)
        self._ranges = _ranges(self.all)
        self._number = {name: number for number, name in enumerate(self._ranges)}
        starts_and_ends = tuple(self._ranges.values())
        self._starts = tuple(start for start, _ in starts_and_ends)
        pods = [kind.pod for kind in self.all]
        self._namespaces = LabelIndex([pods[start].namespace_labels for start in self._starts])
        self._local = [LabelIndex([pod.labels for pod in pods[start:end]]) for start, end in starts_and_ends]
        self._with_label = self._label_to_namespaces()
        self._unsure = self._set(n for n, index in enumerate(self._local) if index.may_have_others)
        self._exempt = self._set(n for n, pod in enumerate(pods) if pod.exempt)
        self._host_network = self._set(n for n, pod in enumerate(pods) if pod.host_network)

    def _set(self, numbers: Iterable[int]) -> int:
        return from_positions(numbers, len(self.all))

    def _label_to_namespaces(self) -> Mapping[tuple[str, str], int]:
        found: dict[tuple[str, str], list[int]] = {}
        for number, index in enumerate(self._local):
            for label in index.labels():
                found.setdefault(label, []).append(number)
        return {label: self._set(numbers) for label, numbers in found.items()}

    def select(self, meant: Pods) -> Bits:
        """The kinds of pods that are meant, and those that may be."""
        certain, possible = self._in_one(meant) if meant.namespace else self._in_many(meant)
        hidden = self._exempt if meant.host_network else self._exempt | self._host_network
        return Bits(certain & ~hidden, possible & ~hidden) if hidden else Bits(certain, possible)

    def _in_one(self, meant: Pods) -> Bits:
        number = self._number.get(meant.namespace)
        if number is None:
            return NO_BITS
        certain, possible = self._local[number].select(meant.pods)
        start = self._starts[number]
        return Bits(certain << start, possible << start)

    def _in_many(self, meant: Pods) -> Bits:
        namespaces = self._namespaces.select(meant.namespaces)
        if not meant.pods.requirements and namespaces == Bits(self._namespaces.all):
            return Bits(span(0, len(self.all)))
        size = (len(self.all) >> 3) + 9
        certain, possible = bytearray(size), bytearray(size)
        for number in positions((namespaces.certain | namespaces.possible) & self._holding(meant.pods)):
            found = self._local[number].select(meant.pods)
            start = self._starts[number]
            if namespaces.certain >> number & 1:
                _put(certain, start, found.certain)
                _put(possible, start, found.possible)
            else:
                _put(possible, start, found.certain | found.possible)
        return Bits(int.from_bytes(certain, "little"), int.from_bytes(possible, "little"))

    def _holding(self, selector: Selector) -> int:
        """The namespaces in which some pod may have what a selector asks for."""
        numbers = self._namespaces.all
        for requirement in selector.requirements:
            if requirement.operator is Operator.IN:
                numbers &= self._holding_one(requirement)
        return numbers

    def _holding_one(self, requirement: Requirement) -> int:
        numbers = self._unsure
        for value in requirement.values:
            numbers |= self._with_label.get((requirement.key, value), 0)
        return numbers


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


def _kinds(network: Network) -> tuple[Kind, ...]:
    values, names = _asked_for(network)
    parts = AddressParts(network.told_apart)
    alike: dict[tuple[object, ...], tuple[tuple[object, ...], list[Pod]]] = {}
    for pod in network.pods.values():
        labels = frozenset(
            (key, value if value in values[key] or has_placeholder(value) else _OTHER_VALUE)
            for key, value in pod.labels.known.items()
            if key in values
        )
        traits = _traits(pod, names, parts if network.told_apart else None)
        key = pod.namespace, labels, pod.labels.unseen, traits
        alike.setdefault(key, (traits, []))[1].append(pod)
    found = (Kind(members[0], tuple(members), traits) for traits, members in alike.values())
    return tuple(sorted(found, key=lambda kind: (kind.pod.namespace, kind.pod.id)))


def _traits(pod: Pod, names: frozenset[str], parts: AddressParts | None) -> tuple[object, ...]:
    ports = frozenset((key, named) for key, named in pod.named_ports.items() if key[0] in names) if names else None
    addresses = (parts.of(pod.addresses), pod.addresses.versions) if parts is not None and pod.addresses else None
    return ports, pod.host_network, pod.exempt, addresses


def _ranges(kinds: tuple[Kind, ...]) -> Mapping[str, tuple[int, int]]:
    """By namespace: the number of its first kind, and the one after its last."""
    ranges: dict[str, tuple[int, int]] = {}
    for number, kind in enumerate(kinds):
        first, _ = ranges.get(kind.pod.namespace, (number, 0))
        ranges[kind.pod.namespace] = first, number + 1
    return ranges


def _asked_for(network: Network) -> tuple[Mapping[str, set[str]], frozenset[str]]:
    """The label keys that selectors of pods mention, each with the values they name; and the port names."""
    values: dict[str, set[str]] = {}
    for selector in {meant.pods for meant in network.pods_meant}:
        for requirement in selector.requirements:
            values.setdefault(requirement.key, set()).update(requirement.values)
    return values, frozenset(name for _, rule in network.rules() for name, _ in rule.ports.names)


def _put(buffer: bytearray, start: int, bits: int) -> None:
    """Add the bits, shifted up by `start`, to the buffer."""
    if bits:
        shifted = bits << (start & 7)
        at, length = start >> 3, (shifted.bit_length() + 7) >> 3
        there = int.from_bytes(buffer[at : at + length], "little")
        buffer[at : at + length] = (there | shifted).to_bytes(length, "little")
