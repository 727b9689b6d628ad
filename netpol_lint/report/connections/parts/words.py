"""Sets of endpoints in words, and connections of many sources said at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from netpol_lint.algebra.bitsets import positions
from netpol_lint.algebra.ports import EVERY_PORT
from netpol_lint.connectivity.connections import FUTURE, NO_PORTS, Ports, Row, Table, ports_of

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


def paragraphs(table: Table) -> Iterator[Paragraph]:
    """All connections: groups that may open the same are said together, and each set of endpoints in few words."""
    words = Words(table)
    by_row: dict[Row, int] = {}
    for number, row in enumerate(table.rows):
        by_row[row] = by_row.get(row, 0) | 1 << number
    for row, sources in by_row.items():
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


class Words:
    """Names for sets of the groups of a table."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._namespaces: dict[str, int] = {}
        self._workloads = self._outside = 0
        for number, group in enumerate(table.groups):
            one = table.endpoints[group[0]]
            if one.is_outside:
                self._outside |= 1 << number
            elif one.kind != FUTURE:
                self._workloads |= 1 << number
                self._namespaces[one.namespace] = self._namespaces.get(one.namespace, 0) | 1 << number

    def of(self, groups: int, *, but: int = 0) -> tuple[str, ...]:
        """The set in as few words as say it exactly, without the one endpoint `but`.

        That one goes without saying where all workloads around it are in the set: a connection to itself is none.
        """
        found: list[tuple[int, str]] = []
        left = groups | but
        if len(self._namespaces) > 1 and self._are_all(self._workloads, left):
            found.append((-1, "every workload"))
            left &= ~self._workloads
        for namespace, members in self._namespaces.items():
            if self._are_all(members, left):
                found.append((self._first(members), f"every workload of {namespace}"))
                left &= ~members
        if self._outside.bit_count() > 1 and not self._outside & ~left:
            found.append((self._first(self._outside), "every address"))
            left &= ~self._outside
        found += ((place, self._table.endpoints[place].id) for place in self._table.places(left & ~but))
        return tuple(text for _, text in sorted(found))

    def _are_all(self, workloads: int, groups: int) -> bool:
        """Whether these workloads, more than can be named as shortly, are all in a set."""
        return not workloads & ~groups and self.size(workloads) > _FEW

    def size(self, groups: int) -> int:
        """How many endpoints are in a set."""
        return sum(len(self._table.groups[number]) for number in positions(groups))

    def _first(self, groups: int) -> int:
        return min(self._table.groups[number][0] for number in positions(groups))
