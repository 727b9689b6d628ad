"""The map as a table for spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from netpol_lint.connectivity.connections import UnitMap

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def render(maps: Iterable[UnitMap]) -> str:
    """One row per connection, a header first; RFC 4180 with line feeds."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("unit", "from", "to", "ports", "unknown"))
    for unit in maps:
        for c in unit.connections:
            writer.writerow(map(_inert, (unit.unit, c.source, c.destination, str(c.ports), str(c.unknown))))
    return out.getvalue()


def _inert(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
