"""The needs for people: what is blocked stands out, and each line says where the need is shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from netpol_lint.connectivity.saying import ports_text
from netpol_lint.needs.listing import Listed, UnitNeeds
from netpol_lint.report.escaping import one_line
from netpol_lint.report.explanations.parts.telling import place_text


def render(units: Sequence[UnitNeeds]) -> str:
    """A block for each unit, a line for each need and one for what shows it."""
    return "".join(f"{line}\n" for unit in units for line in _lines(unit, named=len(units) > 1))


def _lines(unit: UnitNeeds, *, named: bool) -> Iterator[str]:
    if named:
        yield f"unit {one_line(unit.unit)}:"
    if not unit.needs:
        yield "  nothing shows a need"
    for one in unit.needs:
        yield f"  {one.kept.value:8}{one_line(one.source)} -> {one_line(one.destination)}: {_ports(one)}"
        yield f"          {one_line(one.need.shown_by)} ({place_text(one.need.at)})"


def _ports(one: Listed) -> str:
    return ports_text(one.need.ports) if one.need.ports else "ports that are not known"
