"""Sets of endpoints in words, and connections of many sources said at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from netpol_lint.algebra.bitsets import positions
from netpol_lint.connectivity.connections import FUTURE, Endpoint, Flow, Ports, Row, Table


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
        flows = [_flow(flow, sources, words) for flow in row]
        if any(flow.destinations for flow in flows):
            yield Paragraph(words.of(sources), tuple(flow for flow in flows if flow.destinations))


def ports_in_words(ports: Ports, unknown: Ports) -> str:
    """`TCP/80; unknown: UDP/53`."""
    if not unknown:
        return str(ports)
    return f"{ports}; unknown: {unknown}" if ports else f"unknown: {unknown}"


def counted(number: int, what: str) -> str:
    """`1 connection`, `2 connections`."""
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def contents(table: Table) -> str:
    """What endpoints there are: `29 workloads and 2 classes of addresses`."""
    outside = sum(1 for one in table.endpoints if one.is_outside)
    future = sum(1 for one in table.endpoints if one.kind == FUTURE)
    parts = [counted(len(table.endpoints) - outside - future, "workload")]
    if future:
        parts.append(f"{future} that do not exist")
    if outside:
        parts.append("1 class of addresses" if outside == 1 else f"{outside} classes of addresses")
    return " and ".join((", ".join(parts[:-1]), parts[-1])) if len(parts) > 1 else parts[0]


class Words:
    """Names for sets of the groups of a table."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._namespaces: dict[str, int] = {}
        self._workloads = self._outside = 0
        sizes: dict[str, int] = {}
        for number, group in enumerate(table.groups):
            one = table.endpoints[group[0]]
            if one.is_outside:
                self._outside |= 1 << number
            elif one.kind != FUTURE:
                self._workloads |= 1 << number
                self._namespaces[one.namespace] = self._namespaces.get(one.namespace, 0) | 1 << number
                sizes[one.namespace] = sizes.get(one.namespace, 0) + len(group)
        self._large = {namespace for namespace, size in sizes.items() if size > 1}

    def of(self, groups: int) -> tuple[str, ...]:
        """The set in as few words as say it exactly."""
        found: list[tuple[int, str]] = []
        left = groups
        if len(self._namespaces) > 1 and self._workloads and not self._workloads & ~groups:
            found.append((-1, "every workload"))
            left &= ~self._workloads
        for namespace, members in self._namespaces.items():
            if namespace in self._large and members & left and not members & ~left:
                found.append((self._first(members), f"every workload of {namespace}"))
                left &= ~members
        if self._outside.bit_count() > 1 and not self._outside & ~left:
            found.append((self._first(self._outside), "every address"))
            left &= ~self._outside
        found += ((place, self._table.endpoints[place].id) for place in self._table.places(left))
        return tuple(text for _, text in sorted(found))

    def size(self, groups: int) -> int:
        """How many endpoints are in a set."""
        return sum(len(self._table.groups[number]) for number in positions(groups))

    def _first(self, groups: int) -> int:
        return min(self._table.groups[number][0] for number in positions(groups))


def _flow(flow: Flow, sources: int, words: Words) -> Said:
    """A flow in words; a single workload to itself is no connection."""
    alone = sources.bit_count() == 1 and words.size(sources) == 1
    return Said(words.of(flow.to & ~sources if alone else flow.to), flow.ports, flow.unknown)


def names(endpoints: list[Endpoint], most: int) -> tuple[str, ...]:
    """Names within a namespace, the last one saying how many are left out."""
    shown = [one.id if one.is_outside else one.name if one.kind == FUTURE else f"{one.kind}/{one.name}" for one in endpoints]
    if len(shown) <= most:
        return tuple(shown)
    return (*shown[: most - 1], f"and {len(shown) - most + 1} more")
