"""Checkstyle's XML."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING, Final

from netpol_lint.findings import Report, Severity
from netpol_lint.records import NamedTuple
from netpol_lint.report.escaping import html as xml
from netpol_lint.source.location import Location

if TYPE_CHECKING:
    from netpol_lint.report import Options

_SEVERITIES: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "info"}


class _Row(NamedTuple):
    at: Location
    severity: str
    message: str
    source: str


def render(report: Report, _options: Options) -> str:
    """Errors by file; notifications are there if they have a place."""
    return "".join(f"{line}\n" for line in _lines(list(_rows(report))))


def _rows(report: Report) -> Iterator[_Row]:
    for f in report.findings:
        yield _Row(f.at, _SEVERITIES[f.severity], f.message, f"netpol-lint.{f.rule}")
    for level, message, at in report.notifications:
        if isinstance(at, Location):
            yield _Row(at, "warning" if level == "warning" else "info", message, "netpol-lint")


def _lines(rows: list[_Row]) -> Iterator[str]:
    rows.sort(key=lambda row: (row.at.path, row.at.span, row.source))
    yield '<?xml version="1.0" encoding="utf-8"?>'
    yield '<checkstyle version="4.3">'
    for path, of_file in groupby(rows, key=lambda row: row.at.path):
        yield f'  <file name="{xml(path)}">'
        for at, severity, message, source in of_file:
            place = f'line="{at.span.line}" column="{at.span.column}"'
            yield f'    <error {place} severity="{severity}" message="{xml(message)}" source="{xml(source)}"/>'
        yield "  </file>"
    yield "</checkstyle>"
