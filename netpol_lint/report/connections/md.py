"""The map as Markdown tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from netpol_lint.connectivity.connections import UnitMap
from netpol_lint.report.connections.parts.words import contents, counted, paragraphs, ports_in_words
from netpol_lint.report.escaping import markdown

_MOST_NAMES: Final = 50
"""In one cell; csv and json have them all."""


def render(maps: Iterable[UnitMap]) -> Iterator[str]:
    """One table per unit."""
    for number, one in enumerate(maps):
        yield "\n" if number else ""
        for line in _unit(one):
            yield f"{line}\n"


def _unit(one: UnitMap) -> Iterator[str]:
    yield f"## Connections in unit {markdown(one.unit)}"
    yield ""
    yield f"{contents(one.table)}, {counted(one.table.count, 'connection')} allowed.".capitalize()
    if not one.table.count:
        return
    yield ""
    yield "| from | to | ports |"
    yield "| --- | --- | --- |"
    for sources, flows in paragraphs(one.table, most=_MOST_NAMES):
        for flow in flows:
            yield f"| {_cell(sources)} | {_cell(flow.destinations)} | {ports_in_words(flow.ports, flow.unknown)} |"


def _cell(texts: tuple[str, ...]) -> str:
    return "<br>".join(map(markdown, texts))
