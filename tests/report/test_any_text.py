"""Whatever stands in names, paths, messages and files, it stays text."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from netpol_lint import report as reports
from netpol_lint.findings import (
    NO_FIX,
    NO_OBJECT,
    Edit,
    Fix,
    Notification,
    Related,
    Report,
    SuppressedFinding,
    Suppression,
)
from netpol_lint.resources.metadata import ObjectRef
from netpol_lint.source.location import Location, Span
from tests.report.making import at, finding, report

PIECES = (
    *"a é前😀e\u0301 \t\r\n\x00\x07\x1b\x7f\x85\x9b\u00a0\u200b\u2028\u202e\u2066\ufeff\ufffe\ud800\udcff\U000e0001",
    *":,;%|`*_[](){}<>&\"'@#$!\\/~-",
    *("::error::x", "##vso[task.x]", "##[group]", "]]>", "-->", "<script>", "https://x.example", "www.x", "[a](1)"),
)
TEXTS = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)
PATHS = TEXTS.map(lambda text: f"{text}.yaml")
NUMBERS = st.integers(1, 30)
JSON_FORMATS = ("json", "gitlab", "rdjson", "sarif")
LINE_FORMATS = ("json-lines", "rdjsonl")


@st.composite
def places(draw: st.DrawFn) -> Location:
    line, column = draw(NUMBERS), draw(NUMBERS)
    end_line = line + draw(st.integers(0, 1))
    return Location(draw(PATHS), Span(line, column, end_line, column + draw(st.integers(0, 9))))


@st.composite
def any_report(draw: st.DrawFn) -> Report:
    rules = st.sampled_from(("NP103", "NP201", "NP204"))
    found = []
    for _ in range(draw(st.integers(0, 3))):
        place = draw(places())
        ref = ObjectRef("", "Pod", draw(TEXTS), draw(TEXTS))
        edits = (Edit(place.path, place.span, draw(TEXTS)),) if draw(st.booleans()) else ()
        found.append(
            finding(
                draw(rules),
                draw(TEXTS),
                place,
                draw(st.sampled_from((NO_OBJECT, ref))),
                related=tuple(Related(draw(TEXTS), draw(places())) for _ in range(draw(st.integers(0, 2)))),
                fix=Fix(draw(TEXTS), draw(st.booleans()), edits, ()) if edits else NO_FIX,
                units=tuple(sorted({draw(TEXTS), f"b{draw(TEXTS)}"})),
            )
        )
    by = Suppression("comment", draw(TEXTS), draw(places()))
    hidden = SuppressedFinding(finding("NP204", draw(TEXTS), draw(places())), by)
    notes = (Notification("warning", draw(TEXTS), draw(places())), Notification("note", draw(TEXTS)))
    source = "\n".join(draw(st.lists(TEXTS, max_size=40)))
    made = report(found, suppressed=(hidden,), notifications=notes)
    raw = source.encode("utf-8", "replace").decode()
    return made._replace(source_text=lambda path: source, raw_text=lambda path: raw)


PATIENT = settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
"""For a machine that is busy with other things."""
OPTIONS = st.builds(reports.Options, color=st.just(False), show_suppressed=st.booleans(), width=st.integers(30, 100))


@PATIENT
@given(report=any_report(), options=OPTIONS)
def test_nothing_acts_on_a_terminal(report: Report, options: reports.Options) -> None:
    texts = {name: reports.render(name, report, options) for name in reports.formats()}
    acting = {name: {c for c in text if not c.isprintable()} - {"\n"} for name, text in texts.items()}
    assert {name: set() for name in texts} == acting


@PATIENT
@given(report=any_report(), options=OPTIONS)
def test_colours_are_the_only_escapes(report: Report, options: reports.Options) -> None:
    colored = reports.Options(color=True, width=options.width, show_suppressed=options.show_suppressed)
    for name in ("text", "concise", "grouped"):
        plain = re.sub("\x1b\\[[0-9;]+m", "", reports.render(name, report, colored))
        assert reports.render(name, report, options) == plain


@PATIENT
@given(report=any_report(), options=OPTIONS)
def test_no_build_log_takes_it_for_a_command(report: Report, options: reports.Options) -> None:
    own = {"github": "::", "azure": "##vso["}
    acting = []
    for name in reports.formats():
        for line in reports.render(name, report, options).split("\n"):
            rest = line.removeprefix(own.get(name, "\0"))
            begins = re.match(r"\s*::[A-Za-z]", rest) and rest == line
            if begins or re.search(r"##(vso)?\[", rest, re.IGNORECASE):
                acting.append((name, line))
    assert [] == acting


@PATIENT
@given(report=any_report())
def test_each_finding_and_notification_is_one_workflow_command(report: Report) -> None:
    lines = reports.render("github", report, reports.Options()).splitlines()
    commands = [line for line in lines if re.fullmatch(r"::(error|warning|notice) (\w+=[^,:]*,?)+::.*", line)]
    assert (len(report.findings) + len(report.notifications), lines) == (len(lines), commands)


@PATIENT
@given(report=any_report())
def test_each_finding_and_notification_is_one_logging_command(report: Report) -> None:
    lines = reports.render("azure", report, reports.Options()).splitlines()
    commands = [
        line for line in lines if re.fullmatch(r"##vso\[task\.logissue type=(error|warning);(\w+=[^;\]]*;)*\].*", line)
    ]
    assert (len(report.findings) + len(report.notifications), lines) == (len(lines), commands)


@PATIENT
@given(report=any_report(), options=OPTIONS)
def test_json_reads_back(report: Report, options: reports.Options) -> None:
    for name in JSON_FORMATS:
        json.loads(reports.render(name, report, options))
    for name in LINE_FORMATS:
        for line in reports.render(name, report, options).splitlines():
            json.loads(line)
    data = json.loads(reports.render("json", report, options))
    expected = [_without_surrogates(f.message) for f in report.findings]
    assert expected == [found["message"] for found in data["findings"]]


@PATIENT
@given(report=any_report(), options=OPTIONS)
def test_xml_reads_back(report: Report, options: reports.Options) -> None:
    junit = ET.fromstring(reports.render("junit", report, options))  # noqa: S314 - our own
    checkstyle = ET.fromstring(reports.render("checkstyle", report, options))  # noqa: S314
    located = sum(1 for note in report.notifications if note.at)
    expected = len(report.findings), len(report.findings) + located
    assert expected == (len(list(junit.iter("failure"))), len(list(checkstyle.iter("error"))))


@PATIENT
@given(report=any_report(), options=OPTIONS)
def test_html_has_no_tag_and_no_attribute_but_ours(report: Report, options: reports.Options) -> None:
    page = _Tags()
    page.feed(reports.render("html", report, options))
    page.close()
    ours = set(
        "html head meta title style body h1 p ul li table tr th td section h2 article h3 span a pre mark code del ins"
        " footer".split()
    )
    attributes = {"lang", "charset", "http-equiv", "content", "name", "class", "href"}
    assert (set(), set()) == (page.tags - ours, page.attributes - attributes)


@PATIENT
@given(report=any_report(), options=OPTIONS)
def test_a_row_of_a_markdown_table_has_four_cells(report: Report, options: reports.Options) -> None:
    rows = [line for line in reports.render("markdown", report, options).splitlines() if line.startswith("|")]
    cells = {len(re.findall(r"(?<!\\)(?:\\\\)*\|", row)) - 1 for row in rows}
    assert {4} | cells == {4}


@PATIENT
@given(text=TEXTS)
def test_markdown_renders_to_no_element_but_ours(text: str) -> None:
    markdown_it = pytest.importorskip("markdown_it")
    made = report([finding("NP201", f"a{text}z", at("a.yaml", 1, 1, 2))])
    parser = markdown_it.MarkdownIt("commonmark").enable("table")
    tags = _Tags()
    tags.feed(parser.render(reports.render("markdown", made, reports.Options())))
    ours = set("h3 p details summary table thead tbody tr th td a".split())
    assert set() == tags.tags - ours


def _without_surrogates(text: str) -> str:
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, Any]]) -> None:
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)
