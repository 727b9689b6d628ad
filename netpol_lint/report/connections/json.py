"""The map for programs, exact: `{"version": 1, "units": [...]}`, described by `schemas/map.schema.json`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from netpol_lint.connectivity.connections import UnitMap
from netpol_lint.report.connections.parts.shape import connection_shape, endpoint_shape
from netpol_lint.report.escaping import json_text


def render(maps: Iterable[UnitMap]) -> Iterator[str]:
    """One endpoint and one connection per line, so that maps can be compared with the usual tools."""
    yield '{"version": 1,\n "units": ['
    separator = "\n  "
    for one in maps:
        yield f'{separator}{{"unit": {json_text(one.unit)},\n   "endpoints": ['
        yield from _list(map(endpoint_shape, one.table.endpoints))
        yield '],\n   "connections": ['
        yield from _list(map(connection_shape, one.table.connections()))
        yield "]}"
        separator = ",\n  "
    yield "]}\n"


def _list(elements: Iterable[dict[str, Any]]) -> Iterator[str]:
    separator = "\n    "
    for element in elements:
        yield f"{separator}{json_text(element)}"
        separator = ",\n    "
