"""What changes, as a comment on a pull request: the most dangerous first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

from netpol_lint.connectivity.connections import Endpoint
from netpol_lint.connectivity.differences import UnitDifference
from netpol_lint.report.differences.parts.sections import Section, sections, summary
from netpol_lint.report.escaping import markdown

_MARK: Final = "<!-- netpol-lint diff -->"
"""By which a bot finds its comment again."""
_LARGEST: Final = 60_000
"""Characters: GitHub takes 65,536 in a comment."""
_MOST: Final = 50
"""Lines of one section."""


def render(units: Sequence[UnitDifference]) -> Iterator[str]:
    """One table per kind of change and risk; what does not fit into a comment is left out, which the end says."""
    yield f"{_MARK}\n## Connections that the policies allow\n"
    changed = [unit for unit in units if unit]
    if not changed:
        yield "\nNothing changes.\n"
    length = 0
    for block in (block for unit in changed for block in _unit(unit, named=len(units) > 1)):
        length += len(block)
        if length > _LARGEST:
            yield "\nThere is more than fits into a comment: `netpol-lint diff --format json` has it all.\n"
            return
        yield block


def _unit(unit: UnitDifference, *, named: bool) -> Iterator[str]:
    if named:
        news = " (new)" if unit.is_new else " (gone)" if unit.is_gone else ""
        yield f"\n### Unit {markdown(unit.unit)}{news}\n"
    yield f"\n{summary(unit)}.\n"
    for section in sections(unit):
        yield _table(section)
    for title, endpoints in (("Added", unit.added), ("Removed", unit.removed)):
        if endpoints:
            yield f"\n{title}: {_names(endpoints)}.\n"


def _table(section: Section) -> str:
    title = section.title[0].upper() + section.title[1:]
    rows = [
        f"| {markdown(line.source)} | {markdown(line.destination)} | {line.ports} |"
        for line in islice(section.lines, _MOST)
    ]
    rows += [f"| and more, {section.size:,} connections in all | | |"] if any(section.lines) else []
    return "\n".join((f"\n**{title}**\n", "| from | to | ports |", "| --- | --- | --- |", *rows, ""))


def _names(endpoints: Sequence[Endpoint]) -> str:
    shown = ", ".join(markdown(endpoint.id) for endpoint in endpoints[:_MOST])
    return shown + (f" and {len(endpoints) - _MOST:,} more" if len(endpoints) > _MOST else "")
