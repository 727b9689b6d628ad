"""For comments on pull requests and summaries of CI steps: tables by namespace."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from netpol_lint.findings import Finding, Report
from netpol_lint.report.escaping import markdown
from netpol_lint.report.parts.counting import closing_line, counted, totals
from netpol_lint.report.parts.rules import page_urls
from netpol_lint.source.location import Location

if TYPE_CHECKING:
    from netpol_lint.report import Options

_MARK: Final = "<!-- netpol-lint -->"
"""By which a bot finds its comment again, to replace it."""
_FEW: Final = 20
"""So many findings are shown unfolded."""
_MOST_RELATED: Final = 3
_RESERVE: Final = 400
"""Bytes for what ends a report that is cut."""
_HEAD: Final = ("", "| Severity | Rule | Place | Finding |", "| --- | --- | --- | --- |")


def render(report: Report, options: Options) -> str:
    """The gravest namespaces first; cut between two findings, with a note that says so, before it is too long."""
    page = _Page(options.markdown_bytes)
    for line in (_MARK, f"### netpol-lint: {totals(report)}", "", f"{markdown(closing_line(report))}."):
        page.add(line)
    urls = page_urls(report)
    for namespace, findings in _by_namespace(report.findings):
        title = f"namespace {markdown(namespace)}" if namespace else "no namespace"
        page.section(title, findings, urls, unfolded=len(report.findings) <= _FEW)
    if options.show_suppressed:
        page.section("suppressed", [finding for finding, _ in report.suppressed], urls, unfolded=False)
    page.notifications(list(_notifications(report)))
    return page.text()


class _Page:
    """Lines that together stay below a number of bytes."""

    def __init__(self, most: int) -> None:
        self._room = most - _RESERVE
        self._lines: list[str] = []
        self._left_out = 0

    def add(self, line: str) -> bool:
        """Whether there was room for the line, and for all before it."""
        self._room -= len(line.encode()) + 1
        if self._room < 0:
            return False
        self._lines.append(line)
        return True

    def section(self, title: str, findings: Sequence[Finding], urls: dict[str, str], *, unfolded: bool) -> None:
        """A table of findings; those there is no room for are counted."""
        if not findings:
            return
        opening = (
            f"<details{' open' if unfolded else ''}><summary>{title}: {counted(len(findings), 'finding')}</summary>"
        )
        first, *others = (_row(finding, urls) for finding in findings)
        if not self.add("\n".join(("", opening, *_HEAD, first))):
            self._left_out += len(findings)
            return
        for number, row in enumerate(others, start=1):
            if not self.add(row):
                self._left_out += len(findings) - number
                break
        self._lines += ["", "</details>"]
        self._room -= len("\n</details>\n")

    def notifications(self, lines: Sequence[str]) -> None:
        """What there is to say about the input, as far as there is room."""
        if lines and self.add(""):
            for line in lines:
                self.add(line)

    def text(self) -> str:
        lines = list(self._lines)
        if self._left_out:
            lines += ["", f"{counted(self._left_out, 'finding')} more: too long to show here."]
        elif self._room < 0:
            lines += ["", "More was said about the input: too long to show here."]
        return "".join(f"{line}\n" for line in lines)


def _by_namespace(findings: Sequence[Finding]) -> list[tuple[str, list[Finding]]]:
    groups: dict[str, list[Finding]] = {}
    for finding in findings:
        groups.setdefault(finding.about.namespace, []).append(finding)
    return sorted(groups.items(), key=lambda group: (-max(f.severity.rank for f in group[1]), group[0]))


def _row(finding: Finding, urls: dict[str, str]) -> str:
    rule = f"[{finding.rule}]({urls[finding.rule]})" if finding.rule in urls else markdown(finding.rule)
    text = markdown(finding.message)
    for message, at in finding.related[:_MOST_RELATED]:
        text += f"<br>{markdown(_place(at))}: {markdown(message)}"
    return f"| {finding.severity.value} | {rule} | {markdown(_place(finding.at))} | {text} |"


def _notifications(report: Report) -> Iterator[str]:
    for level, message, at in report.notifications:
        place = f"{markdown(_place(at))}: " if isinstance(at, Location) else ""
        yield f"- {place}{markdown(level)}: {markdown(message)}"


def _place(at: Location) -> str:
    return f"{at.path}:{at.span.line}"
