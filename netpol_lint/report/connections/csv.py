"""The map as a table for spreadsheets, exact."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from netpol_lint.connectivity.connections import UnitMap
from netpol_lint.report.escaping import visible

_FORMULA_STARTS = ("=", "+", "-", "@")
_HEADER = ("unit", "from", "to", "ports", "unknown")


def render(maps: Iterable[UnitMap]) -> Iterator[str]:
    """One row per connection, a header first; RFC 4180 with line feeds."""
    yield _line(_HEADER)
    for one in maps:
        for c in one.table.connections():
            yield _line((one.unit, c.source.id, c.destination.id, str(c.ports), str(c.unknown)))


def _line(cells: Iterable[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(map(_inert, cells))
    return out.getvalue()


def _inert(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    text = visible(text)
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
