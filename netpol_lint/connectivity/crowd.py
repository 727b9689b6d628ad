"""Which ends the parts of the common form mean, as sets over all classes at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from netpol_lint.algebra.addresses import AddressSet
from netpol_lint.algebra.bitsets import positions
from netpol_lint.algebra.labels import Operator, Requirement, Selector
from netpol_lint.connectivity.classes import AddressParts, Classes
from netpol_lint.connectivity.endpoints import Labels, Named, Pod
from netpol_lint.connectivity.form import Peers, Pods, PortName, Ports
from netpol_lint.connectivity.labelled import NO_BITS, Bits, LabelIndex
from netpol_lint.connectivity.matching import Doubt, Match, address_match, ports_match
from netpol_lint.connectivity.network import Network


class Meant(NamedTuple):
    """The ends a rule's peers mean."""

    certain: int = 0
    possible: int = 0
    by_address: tuple[tuple[int, AddressSet], ...] = ()
    """Pods of unknown address, and which of the addresses they may have are meant."""


_NAMES_MEAN_NOTHING: Final = Named()


class Crowd:
    """All ends of a network, ready to be asked for by peers, subjects and port names."""

    def __init__(self, network: Network, classes: Classes) -> None:
        self.classes = classes
        self._ranges = network.ranges
        self._names = tuple(classes.namespaces)
        self._namespaces = LabelIndex([self._namespace_labels(name) for name in self._names])
        self._local = [
            LabelIndex([one.pod.labels for one in classes.pods[start:end]])
            for start, end in classes.namespaces.values()
        ]
        self._starts = [start for start, _ in classes.namespaces.values()]
        self._number = {name: number for number, name in enumerate(self._names)}
        self._with_label = self._label_to_namespaces()
        self._unsure = classes.where(n for n, index in enumerate(self._local) if index.may_have_others)
        self._pods: dict[Pods, Bits] = {}
        self._peers: dict[tuple[Peers, frozenset[int]], Meant] = {}
        self._resolved: dict[tuple[PortName, ...], tuple[tuple[Named, int], ...]] = {}
        self._in_set = self._ends_by_set(network.told_apart)
        self.spaces = self._pods_by_addresses(network.told_apart)
        """The pods without one known address, in sets of which each may have the same addresses."""

    def _namespace_labels(self, name: str) -> Labels:
        return self.classes.pods[self.classes.namespaces[name][0]].pod.namespace_labels

    def _label_to_namespaces(self) -> dict[tuple[str, str], int]:
        found: dict[tuple[str, str], list[int]] = {}
        for number, index in enumerate(self._local):
            for label in index.labels():
                found.setdefault(label, []).append(number)
        return {label: self.classes.where(numbers) for label, numbers in found.items()}

    # -- pods by their labels -------------------------------------------------------------------------------

    def pods(self, meant: Pods) -> Bits:
        """The classes of pods meant."""
        found = self._pods.get(meant)
        if found is None:
            found = self._pods[meant] = self._find(meant)
        return found

    def _find(self, meant: Pods) -> Bits:
        certain, possible = self._in_one(meant) if meant.namespace else self._in_many(meant)
        hidden = self.classes.exempt if meant.host_network else self.classes.exempt | self.classes.host_network
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
            return Bits(self.classes.every_pod)
        size = (self.classes.count >> 3) + 9
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

    # -- peers ----------------------------------------------------------------------------------------------

    def peers(self, peers: Peers, versions: frozenset[int]) -> Meant:
        """The ends that peers mean, seen from a pod that speaks these families."""
        if peers.everyone:
            return Meant(self.classes.everyone)
        key = peers, versions
        found = self._peers.get(key)
        if found is None:
            found = self._peers[key] = self._meant(peers, versions)
        return found

    def _meant(self, peers: Peers, versions: frozenset[int]) -> Meant:
        certain = possible = 0
        for meant in peers.pods:
            bits = self.pods(meant)
            certain |= bits.certain
            possible |= bits.possible
        by_address: list[tuple[int, AddressSet]] = []
        if peers.addresses or peers.perhaps_nodes:
            for ends, match in self._by_address(peers, versions):
                if match is True:
                    certain |= ends
                elif isinstance(match, Doubt):
                    possible |= ends
                elif isinstance(match, AddressSet):
                    by_address.append((ends, match))
        if peers.perhaps_nodes or peers.perhaps_named:
            possible |= self.classes.every_address
        possible &= ~certain
        return Meant(
            certain,
            possible,
            tuple((left, match) for ends, match in by_address if (left := ends & ~certain & ~possible)),
        )

    def _by_address(self, peers: Peers, versions: frozenset[int]) -> Iterator[tuple[int, Match]]:
        """Ends by what the addresses of a rule make of them."""
        yield self._in_set.get(peers.addresses, 0), True
        for ends in self.spaces:
            pod = self.classes.pods[next(positions(ends))].pod
            yield ends, address_match(peers, pod, self._ranges, versions)

    def _ends_by_set(self, told_apart: tuple[AddressSet, ...]) -> dict[AddressSet, int]:
        """By set of addresses: the classes of addresses in it, and the pods whose one known address is in it."""
        first = len(self.classes.pods)
        parts = AddressParts(told_apart)
        in_part: list[list[int]] = [[] for _ in parts.parts]
        for number, one in enumerate(self.classes.outside):
            in_part[next(iter(parts.of(one.addresses)))].append(first + number)
        for number, (pod, _) in enumerate(self.classes.pods):
            if _has_one_address(pod) and (self._ranges.blocks_select_pods or pod.exempt):
                in_part[next(iter(parts.of(pod.addresses)))].append(number)
        found: dict[int, list[int]] = {}
        for (_, sets), numbers in zip(parts.parts, in_part, strict=True):
            for number in sets if numbers else ():
                found.setdefault(number, []).extend(numbers)
        return {told_apart[number]: self.classes.where(numbers) for number, numbers in found.items()}

    def _pods_by_addresses(self, told_apart: tuple[AddressSet, ...]) -> tuple[int, ...]:
        parts = AddressParts(told_apart)
        found: dict[tuple[bool, frozenset[int], frozenset[int]], list[int]] = {}
        for number, (pod, _) in enumerate(self.classes.pods):
            if not _has_one_address(pod):
                key = pod.exempt, parts.of(pod.addresses), pod.addresses.versions
                found.setdefault(key, []).append(number)
        return tuple(self.classes.where(numbers) for numbers in found.values())

    # -- ports ----------------------------------------------------------------------------------------------

    def resolved(self, ports: Ports) -> Iterator[tuple[Named, int]]:
        """The ports a rule matches, with the destinations on which it matches just these."""
        if not ports.names:
            yield Named(ports.numbers, ports.numbers), self.classes.everyone
            return
        for named, ends in self._names_on(ports.names):
            yield Named(ports.numbers | named.sure, ports.numbers | named.possible), ends

    def _names_on(self, names: tuple[PortName, ...]) -> tuple[tuple[Named, int], ...]:
        found = self._resolved.get(names)
        if found is None:
            by_meaning: dict[Named, list[int]] = {}
            only_names = Ports(_NAMES_MEAN_NOTHING.sure, names)
            for number in range(self.classes.count):
                by_meaning.setdefault(ports_match(only_names, self.classes.end(number)), []).append(number)
            found = tuple((named, self.classes.where(numbers)) for named, numbers in by_meaning.items())
            self._resolved[names] = found
        return found


def _has_one_address(pod: Pod) -> bool:
    return len(pod.addresses.bounds) == 2 and len(pod.addresses) == 1


def _put(buffer: bytearray, start: int, bits: int) -> None:
    """Add the bits, shifted up by `start`, to the buffer."""
    if bits:
        shifted = bits << (start & 7)
        at, length = start >> 3, (shifted.bit_length() + 7) >> 3
        there = int.from_bytes(buffer[at : at + length], "little")
        buffer[at : at + length] = (there | shifted).to_bytes(length, "little")
