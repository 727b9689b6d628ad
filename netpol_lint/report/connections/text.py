"""The map for people: a matrix while it fits, else a list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from netpol_lint.connectivity.connections import Connection, Ports, UnitMap
from netpol_lint.report.escaping import one_line

_LARGEST_MATRIX: Final = 20
_WIDEST_CELL: Final = 12


def render(maps: Iterable[UnitMap]) -> str:
    """One block per unit."""
    return "\n".join("\n".join(_unit(unit)) + "\n" for unit in maps)


def _unit(unit: UnitMap) -> Iterator[str]:
    yield f"unit {one_line(unit.unit)}: {_counted(len(unit.connections), 'connection')} allowed"
    if not unit.connections:
        return
    yield ""
    if len(unit.endpoints) <= _LARGEST_MATRIX:
        yield from _matrix(unit)
    else:
        yield from (_line(connection) for connection in unit.connections)


def _matrix(unit: UnitMap) -> Iterator[str]:
    """Rows are sources, columns destinations; both numbered, so that long names stand once."""
    names = [one_line(endpoint.id) for endpoint in unit.endpoints]
    number = {endpoint.id: index for index, endpoint in enumerate(unit.endpoints)}
    cells = [["." for _ in names] for _ in names]
    for index in range(len(names)):
        cells[index][index] = "-"
    for connection in unit.connections:
        cells[number[connection.source]][number[connection.destination]] = _cell(connection)
    widths = [max(len(str(i + 1)), *(len(row[i]) for row in cells)) for i in range(len(names))]
    margin = max(map(len, names))
    heads = "  ".join(str(i + 1).rjust(widths[i]) for i in range(len(names)))
    yield f"{'from / to':<{margin + 5}}  {heads}"
    for index, (name, row) in enumerate(zip(names, cells, strict=True)):
        ports = "  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True))
        yield f"{index + 1:>3}  {name:<{margin}}  {ports}"
    if any("+" in cell for row in cells for cell in row):
        yield "+ more ports: see --format csv or md"
    if any(connection.unknown for connection in unit.connections):
        yield "? left to the network plugin"


def _cell(connection: Connection) -> str:
    if not connection.ports:
        return "?"
    mark = "?" if connection.unknown else ""
    text = _short(connection.ports)
    return f"{text}{mark}"


def _short(ports: Ports) -> str:
    if ports.all:
        return "all"
    spans = [str(span).removeprefix("TCP/") for span in ports.spans]
    if len(",".join(spans)) <= _WIDEST_CELL:
        return ",".join(spans)
    return f"{spans[0]}+"


def _line(connection: Connection) -> str:
    unknown = f" (unknown: {connection.unknown})" if connection.unknown else ""
    return f"{one_line(connection.source)} -> {one_line(connection.destination)}: {connection.ports}{unknown}"


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
