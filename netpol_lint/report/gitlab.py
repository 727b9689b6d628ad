"""GitLab's Code Quality report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from netpol_lint.findings import Finding, Report, Severity
from netpol_lint.report.escaping import json_text, visible
from netpol_lint.report.parts.sources import last_line
from netpol_lint.source.location import Location

if TYPE_CHECKING:
    from netpol_lint.report import Options

_SEVERITIES: Final = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.NOTE: "info"}


def render(report: Report, _options: Options) -> str:
    """A JSON array with one issue per line; notifications that have a place are issues of the tool itself."""
    issues = [_of_finding(finding) for finding in report.findings]
    for notification in report.notifications:
        at = notification.at
        if isinstance(at, Location):
            mark = sha256(f"{notification.message}\0{at.path}".encode("utf-8", "replace")).hexdigest()[:32]
            issues.append(_issue(notification.message, "netpol-lint", mark, "info", at))
    rows = ",\n  ".join(json_text(issue) for issue in _told_apart(issues))
    return f"[\n  {rows}\n]\n" if rows else "[]\n"


def _of_finding(finding: Finding) -> dict[str, Any]:
    # GitLab shows no check_name, so the description says which rule it is.
    description = f"{finding.rule} {finding.name}: {finding.message}"
    return _issue(description, finding.rule, finding.fingerprint, _SEVERITIES[finding.severity], finding.at)


def _issue(description: str, check: str, fingerprint: str, severity: str, at: Location) -> dict[str, Any]:
    lines = {"begin": at.span.line, "end": last_line(at.span)}
    return {
        "description": visible(description),
        "check_name": check,
        "fingerprint": fingerprint,
        "severity": severity,
        "location": {"path": at.path.removeprefix("./"), "lines": lines},
    }


def _told_apart(issues: Iterable[dict[str, Any]]) -> Iterable[dict[str, Any]]:
    """The issues, each with a fingerprint of its own: GitLab shows only one of those that share one."""
    seen: set[str] = set()
    salts: Counter[str] = Counter()
    for issue in issues:
        basis = fingerprint = issue["fingerprint"]
        while not fingerprint or fingerprint in seen:
            salts[basis] += 1
            fingerprint = sha256(f"{basis}\0{salts[basis]}".encode()).hexdigest()[:32]
        seen.add(fingerprint)
        yield {**issue, "fingerprint": fingerprint}
