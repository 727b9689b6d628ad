"""What changes, for people: the most dangerous first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

from netpol_lint.connectivity.differences import UnitDifference
from netpol_lint.report.differences.parts.sections import sections, summary
from netpol_lint.report.escaping import one_line

_MOST: Final = 200
"""Lines of one section; JSON has them all."""


def render(units: Sequence[UnitDifference]) -> Iterator[str]:
    """One block per unit in which something changes."""
    changed = [unit for unit in units if unit]
    if not changed:
        yield "no connection changes\n"
    for number, unit in enumerate(changed):
        yield "\n" if number else ""
        for line in _unit(unit):
            yield f"{line}\n"


def _unit(unit: UnitDifference) -> Iterator[str]:
    news = " (new)" if unit.is_new else " (gone)" if unit.is_gone else ""
    yield f"unit {one_line(unit.unit)}{news}: {summary(unit)}"
    for section in sections(unit):
        yield ""
        yield f"{section.title}:"
        for line in islice(section.lines, _MOST):
            yield f"  {section.sign} {one_line(line.source)} -> {one_line(line.destination)}: {line.ports}"
        if any(section.lines):
            yield f"  {section.sign} and more, {section.size:,} connections in all: --format json has them"
    for title, sign, endpoints in (("added", "+", unit.added), ("removed", "-", unit.removed)):
        if endpoints:
            yield ""
            yield f"{title}:"
            yield from (f"  {sign} {one_line(endpoint.id)}" for endpoint in endpoints)
