"""Logging commands of Azure Pipelines, which shows them as issues of the run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netpol_lint.findings import Finding, Notification, Report, Severity
from netpol_lint.report.escaping import azure_data, azure_property, visible
from netpol_lint.source.location import Location

if TYPE_CHECKING:
    from netpol_lint.report import Options


def render(report: Report, _options: Options) -> str:
    """One command per finding and notification; what is less than a warning is a warning here, Azure knows no less."""
    lines = [_of_finding(finding) for finding in report.findings]
    lines += [_of_notification(notification) for notification in report.notifications]
    return "".join(f"{line}\n" for line in lines)


def _of_finding(finding: Finding) -> str:
    kind = "error" if finding.severity is Severity.ERROR else "warning"
    return _command(kind, finding.at, finding.rule, f"{finding.rule} {finding.message}")


def _of_notification(notification: Notification) -> str:
    return _command("warning", notification.at, "", notification.message)


def _command(kind: str, at: Location | tuple[()], code: str, message: str) -> str:
    properties = {"type": kind}
    if isinstance(at, Location):
        properties |= {"sourcepath": at.path, "linenumber": str(at.span.line), "columnnumber": str(at.span.column)}
    if code:
        properties["code"] = code
    written = "".join(f"{name}={azure_property(value)};" for name, value in properties.items())
    return f"##vso[task.logissue {written}]{azure_data(visible(message))}"
