"""Markdown: what is first, and where it is cut."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, strategies as st

from netpol_lint import report as reports
from netpol_lint.findings import Notification, Report
from netpol_lint.report.escaping import markdown
from netpol_lint.resources.metadata import ObjectRef
from tests.report.making import at, finding, many, report
from tests.report.test_any_text import PATIENT


def rendered(made: Report, size: int = 65_000) -> str:
    return reports.render("markdown", made, reports.Options(markdown_bytes=size))


@PATIENT
@given(number=st.integers(0, 40), size=st.integers(700, 6_000), length=st.integers(0, 300))
def test_it_is_never_longer_than_allowed(number: int, size: int, length: int) -> None:
    made = many(number, per_file=5)
    notes = [Notification("note", "é" * length)] * 3
    text = rendered(report(made.findings, notifications=notes), size)
    assert (True, text.count("<details")) == (len(text.encode()) <= size, text.count("</details>"))


@PATIENT
@given(size=st.integers(700, 4_000))
def test_findings_are_shown_or_counted(size: int) -> None:
    text = rendered(many(30), size)
    left_out = re.search(r"^(\d+) findings? more: too long to show here.$", text, re.MULTILINE)
    shown = len(re.findall(r"^\| (?:error|warning|note) ", text, re.MULTILINE))
    assert 30 == shown + (int(left_out[1]) if left_out else 0)


def test_what_there_is_no_room_for_is_said() -> None:
    notes = [Notification("note", "x" * 500)] * 3
    expected = "More was said about the input: too long to show here."
    assert expected == rendered(report((), notifications=notes), 1_500).splitlines()[-1]


def test_namespaces_there_is_no_room_for_are_counted() -> None:
    place = at("a.yaml", 1, 1, 2)
    found = [finding("NP201", "m" * 200, place, ObjectRef("", "Pod", name, "x")) for name in "abc"]
    text = rendered(report(found), 1_200)
    assert (1, "2 findings more: too long to show here.") == (text.count("<details"), text.splitlines()[-1])


def test_without_suppressed_findings_there_is_no_table_of_them() -> None:
    shown = reports.render("markdown", many(1), reports.Options(show_suppressed=True))
    assert rendered(many(1)) == shown


def test_ten_thousand_findings_fit_a_comment() -> None:
    assert len(rendered(many(10_000))) < 65_536


def test_the_namespace_with_the_gravest_finding_comes_first() -> None:
    place = at("a.yaml", 1, 1, 2)
    found = [
        finding("NP204", "m", place, ObjectRef("", "Pod", "a", "x")),
        finding("NP103", "m", place, ObjectRef("", "Pod", "b", "x")),
        finding("NP001", "m", place),
    ]
    titles = re.findall(r"<summary>(.*?)</summary>", rendered(report(found)))
    assert ["no namespace: 1 finding", "namespace b: 1 finding", "namespace a: 1 finding"] == titles


def test_many_findings_are_folded() -> None:
    assert (True, False) == ("<details open>" in rendered(many(20)), "<details open>" in rendered(many(21)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a|b", "a\\|b"),
        ("_x_ *y* `z` [a](b)", "\\_x\\_ \\*y\\* \\`z\\` \\[a\\](b)"),
        ("<b>&", "&lt;b&gt;&amp;"),
        ("@user #12", "@&#8203;user #&#8203;12"),
        ("see https://x.example", "see https:/&#8203;/x.example"),
        ("WWW.x.example", "WWW&#8203;.x.example"),
        ("a\nb", "a\\\\nb"),
    ],
)
def test_nothing_is_markup(text: str, expected: str) -> None:
    assert expected == markdown(text)
