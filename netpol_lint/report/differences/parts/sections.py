"""The changes of a unit in the order of their risk, in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from netpol_lint.connectivity.connections import Table
from netpol_lint.connectivity.differences import Risk, UnitDifference, by_risk
from netpol_lint.records import NamedTuple
from netpol_lint.report.connections.parts.words import counted, paragraphs, ports_in_words


class Line(NamedTuple):
    """A change about some endpoints, in words that are not yet escaped."""

    source: str
    destination: str
    ports: str


class Section(NamedTuple):
    """Changes of one kind and one risk."""

    sign: str
    title: str
    size: int
    """The number of connections."""
    lines: Iterator[Line]


_KINDS: Final = (("+", "opened"), ("?", "unknown now"), ("-", "closed"), ("!", "no longer unknown"))


def sections(unit: UnitDifference) -> Iterator[Section]:
    """What is open first, by risk; then what is closed."""
    tables = (unit.opened, unit.in_doubt, unit.closed, unit.decided)
    for (sign, words), table in zip(_KINDS, tables, strict=True):
        for risk, part in by_risk(table):
            yield Section(sign, _title(words, risk), part.count, _lines(part))


def summary(unit: UnitDifference) -> str:
    """`2 connections opened, 1 closed; 1 workload added`."""
    connections = [f"{counted(unit.opened.count, 'connection')} opened", f"{unit.closed.count:,} closed"]
    if unit.in_doubt.count:
        connections.append(f"{unit.in_doubt.count:,} unknown now")
    if unit.decided.count:
        connections.append(f"{unit.decided.count:,} no longer unknown")
    endpoints = [
        f"{counted(len(changed), 'workload')} {how}"
        for changed, how in ((unit.added, "added"), (unit.removed, "removed"))
        if changed
    ]
    return "; ".join(", ".join(part) for part in (connections, endpoints) if part)


def _title(words: str, risk: Risk) -> str:
    if risk is Risk.FROM_OUTSIDE and words == "opened":
        return "newly reachable from outside"
    return f"{words} {risk.value}"


def _lines(table: Table) -> Iterator[Line]:
    for sources, flows in paragraphs(table):
        for flow in flows:
            for source in sources:
                for destination in flow.destinations:
                    if source != destination:
                        yield Line(source, destination, ports_in_words(flow.ports))
