"""JUnit's XML: each file a suite, each finding a failed test."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from netpol_lint.findings import Finding, Report, Suppression
from netpol_lint.report.escaping import html as xml, one_line
from netpol_lint.source.location import Location

if TYPE_CHECKING:
    from netpol_lint.report import Options


def render(report: Report, options: Options) -> str:
    """One suite per file; a single passed test if nothing was found, because some importers refuse an empty report.

    Suppressed findings, if wanted, are skipped tests; notifications are what the last suite wrote to standard error.
    """
    return "".join(f"{line}\n" for line in _lines(report, options))


def _lines(report: Report, options: Options) -> Iterator[str]:
    cases: list[tuple[Finding, Suppression | tuple[()]]] = [(finding, ()) for finding in report.findings]
    if options.show_suppressed:
        cases += report.suppressed
        cases.sort(key=lambda case: (case[0].at.path, case[0].at.span, case[0].rule))
    failures = len(report.findings)
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield f'<testsuites name="netpol-lint" tests="{max(len(cases), 1)}" failures="{failures}" errors="0">'
    for path, of_file in groupby(cases, key=lambda case: case[0].at.path):
        yield from _suite(path, list(of_file))
    if not cases or report.notifications:
        yield from _about_the_run(report, clean=not cases)
    yield "</testsuites>"


def _suite(path: str, cases: Sequence[tuple[Finding, Suppression | tuple[()]]]) -> Iterator[str]:
    skipped = sum(1 for _, by in cases if by)
    counts = f'tests="{len(cases)}" failures="{len(cases) - skipped}" errors="0" skipped="{skipped}"'
    yield f'  <testsuite name="{xml(path)}" {counts} package="org.netpol-lint">'
    for finding, by in cases:
        yield from _case(finding, by)
    yield "  </testsuite>"


def _case(finding: Finding, by: Suppression | tuple[()]) -> Iterator[str]:
    line, column = finding.at.span.line, finding.at.span.column
    name = f'name="org.netpol-lint.{xml(finding.rule)}" classname="{xml(_without_suffix(finding.at.path))}"'
    message = xml(finding.message)
    yield f'    <testcase {name} line="{line}" column="{column}">'
    if by:
        yield f'      <skipped message="{xml(f"suppressed by {by.kind}: {by.reason}")}"/>'
    else:
        text = f"line {line}, col {column}, {message}"
        yield f'      <failure message="{message}" type="{finding.severity.value}">{text}</failure>'
    yield "    </testcase>"


def _about_the_run(report: Report, *, clean: bool) -> Iterator[str]:
    tests = 1 if clean else 0
    counts = f'tests="{tests}" failures="0" errors="0" skipped="0"'
    yield f'  <testsuite name="netpol-lint" {counts} package="org.netpol-lint">'
    if clean:
        yield '    <testcase name="No errors found" classname="netpol-lint"/>'
    if report.notifications:
        yield "    <system-err>"
        for level, message, at in report.notifications:
            place = f"{at.path}:{at.span.line}: " if isinstance(at, Location) else ""
            yield xml(one_line(f"{place}{level}: {message}"))
        yield "    </system-err>"
    yield "  </testsuite>"


def _without_suffix(path: str) -> str:
    stem, dot, suffix = path.rpartition(".")
    return stem if dot and stem and "/" not in suffix else path
