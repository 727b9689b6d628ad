"""The text format: what is underlined, how it is wrapped and cut, what a fix looks like."""

from __future__ import annotations

from typing import Any

import pytest

from netpol_lint import report as reports
from netpol_lint.findings import Edit, Finding, Fix, Related
from netpol_lint.source.location import Location, Span
from tests.report.making import SAMPLE, at, finding, report


def shown(text: str, place: Location, *, width: int = 80, **more: Any) -> str:
    """One finding of a file, without its title."""
    made = report([finding("NP201", "m", place, **more)], files={place.path: text})
    _, _, rest = reports.render("text", made, reports.Options(width=width)).partition("\n")
    return rest.rstrip("\n")


def frame(*lines: str) -> str:
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("line", "first", "last", "code", "mark"),
    [
        ("name: web", 7, 10, "name: web", "      ^^^"),
        ("名前: web # 前", 5, 8, "名前: web # 前", "      ^^^"),
        ("a: 前端", 4, 6, "a: 前端", "   ^^^^"),
        ("e\u0301: web", 5, 8, "e\u0301: web", "   ^^^"),
        ("a:\tweb", 4, 7, "a:    web", "      ^^^"),
        ("a: \x1b[31mweb", 9, 12, "a: \\x1b[31mweb", "           ^^^"),
        ("##[web", 3, 6, "##\\x5bweb", "  ^^^^^^"),
        ("name: web\r", 7, 10, "name: web", "      ^^^"),
        ("name:", 6, 6, "name:", "     ^"),
        ("name:", 3, 9, "name:", "  ^^^"),
    ],
)
def test_the_marks_stand_below_the_span(line: str, first: int, last: int, code: str, mark: str) -> None:
    expected = frame(f" --> a.yaml:2:{first}", "  |", f"2 | {code}", f"  | {mark}")
    assert expected == shown(f"kind: Pod\n{line}\nlast", at("a.yaml", 2, first, last))


def test_a_byte_order_mark_is_no_column() -> None:
    expected = frame(" --> a.yaml:1:7", "  |", "1 | kind: Pod", "  |       ^^^")
    assert expected == shown("\ufeffkind: Pod\n", at("a.yaml", 1, 7, 10))


def test_of_several_lines_the_first_is_marked_to_its_end() -> None:
    expected = frame(" --> a.yaml:1:3", "  |", "1 | - from: []", "  |   ^^^^^^^^")
    assert expected == shown("- from: []\n  ports: []\n", at("a.yaml", 1, 3, 12, end_line=2))


def test_of_a_long_line_the_part_around_the_span_is_shown() -> None:
    line = f"{'x' * 200}web{'y' * 200}"
    expected = frame(
        " --> a.yaml:1:201",
        "  |",
        f"1 | …{'x' * 10}web{'y' * 17}…",
        "  |            ^^^",
    )
    assert expected == shown(line, at("a.yaml", 1, 201, 204), width=40)


def test_a_file_that_is_gone_has_no_frame() -> None:
    made = report([finding("NP201", "m", at("gone.yaml", 7, 2, 3), fix=_fix(Edit("gone.yaml", Span(7, 2, 7, 3), "x")))])
    expected = "warning[NP201 unselected-pod]: m\n --> gone.yaml:7:2\n  = fix (safe): mend\n\n"
    assert expected == reports.render("text", made, reports.Options())


def test_numbers_of_all_frames_share_one_margin() -> None:
    related = (Related("here", at("a.yaml", 10, 1, 2)),)
    expected = frame(
        "  --> a.yaml:1:1",
        "   |",
        " 1 | a",
        "   | ^",
        "  --> a.yaml:10:1: here",
        "   |",
        "10 | b",
        "   | -",
    )
    assert expected == shown("a\n" * 9 + "b\n", at("a.yaml", 1, 1, 2), related=related)


def test_beyond_four_related_places_are_only_named() -> None:
    related = tuple(Related("here", at("a.yaml", line, 1, 2)) for line in range(1, 8))
    last = shown("a\n" * 9, at("a.yaml", 1, 1, 2), related=related).splitlines()[-1]
    assert "  = and a.yaml:5, a.yaml:6 and a.yaml:7" == last


def _fix(*edits: Edit, safe: bool = True) -> Fix:
    return Fix("mend", safe, edits, ())


def _changed(text: str, *edits: Edit) -> list[str]:
    lines = shown(text, at("a.yaml", 1, 1, 2), fix=_fix(*edits)).splitlines()
    return lines[[line.strip() for line in lines].index("= fix (safe): mend") + 1 :]


def test_a_fix_shows_the_lines_before_and_after() -> None:
    edits = (Edit("a.yaml", Span(2, 1, 2, 2), "x"), Edit("a.yaml", Span(2, 4, 2, 5), "y"))
    assert ["2 | - a: b", "2 | + x: y"] == _changed("k:\na: b\nc: d\n", *edits)


def test_a_fix_that_adds_a_line_shows_that_line_alone() -> None:
    edit = Edit("a.yaml", Span(2, 5, 2, 5), "\nnew: 1")
    assert ["3 | + new: 1"] == _changed("k:\na: b\nc: d\n", edit)


def test_a_fix_that_removes_a_line_shows_that_line_alone() -> None:
    edit = Edit("a.yaml", Span(2, 1, 3, 1), "")
    assert ["2 | - a: b"] == _changed("k:\na: b\nc: d\n", edit)


def test_a_fix_in_two_places_shows_both() -> None:
    edits = (Edit("a.yaml", Span(1, 1, 1, 2), "x"), Edit("a.yaml", Span(4, 1, 4, 2), "y"))
    assert ["1 | - a", "1 | + x", "4 | - d", "4 | + y"] == _changed("a\nb\nc\nd\n", *edits)


def test_a_fix_of_many_lines_is_cut() -> None:
    text = "".join(f"- {number}\n" for number in range(1, 41))
    assert ["12 | - - 12", "13 | - …"] == _changed(text, Edit("a.yaml", Span(1, 1, 31, 1), ""))[-2:]


@pytest.mark.parametrize("width", [62, 80, 120])
def test_lines_keep_to_the_width(width: int) -> None:
    text = reports.render("text", SAMPLE, reports.Options(width=width, show_suppressed=True))
    assert [] == [line for line in text.splitlines() if len(line) > width]


def test_no_wrapped_line_begins_with_a_workflow_command() -> None:
    message = f"{'word ' * 9}::error::injected"
    made = report([finding("NP201", message, at("gone.yaml", 1, 1, 2))])
    expected = ["  \\x3a:error::injected", " --> gone.yaml:1:1"]
    assert expected == reports.render("text", made, reports.Options()).splitlines()[1:3]


def test_colours_follow_the_severity() -> None:
    def first(made: Finding) -> str:
        return reports.render("concise", report([made]), reports.Options(color=True))

    place = at("a.yaml", 1, 1, 2)
    expected = "\x1b[1ma.yaml:1:1\x1b[0m: NP103 \x1b[1;31merror\x1b[0m m\n"
    assert expected == first(finding("NP103", "m", place))
