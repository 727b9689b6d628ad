"""SARIF 2.1.0 as GitHub's code scanning takes it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

import sarif_om as om

from netpol_lint.findings import Fix, Notification, Report, RuleInfo, Suppression
from netpol_lint.records import NamedTuple
from netpol_lint.report.escaping import json_text, visible
from netpol_lint.report.parts.line_hash import line_hashes
from netpol_lint.report.parts.merging import Result, results_of
from netpol_lint.report.parts.rules import PROJECT, nature, page_url, security_severity
from netpol_lint.report.parts.sarif_json import plain
from netpol_lint.report.parts.sources import Sources
from netpol_lint.source.location import Location, Span

if TYPE_CHECKING:
    from netpol_lint.report import Options

_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
_ROOT: Final = "%SRCROOT%"
_UNRESERVED: Final = "/-._~!$&'()*+,;=@"
_MOST_RESULTS: Final = 5_000
"""GitHub shows no more of a run."""
_LONGEST: Final = 1_024
"""Characters GitHub takes of a description."""
_SUPPRESSED_IN_SOURCE: Final = ("comment", "annotation")


def render(report: Report, options: Options) -> str:
    """One run. Suppressed findings are left out unless wanted: code scanning shows them as open alerts."""
    results = results_of(report, suppressed=options.show_suppressed)
    notifications = list(report.notifications)
    if len(results) > _MOST_RESULTS:
        left_out = len(results) - _MOST_RESULTS
        notifications.append(
            Notification("warning", f"{left_out} results left out, the least grave: no more are shown")
        )
        results = results[:_MOST_RESULTS]
    run = om.Run(
        tool=om.Tool(driver=_driver(report)),
        invocations=[_invocation(notifications, Sources(report))],
        original_uri_base_ids={_ROOT: om.ArtifactLocation(description=om.Message(text="The working directory."))},
        automation_details=_category(options.sarif_category),
        column_kind="unicodeCodePoints",
        results=_results(results, report),
    )
    return json_text(plain(om.SarifLog(version="2.1.0", schema_uri=_SCHEMA, runs=[run]))) + "\n"


def _driver(report: Report) -> om.ToolComponent:
    return om.ToolComponent(
        name="netpol-lint",
        version=report.version,
        semantic_version=report.version,
        information_uri=PROJECT,
        rules=[_rule(rule, report.rule_help(rule.id)) for rule in report.rules],
    )


def _rule(rule: RuleInfo, page: str) -> om.ReportingDescriptor:
    """All that is enabled is described, in order of id, whether or not it found something."""
    kind, url = nature(rule), page_url(rule)
    properties: dict[str, Any] = {"tags": [*dict.fromkeys((kind.tag, "kubernetes", "network-policy", rule.category))]}
    properties["precision"] = kind.precision
    if kind.security:
        properties["tags"].append("security")
        properties["security-severity"] = f"{security_severity(rule):.1f}"
    else:
        severity = rule.severity.value
        properties["problem.severity"] = severity if severity != "note" else "recommendation"
    text = page.strip() or f"{rule.title}. See {url}"
    return om.ReportingDescriptor(
        id=rule.id,
        name=rule.name,
        short_description=om.MultiformatMessageString(text=_cut(f"{rule.title}.")),
        full_description=om.MultiformatMessageString(text=_cut(_first_paragraph(page) or f"{rule.title}.")),
        help=om.MultiformatMessageString(text=text, markdown=text),
        help_uri=url,
        default_configuration=om.ReportingConfiguration(level=rule.severity.value),
        properties=properties,
    )


def _category(name: str) -> om.RunAutomationDetails | None:
    return om.RunAutomationDetails(id=f"{name.rstrip('/')}/") if name else None


def _invocation(notifications: Sequence[Notification], sources: Sources) -> om.Invocation:
    """Findings are no failure of the run."""
    said = [
        om.Notification(
            message=om.Message(text=_sentence(message)),
            level=level,
            locations=[_location(at, sources)] if isinstance(at, Location) else None,
        )
        for level, message, at in notifications
    ]
    return om.Invocation(execution_successful=True, tool_execution_notifications=said)


def _results(results: Sequence[Result], report: Report) -> list[om.Result]:
    sources = Sources(report)
    index = {rule.id: number for number, rule in enumerate(report.rules)}
    hashes = _hashes(results, report)
    return [_result(result, sources, index, hashes) for result in results]


def _hashes(results: Iterable[Result], report: Report) -> Mapping[tuple[str, int], str]:
    wanted: dict[str, list[int]] = {}
    for result in results:
        at = result.first.at
        wanted.setdefault(at.path, []).append(at.span.line)
    # Without the text there is no hash: GitHub then computes it from the file it has.
    texts = ((path, report.raw_text(path), lines) for path, lines in wanted.items())
    return {
        (path, line): value for path, text, lines in texts if text for line, value in line_hashes(text, lines).items()
    }


class _Related(NamedTuple):
    message: str
    at: Location


def _result(
    result: Result, sources: Sources, index: Mapping[str, int], hashes: Mapping[tuple[str, int], str]
) -> om.Result:
    """GitHub knows an alert by rule, file and line: what else the rule found on the line is told in the same one."""
    finding = result.first
    places = [*dict.fromkeys(_Related(*place) for one in result.findings for place in one.related)]
    others = [_Related(other.message, other.at) for other in result.findings[1:]]
    message = _sentence(finding.message)
    if places:
        message += f" See {_links(places, 1)}."
    if others:
        message += f" On the same line: {_links(others, len(places) + 1)}."
    fingerprints = {"netpolLint/v1": finding.fingerprint} if finding.fingerprint else {}
    if (finding.at.path, finding.at.span.line) in hashes:
        line_hash = hashes[finding.at.path, finding.at.span.line]
        fingerprints = {"primaryLocationLineHash": line_hash, **fingerprints}
    return om.Result(
        rule_id=finding.rule,
        rule_index=index.get(finding.rule, -1),
        level=finding.severity.value,
        message=om.Message(text=message),
        locations=[_location(finding.at, sources)],
        related_locations=[
            _location(at, sources, number, text) for number, (text, at) in enumerate((*places, *others), start=1)
        ],
        partial_fingerprints=fingerprints or None,
        fixes=[_fix(one.fix) for one in result.findings if one.fix.edits],
        suppressions=[_suppression(by, sources) for by in result.suppressions],
    )


def _links(places: Sequence[_Related], first: int) -> str:
    return "; ".join(
        f"[{_escaped(visible(message)) or 'here'}]({number})" for number, (message, _) in enumerate(places, start=first)
    )


def _location(at: Location, sources: Sources, number: int = -1, message: str = "") -> om.Location:
    """The first line alone: a pull request shows an alert only if all its lines are changed."""
    return om.Location(
        id=number,
        message=om.Message(text=visible(message)) if message else None,
        physical_location=om.PhysicalLocation(
            artifact_location=_artifact(at.path), region=_region(sources.first_line_of(at.path, at.span))
        ),
    )


def _artifact(path: str) -> om.ArtifactLocation:
    return om.ArtifactLocation(uri=quote(_bytes(path), safe=_UNRESERVED), uri_base_id=_ROOT)


def _bytes(path: str) -> bytes:
    """A path as the system has it, also one that is no UTF-8."""
    try:
        return path.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return path.encode("utf-8", "replace")


def _region(span: Span) -> om.Region:
    return om.Region(start_line=span.line, start_column=span.column, end_line=span.end_line, end_column=span.end_column)


def _fix(fix: Fix) -> om.Fix:
    replacements = [
        om.Replacement(deleted_region=_region(edit.span), inserted_content=om.ArtifactContent(text=edit.text))
        for edit in fix.edits
    ]
    change = om.ArtifactChange(artifact_location=_artifact(fix.edits[0].path), replacements=replacements)
    return om.Fix(description=om.Message(text=_sentence(fix.description)), artifact_changes=[change])


def _suppression(by: Suppression, sources: Sources) -> om.Suppression:
    kind = "inSource" if by.kind in _SUPPRESSED_IN_SOURCE else "external"
    return om.Suppression(
        kind=kind,
        state="accepted",
        justification=visible(by.reason) or None,
        location=_location(by.at, sources),
    )


def _sentence(text: str) -> str:
    """Text of a message: `[x](1)` in it would be a link."""
    shown = _escaped(visible(text)).strip()
    return shown if shown.endswith((".", "!", "?")) else f"{shown}."


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")


def _first_paragraph(page: str) -> str:
    return " ".join(page.strip().partition("\n\n")[0].split())


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
