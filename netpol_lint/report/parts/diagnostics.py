"""reviewdog's Diagnostic, of which both of its formats are made: columns are UTF-8 bytes, ends exclusive."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from netpol_lint.findings import Finding, Report, Severity
from netpol_lint.report.escaping import visible
from netpol_lint.report.parts.rules import page_urls
from netpol_lint.report.parts.sources import Sources
from netpol_lint.source.location import Location, Span

_SEVERITIES: Final = {Severity.ERROR: "ERROR", Severity.WARNING: "WARNING", Severity.NOTE: "INFO"}


def diagnostics(report: Report) -> Iterator[dict[str, Any]]:
    """The findings, then the notifications that have a place."""
    sources, urls = Sources(report), page_urls(report)
    for finding in report.findings:
        yield _of_finding(finding, sources, urls)
    for level, message, at in report.notifications:
        if isinstance(at, Location):
            severity = "WARNING" if level == "warning" else "INFO"
            yield {"message": visible(message), "location": _location(at, sources), "severity": severity}


def _of_finding(finding: Finding, sources: Sources, urls: dict[str, str]) -> dict[str, Any]:
    code = {"value": finding.rule}
    if finding.rule in urls:
        code["url"] = urls[finding.rule]
    diagnostic: dict[str, Any] = {
        "message": visible(finding.message),
        "location": _location(finding.at, sources),
        "severity": _SEVERITIES[finding.severity],
        "code": code,
    }
    suggestions = [
        {"range": _range(edit.path, edit.span, sources), "text": edit.text}
        for edit in finding.fix.edits
        if edit.path == finding.at.path
    ]
    if suggestions:
        diagnostic["suggestions"] = suggestions
    if finding.related:
        diagnostic["related_locations"] = [
            {"message": visible(place.message), "location": _location(place.at, sources)} for place in finding.related
        ]
    return diagnostic


def _location(at: Location, sources: Sources) -> dict[str, Any]:
    return {"path": at.path, "range": _range(at.path, at.span, sources)}


def _range(path: str, span: Span, sources: Sources) -> dict[str, Any]:
    return {
        "start": {"line": span.line, "column": _bytes(sources.line(path, span.line), span.column)},
        "end": {"line": span.end_line, "column": _bytes(sources.line(path, span.end_line), span.end_column)},
    }


def _bytes(line: str, column: int) -> int:
    """The column in bytes; beyond the text, as in a file that is gone, a character counts as one."""
    before = line[: column - 1]
    return column if before.isascii() else column + len(before.encode("utf-8", "replace")) - len(before)
