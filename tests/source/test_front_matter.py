"""Front matter in the usual form is read without a parser, and as the parser reads it."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given, strategies as st

from netpol_lint.errors import NetpolLintError
from netpol_lint.source.front_matter import read_front_matter

PAGES = sorted((Path(__file__).parents[2] / "rules").glob("*/*.md"))
WORDS = (
    "NP301",
    "a-word",
    "0.1.0",
    "1.0",
    "yes",
    "Null",
    "https://example.com/a#b",
    "a: b",
    "[]",
    "a b",
    "x:",
    "é",
    "-",
)
LINES = st.one_of(
    st.builds("{}: {}".format, st.sampled_from(("id", "since", "no", "a-b")), st.sampled_from(WORDS)),
    st.builds("{}:".format, st.sampled_from(("aliases", "needs"))),
    st.builds("  - {}".format, st.sampled_from(WORDS)),
    st.sampled_from(("", "# a comment", "- a", " id: a", "id : a", "id:a")),
)


def _by_parser(block: str) -> object:
    try:
        return yaml.safe_load(block)
    except yaml.YAMLError:
        return None


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_is_read_as_the_parser_reads_it(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert _by_parser(text[4:].partition("\n---\n")[0]) == read_front_matter(text, page.name)[0]


@given(st.lists(LINES, min_size=1, max_size=5))
def test_what_the_parser_reads_otherwise_is_left_to_it(lines: list[str]) -> None:
    block = "\n".join(lines)
    expected = _by_parser(block)
    if isinstance(expected, dict):
        assert expected == read_front_matter(f"---\n{block}\n---\n", "page.md")[0]
    else:
        with pytest.raises(NetpolLintError):
            read_front_matter(f"---\n{block}\n---\n", "page.md")


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("2026-99-99", "month must be in 1..12"),
        ("!!float x", "could not convert string to float: 'x'"),
        ("!!bool x", "'x'"),
        ("a \x01", "unacceptable character #x0001: control characters are not allowed"),
    ],
)
def test_a_value_that_is_not_what_it_looks_like_is_an_error_at_its_page(value: str, reason: str) -> None:
    with pytest.raises(NetpolLintError) as caught:
        read_front_matter(f"---\nsince: {value}\n---\n", "page.md")
    said = str(caught.value)  # Python 3.14 goes on: "not 99"
    assert said.startswith(f"page.md:2:1: the front matter cannot be read: {reason}")


def test_a_byte_order_mark_before_the_front_matter_is_none_of_it() -> None:
    assert ({"id": "A1"}, "text") == read_front_matter("\ufeff---\nid: A1\n---\ntext", "page.md")
