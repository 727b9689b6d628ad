"""For programs that read line by line: each line a finding, as in `json`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netpol_lint.findings import Report
from netpol_lint.report.escaping import json_text
from netpol_lint.report.parts.shape import finding_shape, suppressed_shape

if TYPE_CHECKING:
    from netpol_lint.report import Options


def render(report: Report, options: Options) -> str:
    """The findings, then the suppressed ones if wanted."""
    shapes = [finding_shape(finding) for finding in report.findings]
    if options.show_suppressed:
        shapes += [suppressed_shape(suppressed) for suppressed in report.suppressed]
    return "".join(f"{json_text(shape)}\n" for shape in shapes)
