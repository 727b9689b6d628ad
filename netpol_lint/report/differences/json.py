"""What changes, for programs, exact: described by `schemas/diff.schema.json`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from netpol_lint.connectivity.connections import Endpoint, Table
from netpol_lint.connectivity.differences import Risk, UnitDifference, by_risk
from netpol_lint.report.connections.parts.shape import endpoint_shape, ports_shape
from netpol_lint.report.escaping import json_text


def render(units: Sequence[UnitDifference]) -> Iterator[str]:
    """One change per line. Units that came or went, and unknown ports, are members only where there are some."""
    yield '{"version": 1'
    yield from _member("opened", _changes(units, lambda unit: unit.opened))
    yield from _member("closed", _changes(units, lambda unit: unit.closed))
    if any(unit.in_doubt.count for unit in units):
        yield from _member("unknown", _changes(units, lambda unit: unit.in_doubt))
    if any(unit.decided.count for unit in units):
        yield from _member("no_longer_unknown", _changes(units, lambda unit: unit.decided))
    yield from _member("added_endpoints", _endpoints((unit.unit, unit.added) for unit in units))
    yield from _member("removed_endpoints", _endpoints((unit.unit, unit.removed) for unit in units))
    for name, found in (
        ("added_units", [unit.unit for unit in units if unit.is_new]),
        ("removed_units", [unit.unit for unit in units if unit.is_gone]),
    ):
        if found:
            yield f',\n "{name}": {json_text(found)}'
    yield "}\n"


def _changes(units: Sequence[UnitDifference], table: Callable[[UnitDifference], Table]) -> Iterator[dict[str, Any]]:
    """By risk, then by unit, source and destination."""
    parts = [(unit.unit, dict(by_risk(table(unit)))) for unit in units]
    for risk in Risk:
        for unit, by in parts:
            if risk in by:
                for one in by[risk].connections():
                    ends = {"from": one.source.id, "to": one.destination.id}
                    yield {"unit": unit, **ends, "ports": ports_shape(one.ports)}


def _endpoints(units: Iterable[tuple[str, Iterable[Endpoint]]]) -> Iterator[dict[str, Any]]:
    for unit, endpoints in units:
        for endpoint in endpoints:
            yield {"unit": unit, **endpoint_shape(endpoint)}


def _member(name: str, elements: Iterable[dict[str, Any]]) -> Iterator[str]:
    yield f',\n "{name}": ['
    separator = "\n  "
    for element in elements:
        yield f"{separator}{json_text(element)}"
        separator = ",\n  "
    yield "]"
