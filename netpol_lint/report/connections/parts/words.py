"""Sets of endpoints in words, and connections of many sources said at once."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import Final

from netpol_lint.algebra.bitsets import from_positions
from netpol_lint.algebra.ports import EVERY_PORT
from netpol_lint.connectivity.connections import FUTURE, NO_PORTS, Ports, Row, Sizes, Table, ports_of
from netpol_lint.records import NamedTuple

_FEW: Final = 2


class Said(NamedTuple):
    """Destinations that some sources may open the same ports of, in words that are not yet escaped."""

    destinations: tuple[str, ...]
    ports: Ports
    unknown: Ports


class Paragraph(NamedTuple):
    """Sources with all they may open."""

    sources: tuple[str, ...]
    flows: tuple[Said, ...]


def paragraphs(table: Table, *, most: int = sys.maxsize) -> Iterator[Paragraph]:
    """All connections: groups that may open the same are said together, and each set of endpoints in few words.

    A set that has more than `most` names ends with the number of those that are left out.
    """
    words = Words(table, most)
    by_row: dict[Row, list[int]] = {}
    for number, row in enumerate(table.rows):
        by_row.setdefault(row, []).append(number)
    for row, numbers in by_row.items():
        sources = from_positions(numbers, len(table.groups))
        alone = sources if words.size(sources) == 1 else 0
        flows = (Said(words.of(flow.to, but=alone), flow.ports, flow.unknown) for flow in row)
        said = tuple(flow for flow in flows if flow.destinations)
        if said:
            yield Paragraph(words.of(sources), said)


def ports_in_words(ports: Ports, unknown: Ports = NO_PORTS) -> str:
    """`TCP/80`, `all but TCP/80`, `TCP/80; unknown: UDP/53`."""
    sure = shortest(ports)
    if not unknown:
        return sure
    rest = "every other port" if ports and (ports.set | unknown.set) == EVERY_PORT else shortest(unknown)
    return f"{sure}; unknown: {rest}" if ports else f"unknown: {rest}"


def shortest(ports: Ports) -> str:
    """The ports, or the few that are not among them."""
    others = ports_of(EVERY_PORT - ports.set)
    return f"all but {others}" if others and len(others.spans) < len(ports.spans) else str(ports)


def counted(number: int, what: str) -> str:
    """`1 connection`, `2 connections`."""
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def contents(table: Table) -> str:
    """What endpoints there are: `29 workloads and 2 classes of addresses`."""
    outside = sum(1 for one in table.endpoints if one.is_outside)
    future = sum(1 for one in table.endpoints if one.kind == FUTURE)
    parts = [counted(len(table.endpoints) - outside - future, "workload")]
    if future:
        parts.append(counted(future, "future pod"))
    if outside:
        parts.append("1 class of addresses" if outside == 1 else f"{outside} classes of addresses")
    return " and ".join((", ".join(parts[:-1]), parts[-1])) if len(parts) > 1 else parts[0]


class _Set(NamedTuple):
    """Groups that together have a name."""

    groups: int
    first: int
    """The place of its first endpoint."""
    name: str


class Words:
    """Names for sets of the groups of a table."""

    def __init__(self, table: Table, most: int) -> None:
        self._table = table
        self._most = most
        self._sizes = Sizes(table)
        namespaces: dict[str, list[int]] = {}
        outside: list[int] = []
        for number, group in enumerate(table.groups):
            one = table.endpoints[group[0]]
            if one.is_outside:
                outside.append(number)
            elif one.kind != FUTURE:
                namespaces.setdefault(one.namespace, []).append(number)
        self._named = tuple(self._named_sets(namespaces, outside))

    def _named_sets(self, namespaces: dict[str, list[int]], outside: list[int]) -> Iterator[_Set]:
        """Sets that have a name, which is used where it is shorter than those of the members."""
        found = [self._set(numbers, f"every workload of {name}") for name, numbers in namespaces.items()]
        if len(found) > 1:
            found.insert(0, self._set((n for numbers in namespaces.values() for n in numbers), "every workload"))
        yield from (one for one in found if self.size(one.groups) > _FEW)
        if len(outside) > 1:
            yield self._set(outside, "every address")

    def _set(self, numbers: Iterable[int], name: str) -> _Set:
        members = tuple(numbers)
        first = min(self._table.groups[number][0] for number in members)
        return _Set(from_positions(members, len(self._table.groups)), first, name)

    def of(self, groups: int, *, but: int = 0) -> tuple[str, ...]:
        """The set in as few words as say it exactly, without the one endpoint `but`; at last how many are left out.

        That one goes without saying where all workloads around it are in the set: a connection to itself is none.
        """
        found: list[tuple[int, str]] = []
        left = groups | but
        for one in self._named:
            if not one.groups & ~left:
                found.append((one.first, one.name))
                left &= ~one.groups
        left &= ~but
        places = self._first_places(left)
        found += ((place, self._table.endpoints[place].id) for place in places)
        words = tuple(text for _, text in sorted(found))
        more = self.size(left) - len(places)
        return (*words, f"and {more:,} more") if more else words

    def _first_places(self, groups: int) -> list[int]:
        """The places of the endpoints of a set, of the first groups if there are too many."""
        places: list[int] = []
        while groups and len(places) < self._most:
            lowest = groups & -groups
            places += self._table.groups[lowest.bit_length() - 1]
            groups ^= lowest
        return sorted(places)[: self._most]

    def size(self, groups: int) -> int:
        """How many endpoints are in a set."""
        return self._sizes.of(groups)
