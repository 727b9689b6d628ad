"""reviewdog's JSON lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netpol_lint.findings import Report
from netpol_lint.report.escaping import json_text
from netpol_lint.report.parts.diagnostics import diagnostics

if TYPE_CHECKING:
    from netpol_lint.report import Options


def render(report: Report, _options: Options) -> str:
    """One diagnostic per line."""
    return "".join(f"{json_text(diagnostic)}\n" for diagnostic in diagnostics(report))
