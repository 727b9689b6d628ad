"""Findings as plain data, in the exact shape of `check --format json`."""

from __future__ import annotations

from typing import Any

from netpol_lint.findings import NO_FIX, NO_OBJECT, Finding, Fix, Notification, Report, SuppressedFinding
from netpol_lint.resources.metadata import ObjectRef
from netpol_lint.source.location import Location, Span


def finding_shape(finding: Finding) -> dict[str, Any]:
    """One element of `findings`."""
    return {
        "rule": finding.rule,
        "name": finding.name,
        "severity": finding.severity.value,
        "message": finding.message,
        "units": list(finding.units),
        "object": _object(finding.about),
        "location": location_shape(finding.at),
        "related": [{"message": place.message, "location": location_shape(place.at)} for place in finding.related],
        "fix": _fix(finding.fix),
        "fingerprint": finding.fingerprint,
    }


def suppressed_shape(suppressed: SuppressedFinding) -> dict[str, Any]:
    """The same with what suppresses it, one element of `suppressed`."""
    by = suppressed.by
    suppression = {"kind": by.kind, "reason": by.reason, "location": location_shape(by.at)}
    return {**finding_shape(suppressed.finding), "suppression": suppression}


def notification_shape(notification: Notification) -> dict[str, Any]:
    """One element of `notifications`; an empty location where there is no place."""
    at = notification.at
    location = location_shape(at) if isinstance(at, Location) else {}
    return {"level": notification.level, "message": notification.message, "location": location}


def summary_shape(report: Report) -> dict[str, int]:
    """`summary`."""
    names = ("files", "objects", "workloads", "policies", "errors", "warnings", "notes", "suppressed")
    return {name: getattr(report.summary, name) for name in names}


def location_shape(at: Location) -> dict[str, Any]:
    """`path` and the four numbers."""
    return {"path": at.path, **_span(at.span)}


def _span(span: Span) -> dict[str, int]:
    return {"line": span.line, "column": span.column, "end_line": span.end_line, "end_column": span.end_column}


def _object(about: ObjectRef) -> dict[str, str] | None:
    if about == NO_OBJECT:
        return None
    return {"kind": about.kind, "namespace": about.namespace, "name": about.name}


def _fix(fix: Fix) -> dict[str, Any] | None:
    if fix == NO_FIX:
        return None
    edits = [{"path": edit.path, **_span(edit.span), "text": edit.text} for edit in fix.edits]
    return {"safe": fix.safe, "description": fix.description, "edits": edits}
