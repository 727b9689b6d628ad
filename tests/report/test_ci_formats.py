"""What GitHub, GitLab, Azure, JUnit's and Checkstyle's readers and reviewdog ask for beyond the sample."""

from __future__ import annotations

import json
import re
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from netpol_lint import report as reports
from netpol_lint.findings import Edit, Finding, Fix, Notification, Report
from netpol_lint.source.location import Span
from tests.report.making import CLEAN, at, finding, many, report

OPTIONS = reports.Options()


def lines(name: str, made: Report) -> list[str]:
    return reports.render(name, made, OPTIONS).splitlines()


def one(message: str, line: int = 1, column: int = 1, end_column: int = 2, *, path: str = "a.yaml") -> Finding:
    return finding("NP201", message, at(path, line, column, end_column))


def test_github_gets_ten_annotations_of_a_kind_and_plain_lines_for_the_rest() -> None:
    kinds = [match[1] if (match := re.match(r"::(\w+)", line)) else "plain" for line in lines("github", many(80))]
    expected = ["error"] * 10 + ["warning"] * 10 + ["notice"] * 10 + ["plain"] * 51
    assert expected == kinds


def test_github_is_told_how_many_more_there_are() -> None:
    last = "2 more than GitHub shows as annotations: see the summary, or the lines above."
    made = report([one("m", line) for line in range(1, 13)])
    assert ["warning: a.yaml:12:1: NP201 unselected-pod: m", last] == lines("github", made)[-2:]


def test_github_gets_no_columns_for_a_span_of_several_lines() -> None:
    made = report([finding("NP201", "m", at("a.yaml", 3, 5, 1, end_line=6))])
    assert ["::warning file=a.yaml,line=3,endLine=5,title=NP201 unselected-pod::m"] == lines("github", made)


def test_github_properties_are_escaped() -> None:
    made = report([one("100 %: a, b", path="a,b:c%.yaml")])
    place = "file=a%2Cb%3Ac%25.yaml,line=1,col=1,endLine=1,endColumn=2"
    expected = f"::warning {place},title=NP201 unselected-pod::100 %25: a, b"
    assert [expected] == lines("github", made)


def test_azure_properties_are_escaped() -> None:
    made = report([one("100 %; a]", path="a;b]%.yaml")])
    expected = (
        "##vso[task.logissue type=warning;sourcepath=a%3Bb%5D%AZP25.yaml;linenumber=1;columnnumber=1;code=NP201;]"
        "NP201 100 %AZP25; a]"
    )
    assert [expected] == lines("azure", made)


def test_gitlab_fingerprints_are_unique_hex_and_stable() -> None:
    place = at("a.yaml", 1, 1, 2)
    findings = [finding("NP201", f"m{n}", place, fingerprint="ab") for n in range(3)]
    first, second, third = (issue["fingerprint"] for issue in _json("gitlab", report(findings)))
    again = [issue["fingerprint"] for issue in _json("gitlab", report(findings[:2]))]
    hexes = [bool(re.fullmatch("[0-9a-f]+", text)) for text in (first, second, third)]
    assert (["ab", second], 3, [True] * 3) == (again, len({first, second, third}), hexes)


def test_gitlab_paths_have_no_leading_dot() -> None:
    (issue,) = _json("gitlab", report([one("m", path="./a.yaml")]))
    assert "a.yaml" == issue["location"]["path"]


@pytest.mark.parametrize("made", [CLEAN, many(7, per_file=3)], ids=["clean", "seven"])
def test_junit_counts_what_it_holds(made: Report) -> None:
    root = ET.fromstring(reports.render("junit", made, OPTIONS))  # noqa: S314 - our own
    held = len(list(root.iter("testcase"))), len(list(root.iter("failure")))
    suites = [sum(int(suite.attrib[name]) for suite in root) for name in ("tests", "failures")]
    expected = int(root.attrib["tests"]), int(root.attrib["failures"])
    assert (expected, list(expected)) == (held, suites)


def test_junit_has_a_passing_case_where_nothing_is_found() -> None:
    root = ET.fromstring(reports.render("junit", CLEAN, OPTIONS))  # noqa: S314
    assert ["No errors found"] == [case.attrib["name"] for case in root.iter("testcase")]


def test_checkstyle_sorts_notifications_into_their_files() -> None:
    note = Notification("warning", "odd", at("a.yaml", 1, 1, 2))
    made = report([one("m", 5), one("m", path="b.yaml")], notifications=[note])
    root = ET.fromstring(reports.render("checkstyle", made, OPTIONS))  # noqa: S314
    found = [(file.attrib["name"], [error.attrib["source"] for error in file]) for file in root]
    assert [("a.yaml", ["netpol-lint", "netpol-lint.NP201"]), ("b.yaml", ["netpol-lint.NP201"])] == found


def test_reviewdog_columns_are_bytes() -> None:
    fix = Fix("mend", True, (Edit("a.yaml", Span(1, 4, 1, 5), "é"),), ())
    made = report([finding("NP201", "m", at("a.yaml", 1, 4, 6), fix=fix)], files={"a.yaml": "é😀:xy\n"})
    (diagnostic,) = _json("rdjson", made)["diagnostics"]
    start, end = {"line": 1, "column": 8}, {"line": 1, "column": 10}
    suggestion = {"range": {"start": start, "end": {"line": 1, "column": 9}}, "text": "é"}
    expected = ({"start": start, "end": end}, [suggestion])
    assert expected == (diagnostic["location"]["range"], diagnostic["suggestions"])


def test_reviewdog_lines_are_its_diagnostics() -> None:
    made = many(5)
    assert _json("rdjson", made)["diagnostics"] == [json.loads(line) for line in lines("rdjsonl", made)]


def _json(name: str, made: Report) -> Any:
    return json.loads(reports.render(name, made, OPTIONS))
