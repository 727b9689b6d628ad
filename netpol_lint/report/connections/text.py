"""The map for people: a matrix while it fits, else a list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product
from string import ascii_letters
from typing import Final

from netpol_lint.connectivity.connections import ALL_PORTS, FUTURE, NO_PORTS, Ports, Table, UnitMap
from netpol_lint.report.connections.parts.words import contents, counted, paragraphs, ports_in_words, shortest
from netpol_lint.report.escaping import one_line

_LARGEST_MATRIX: Final = 24
"""Endpoints: some twenty workloads, and the addresses outside."""
_WIDEST: Final = 100
"""Columns of a matrix that shows ports in its cells."""
_MOST_NAMES: Final = 50
"""In one list of endpoints; csv and json have them all."""
_LONGEST_NAME: Final = 60
_NOTHING, _EVERY_PORT, _NOT_ASKED = ".", "all", "-"


def render(maps: Iterable[UnitMap]) -> Iterator[str]:
    """One block per unit."""
    for number, one in enumerate(maps):
        yield "\n" if number else ""
        for line in _unit(one):
            yield f"{line}\n"


def _unit(one: UnitMap) -> Iterator[str]:
    table = one.table
    yield f"unit {one_line(one.unit)}: {contents(table)}, {counted(table.count, 'connection')} allowed"
    if not table.count:
        return
    yield ""
    if len(table.endpoints) <= _LARGEST_MATRIX and not one.is_part:  # an empty cell says that nothing is allowed
        yield from _matrix(table)
    else:
        yield from _list(table)


def _matrix(table: Table) -> Iterator[str]:
    """Rows are sources, columns destinations; both numbered, so that long names stand once."""
    names = [_name(endpoint.id) for endpoint in table.endpoints]
    place = {endpoint.id: number for number, endpoint in enumerate(table.endpoints)}
    cells: list[list[tuple[Ports, Ports] | str]] = [[_NOTHING for _ in names] for _ in names]
    future = [number for number, endpoint in enumerate(table.endpoints) if endpoint.kind == FUTURE]
    for one, other in (*((number, number) for number in range(len(names))), *product(future, repeat=2)):
        cells[one][other] = _NOT_ASKED
    for connection in table.connections():
        cells[place[connection.source.id]][place[connection.destination.id]] = connection.ports, connection.unknown
    shown, legend = _in_full(cells), [".  nothing"]
    uncertain = any("?" in cell for row in shown for cell in row)
    widths = _widths(shown)
    margin = max(map(len, names))
    if margin + sum(widths) + 2 * len(widths) > _WIDEST:
        shown, letters = _by_letters(cells)
        widths, legend = _widths(shown), [".  nothing", *letters]
    if uncertain:
        legend.append("What is unknown is left open by Kubernetes or the manifests; netpol-lint explain says why.")
    heads = "  ".join(str(number + 1).rjust(width) for number, width in enumerate(widths))
    yield f"{'from / to':<{margin + 5}}  {heads}"
    for number, (name, row) in enumerate(zip(names, shown, strict=True)):
        ports = "  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True))
        yield f"{number + 1:>3}  {name:<{margin}}  {ports}"
    yield ""
    yield from legend


def _widths(shown: list[list[str]]) -> list[int]:
    return [max(len(str(number + 1)), *(len(row[number]) for row in shown)) for number in range(len(shown))]


def _in_full(cells: list[list[tuple[Ports, Ports] | str]]) -> list[list[str]]:
    return [[cell if isinstance(cell, str) else _cell(*cell) for cell in row] for row in cells]


def _cell(ports: Ports, unknown: Ports) -> str:
    """`8080,UDP/53`; what is unknown with a question mark."""
    sure = _short(ports)
    return ",".join(filter(None, (sure, f"{_short(unknown)}?" if unknown else "")))


def _short(ports: Ports) -> str:
    return _EVERY_PORT if ports.all else shortest(ports).replace("TCP/", "").replace(", ", ",").replace(" ", "-")


def _by_letters(cells: list[list[tuple[Ports, Ports] | str]]) -> tuple[list[list[str]], list[str]]:
    """One letter for each list of ports, and what the letters mean."""
    fixed = {(ALL_PORTS, NO_PORTS): "*", (NO_PORTS, ALL_PORTS): "?"}
    seen: dict[tuple[Ports, Ports], str] = {}
    for row in cells:
        for cell in row:
            if not isinstance(cell, str) and cell not in seen:
                number = sum(1 for letter in seen.values() if letter not in "*?")
                name = ascii_letters[number] if number < len(ascii_letters) else str(number)
                seen[cell] = fixed.get(cell, name)
    shown = [[cell if isinstance(cell, str) else seen[cell] for cell in row] for row in cells]
    return shown, [f"{letter}  {ports_in_words(*ports)}" for ports, letter in seen.items()]


def _list(table: Table) -> Iterator[str]:
    for number, paragraph in enumerate(paragraphs(table, most=_MOST_NAMES)):
        if number:
            yield ""
        yield from map(one_line, paragraph.sources)
        for flow in paragraph.flows:
            ports = ports_in_words(flow.ports, flow.unknown)
            yield from (f"  -> {one_line(destination)}: {ports}" for destination in flow.destinations)


def _name(text: str) -> str:
    text = one_line(text)
    return text if len(text) <= _LONGEST_NAME else f"{text[: _LONGEST_NAME - 4]} ..."
