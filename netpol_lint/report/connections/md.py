"""The map as Markdown tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from netpol_lint.connectivity.connections import UnitMap
from netpol_lint.report.escaping import markdown


def render(maps: Iterable[UnitMap]) -> str:
    """One table per unit."""
    return "\n".join("\n".join(_unit(unit)) + "\n" for unit in maps)


def _unit(unit: UnitMap) -> Iterator[str]:
    yield f"## Connections in unit {markdown(unit.unit)}"
    yield ""
    if not unit.connections:
        yield "No connection is allowed."
        return
    yield "| from | to | ports |"
    yield "| --- | --- | --- |"
    for c in unit.connections:
        unknown = f"; unknown: {c.unknown}" if c.unknown else ""
        yield f"| {markdown(c.source)} | {markdown(c.destination)} | {c.ports}{unknown} |"
