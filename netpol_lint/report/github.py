"""Workflow commands that GitHub Actions shows as annotations of the lines they speak of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from netpol_lint.findings import Finding, Notification, Report, Severity
from netpol_lint.records import NamedTuple
from netpol_lint.report.escaping import command_data, command_property, visible
from netpol_lint.report.parts.sources import last_line
from netpol_lint.source.location import Location

if TYPE_CHECKING:
    from netpol_lint.report import Options

_MOST_OF_A_KIND: Final = 10
"""GitHub drops what a step says beyond that."""
_KINDS: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


class _Annotation(NamedTuple):
    severity: Severity
    title: str
    lines: tuple[str, ...]
    at: Location | tuple[()]


def render(report: Report, _options: Options) -> str:
    """Commands, the gravest first and at most ten of a kind, then the others as plain lines."""
    annotations = [_of_finding(finding) for finding in report.findings]
    annotations += [_of_notification(notification) for notification in report.notifications]
    annotations.sort(key=lambda annotation: -annotation.severity.rank)
    return "".join(f"{line}\n" for line in _lines(annotations))


def _lines(annotations: Iterable[_Annotation]) -> Iterator[str]:
    shown: Counter[Severity] = Counter()
    rest: list[_Annotation] = []
    for annotation in annotations:
        shown[annotation.severity] += 1
        if shown[annotation.severity] > _MOST_OF_A_KIND:
            rest.append(annotation)
        else:
            yield _command(annotation)
    if not rest:
        return
    yield from (_plain(annotation) for annotation in rest)
    yield f"{len(rest)} more than GitHub shows as annotations: see the summary, or the lines above."


def _of_finding(finding: Finding) -> _Annotation:
    lines = [finding.message, *(f"{_place(at)}: {message}" for message, at in finding.related)]
    if finding.fix.edits:
        lines.append(f"fix: {finding.fix.description}")
    return _Annotation(finding.severity, f"{finding.rule} {finding.name}", tuple(lines), finding.at)


def _of_notification(notification: Notification) -> _Annotation:
    severity = Severity.WARNING if notification.level == "warning" else Severity.NOTE
    return _Annotation(severity, "netpol-lint", (notification.message,), notification.at)


def _command(annotation: _Annotation) -> str:
    properties = {**_position(annotation.at), "title": annotation.title}
    written = ",".join(f"{name}={command_property(value)}" for name, value in properties.items())
    data = command_data("\n".join(visible(line) for line in annotation.lines))
    return f"::{_KINDS[annotation.severity]} {written}::{data}"


def _position(at: Location | tuple[()]) -> dict[str, str]:
    """Columns only within one line: GitHub rejects them elsewhere."""
    if not isinstance(at, Location):
        return {}
    span = at.span
    if span.line == span.end_line:
        columns = {"col": str(span.column), "endLine": str(span.line), "endColumn": str(span.end_column)}
        return {"file": at.path, "line": str(span.line), **columns}
    return {"file": at.path, "line": str(span.line), "endLine": str(last_line(span))}


def _plain(annotation: _Annotation) -> str:
    """Begins with a word of ours: nothing in it can be taken for a command."""
    place = f"{_place(annotation.at)}: " if isinstance(annotation.at, Location) else ""
    return visible(f"{annotation.severity.value}: {place}{annotation.title}: {annotation.lines[0]}")


def _place(at: Location) -> str:
    return f"{at.path}:{at.span.line}:{at.span.column}"
