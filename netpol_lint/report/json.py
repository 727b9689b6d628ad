"""For programs: one object, described by `schemas/report.schema.json`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from netpol_lint.findings import Report
from netpol_lint.report.escaping import json_text
from netpol_lint.report.parts.shape import finding_shape, notification_shape, summary_shape, suppressed_shape

if TYPE_CHECKING:
    from netpol_lint.report import Options


def render(report: Report, options: Options) -> str:
    """One finding per line, so that reports can be compared with the usual tools."""
    return "{" + ",\n ".join(_members(report, options)) + "}\n"


def _members(report: Report, options: Options) -> Iterator[str]:
    yield '"version": 1'
    yield f'"tool": {json_text({"name": "netpol-lint", "version": report.version})}'
    yield f'"summary": {json_text(summary_shape(report))}'
    yield f'"findings": {_list(finding_shape(finding) for finding in report.findings)}'
    if options.show_suppressed:
        yield f'"suppressed": {_list(suppressed_shape(suppressed) for suppressed in report.suppressed)}'
    yield f'"notifications": {_list(notification_shape(notification) for notification in report.notifications)}'


def _list(elements: Iterable[dict[str, Any]]) -> str:
    rows = ",\n  ".join(json_text(element) for element in elements)
    return f"[\n  {rows}]" if rows else "[]"
