"""reviewdog's JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netpol_lint.findings import Report
from netpol_lint.report.escaping import json_text
from netpol_lint.report.parts.diagnostics import diagnostics
from netpol_lint.report.parts.rules import PROJECT

if TYPE_CHECKING:
    from netpol_lint.report import Options


def render(report: Report, _options: Options) -> str:
    """One object with all diagnostics, one per line."""
    source = json_text({"name": "netpol-lint", "url": PROJECT})
    rows = ",\n  ".join(json_text(diagnostic) for diagnostic in diagnostics(report))
    listed = f"[\n  {rows}]" if rows else "[]"
    return f'{{"source": {source},\n "severity": "WARNING",\n "diagnostics": {listed}}}\n'
