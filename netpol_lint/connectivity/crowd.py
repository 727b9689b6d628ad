"""Which ends the peers and ports of the common form mean, as sets over all classes at once."""

from __future__ import annotations

from collections.abc import Iterator

from netpol_lint.algebra.addresses import AddressSet
from netpol_lint.algebra.bitsets import positions
from netpol_lint.algebra.ports import NO_PORT
from netpol_lint.connectivity.classes import Classes
from netpol_lint.connectivity.endpoints import Named, Pod
from netpol_lint.connectivity.form import Peers, PortName, Ports
from netpol_lint.connectivity.kinds import AddressParts
from netpol_lint.connectivity.matching import Doubt, Match, address_match, ports_match
from netpol_lint.connectivity.network import Network
from netpol_lint.records import NamedTuple


class Meant(NamedTuple):
    """The ends a rule's peers mean."""

    certain: int = 0
    possible: int = 0
    by_address: tuple[tuple[int, AddressSet], ...] = ()
    """Pods of unknown address, and which of the addresses they may have are meant."""


class Crowd:
    """All ends of a network, ready to be asked for by peers and port names."""

    def __init__(self, network: Network, classes: Classes) -> None:
        self.classes = classes
        self._ranges = network.ranges
        self._peers: dict[tuple[Peers, frozenset[int]], Meant] = {}
        self._resolved: dict[tuple[PortName, ...], tuple[tuple[Named, int], ...]] = {}
        self._parts = AddressParts(network.told_apart)
        self._in_set = self._ends_by_set(network.told_apart)
        self.spaces = self._pods_by_addresses()
        """The pods without one known address, in sets of which each may have the same addresses."""

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
        for pods in peers.pods:
            bits = self.classes.meant(pods)
            certain |= bits.certain
            possible |= bits.possible
        by_address: list[tuple[int, AddressSet]] = []
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
        left = ((ends & ~certain & ~possible, match) for ends, match in by_address)
        return Meant(certain, possible, tuple((ends, match) for ends, match in left if ends))

    def _by_address(self, peers: Peers, versions: frozenset[int]) -> Iterator[tuple[int, Match]]:
        """Ends by what the addresses of a rule make of them."""
        if not peers.addresses and not peers.perhaps_nodes:
            return
        yield self._in_set.get(peers.addresses, 0), True
        for ends in self.spaces:
            pod = self.classes.pods[next(positions(ends))].pod
            yield ends, address_match(peers, pod, self._ranges, versions)
        if peers.perhaps_nodes:
            yield self.classes.exempt, Doubt.NODES

    def _ends_by_set(self, told_apart: tuple[AddressSet, ...]) -> dict[AddressSet, int]:
        """By set of addresses: the classes of addresses in it, and the pods whose one known address is in it."""
        first = len(self.classes.pods)
        in_part: list[list[int]] = [[] for _ in self._parts.parts]
        for number, one in enumerate(self.classes.outside):
            in_part[next(iter(self._parts.of(one.addresses)))].append(first + number)
        for number, (pod, _) in enumerate(self.classes.pods):
            if _has_one_address(pod) and (self._ranges.blocks_select_pods or pod.exempt):
                in_part[next(iter(self._parts.of(pod.addresses)))].append(number)
        found: dict[int, list[int]] = {}
        for (_, sets), numbers in zip(self._parts.parts, in_part, strict=True):
            for number in sets if numbers else ():
                found.setdefault(number, []).extend(numbers)
        return {told_apart[number]: self.classes.where(numbers) for number, numbers in found.items()}

    def _pods_by_addresses(self) -> tuple[int, ...]:
        found: dict[tuple[bool, frozenset[int], frozenset[int]], list[int]] = {}
        for number, (pod, _) in enumerate(self.classes.pods):
            if not _has_one_address(pod):
                key = pod.exempt, self._parts.of(pod.addresses), pod.addresses.versions
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
            only_names = Ports(NO_PORT, names)
            for number in range(self.classes.count):
                by_meaning.setdefault(ports_match(only_names, self.classes.end(number)), []).append(number)
            found = tuple((named, self.classes.where(numbers)) for named, numbers in by_meaning.items())
            self._resolved[names] = found
        return found


def _has_one_address(pod: Pod) -> bool:
    return len(pod.addresses.bounds) == 2 and len(pod.addresses) == 1
