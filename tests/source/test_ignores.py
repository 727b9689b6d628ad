"""Comments that suppress findings are found where YAML has comments, and nowhere else."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from netpol_lint.source.ignores import Ignore, ignores_in
from netpol_lint.source.location import Span


def _ignores(text: str) -> tuple[Ignore, ...]:
    return ignores_in(text.encode("utf-8", "replace"), "a.yaml")


def _lines(text: str) -> list[int]:
    return [ignore.at.span.line for ignore in _ignores(text)]


def test_a_comment_after_something_is_about_its_own_line() -> None:
    [ignore] = _ignores("a: 1\nb: 2  # netpol-lint: ignore[NP301, np-302 ] a reason\nc: 3\n")
    expected = (
        [("NP301", Span(2, 29, 2, 34)), ("np-302", Span(2, 36, 2, 42))],
        ("a reason", "", False, 2),
        Span(2, 7, 2, 53),
        Span(2, 5, 2, 53),
    )
    names = [(named.name, named.at.span) for named in ignore.rules]
    assert expected == (
        names,
        (ignore.reason, ignore.until, ignore.whole_file, ignore.line),
        ignore.at.span,
        ignore.whole,
    )


@pytest.mark.parametrize("between", ["", "\n", "  \n# another comment\n\n", "---\n", "--- # next\n\n"])
def test_a_comment_on_its_own_line_is_about_the_next_line_with_something(between: str) -> None:
    [ignore] = _ignores(f"  # netpol-lint: ignore[NP301]\n{between}a: 1\n")
    assert 2 + between.count("\n") == ignore.line


def test_a_comment_at_the_end_of_the_file_is_about_no_line() -> None:
    [ignore] = _ignores("a: 1\n# netpol-lint: ignore[NP301]")
    assert (0, Span(2, 1, 2, 29)) == (ignore.line, ignore.whole)


def test_a_comment_on_its_own_line_goes_with_its_line() -> None:
    [ignore] = _ignores("a:\n  # netpol-lint: ignore[NP301]\n  b: 1\n")
    assert Span(2, 1, 3, 1) == ignore.whole


def test_a_comment_can_be_about_the_whole_file() -> None:
    [ignore] = _ignores("# netpol-lint: ignore-file[ALL] generated\na: 1\n")
    assert (True, "generated") == (ignore.whole_file, ignore.reason)


@pytest.mark.parametrize(
    ("rest", "reason", "until", "place"),
    [
        ("until=2026-12-31 why", "why", "2026-12-31", Span(1, 35, 1, 51)),
        ("why until=2026-12-31", "why", "2026-12-31", Span(1, 39, 1, 55)),
        ("why until=2026-12-31 not", "why not", "2026-12-31", Span(1, 39, 1, 55)),
        (": why", "why", "", Span(1, 6, 1, 40)),
        ("-- why", "why", "", Span(1, 6, 1, 41)),
        ("wait-until=2026-12-31", "wait-until=2026-12-31", "", Span(1, 6, 1, 56)),
    ],
)
def test_the_last_day_stands_anywhere_in_the_reason(rest: str, reason: str, until: str, place: Span) -> None:
    [ignore] = _ignores(f"a: 1 # netpol-lint: ignore[NP301] {rest}\n")
    assert (reason, until, place, "") == (ignore.reason, ignore.until, ignore.until_at.span, ignore.fault)


@pytest.mark.parametrize("day", ["", "tomorrow", "2026-02-30", "2026-1-1", "20260101", "2026-01-01T00:00:00"])
def test_a_last_day_that_is_none_makes_the_comment_void(day: str) -> None:
    [ignore] = _ignores(f"a: 1 # netpol-lint: ignore[NP301] why until={day}\n")
    assert ("", "`until=` takes a day such as until=2026-12-31") == (ignore.until, ignore.fault)


@pytest.mark.parametrize(
    "comment",
    ["ignore NP301", "ignore", "ignore[]", "ignore[ , ]", "ignore[NP301", "disable[NP301]", "", "IGNORE[NP301]"],
)
def test_a_comment_that_is_none_says_how_it_is_written(comment: str) -> None:
    [ignore] = _ignores(f"a: 1 # netpol-lint: {comment}\n")
    assert "write `# netpol-lint: ignore[RULE] reason`" == ignore.fault


@pytest.mark.parametrize(
    "text",
    [
        "a: '# netpol-lint: ignore[NP301]'",
        'a: "x # netpol-lint: ignore[NP301]"',
        "a: |\n  x\n  # netpol-lint: ignore[NP301]\n  y",
        "a: >-\n  # netpol-lint: ignore[NP301]",
        "a: 'x\n  # netpol-lint: ignore[NP301]\n  y'",
        "a: x# netpol-lint: ignore[NP301]",
        '{"a": "# netpol-lint: ignore[NP301]"}',
        "# see netpol-lint: ignore[NP301]",
        "# netpol-lint ignore[NP301]",
        '{{ if }}\n: a: "# netpol-lint: ignore[NP301]"',
    ],
)  # fmt: skip
def test_text_that_looks_like_a_comment_is_none(text: str) -> None:
    assert () == _ignores(text)


@pytest.mark.parametrize(
    "text",
    [
        "a: |  # netpol-lint: ignore[NP301]\n  x",
        "a: x # netpol-lint: ignore[NP301]",
        "a: it's # netpol-lint: ignore[NP301]",
        "a: x\t# netpol-lint: ignore[NP301]",
        "#netpol-lint:ignore[NP301]\na: 1",
        "a: [1, # netpol-lint: ignore[NP301]\n 2]",
        "--- # netpol-lint: ignore[NP301]\na: 1",
        "a: 'x' # netpol-lint: ignore[NP301]",
        "\ufeff# netpol-lint: ignore[NP301]\na: 1",
        "# a licence # netpol-lint: ignore[NP301]\na: 1",
        '{{- if .Values.x }}\na: "b" # netpol-lint: ignore[NP301]\n{{- end }}',
        "a: &x [1]\nb: *x # netpol-lint: ignore[NP301]",
        "a: 1 # netpol-lint: ignore[NP301]\r\nb: 2\r\n",
        "# netpol-lint: ignore[NP301]",
    ],
)
def test_a_comment_is_found_wherever_yaml_has_one(text: str) -> None:
    assert [1] == _lines(text) or [2] == _lines(text)
    assert ["NP301"] == [named.name for ignore in _ignores(text) for named in ignore.rules]


def test_the_text_of_a_block_ends_where_its_indentation_ends() -> None:
    assert [3] == _lines("a: |\n  x\n# netpol-lint: ignore[NP301]\nb: 1\n")


def test_two_comments_on_one_line_are_two() -> None:
    text = "a: 1 # netpol-lint: ignore[NP301] one # netpol-lint: ignore[NP302] two\n"
    assert [("one", 6, 38), ("two", 39, 71)] == [
        (ignore.reason, ignore.at.span.column, ignore.at.span.end_column) for ignore in _ignores(text)
    ]


def test_a_comment_knows_the_lines_of_its_document() -> None:
    text = "a: 1\n---\n# netpol-lint: ignore[NP301]\nb: 1\n---\nc: 1 # netpol-lint: ignore[NP301]\n"
    assert [(2, 4), (5, 7)] == [ignore.document for ignore in _ignores(text)]


def test_a_template_beside_a_manifest_does_not_change_what_is_a_comment_there() -> None:
    text = 'a: "# netpol-lint: ignore[NP301]"\n---\n{{ x }}: {\n# netpol-lint: ignore[NP302]\n'
    assert [4] == _lines(text)


_PIECES = st.sampled_from(
    [
        "# netpol-lint: ", "ignore", "-file", "[", "]", "NP301", ", ", "until=", "2026-01-01", "#", "netpol-lint:", " ",
        "\n", "a: ", "'", '"', "|", "- ", "{", "}", "---", "\r", "\t", "\x00", "\ud800", "\u2028", "\ufeff",
    ]
)  # fmt: skip


@given(st.one_of(st.text(), st.lists(_PIECES, max_size=30).map("".join)))
def test_every_place_is_within_the_text(text: str) -> None:
    lines = text.encode("utf-8", "replace").decode("utf-8-sig", "replace").split("\n")
    for ignore in _ignores(text):
        for span in (ignore.at.span, ignore.until_at.span, *(named.at.span for named in ignore.rules)):
            written = lines[span.line - 1][span.column - 1 : span.end_column - 1]
            assert (span.line, written.strip()) == (span.end_line, written)
        assert 0 <= ignore.line <= len(lines)


@given(st.binary())
def test_any_bytes_are_read(data: bytes) -> None:
    assert all(ignore.at.path == "x" for ignore in ignores_in(b"# netpol-lint: ignore[NP301] " + data, "x"))
