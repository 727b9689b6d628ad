"""Fixes of every rule, on every bad example of its page: the finding goes away, for good, and nothing else changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Final

import pytest

from netpol_lint import fixes
from netpol_lint.catalog import Rule
from netpol_lint.catalog.pages import Example, read_page
from netpol_lint.findings import Edit, Finding
from netpol_lint.source.documents import Document, read_documents
from netpol_lint.source.tree import plain_data
from tests.running import CATALOG, fixed_texts, problems_in, settings_of


def _as_written(text: str) -> str:
    return text


def _with_carriage_returns(text: str) -> str:
    return text.replace("\n", "\r\n")


def _with_comment_lines(text: str) -> str:
    return _if_the_same("".join(f"{line}\n# a note\n" for line in text.splitlines()), text)


def _with_comments_beside(text: str) -> str:
    return _if_the_same("".join(f"{line}  # a note\n" for line in text.splitlines()), text)


_WAYS: Final = (_as_written, _with_carriage_returns, _with_comment_lines, _with_comments_beside)


def _if_the_same(commented: str, text: str) -> str:
    """The text with comments, unless what looks like one is part of a value."""
    return commented if _data(commented) == _data(text) else text


def _data(text: str) -> list[object]:
    documents = read_documents(text.encode(), "example.yaml")
    return [plain_data(document.root) for document in documents if isinstance(document, Document)]


@cache
def _mended_examples() -> tuple[tuple[Rule, Example], ...]:
    return tuple(
        (rule, example)
        for rule in CATALOG.rules
        if rule.has_check
        for example in read_page(rule.page).examples
        if example.section == "Bad"
        and any(p.fix.edits for p in problems_in(rule, dict(example.files), settings_of(example)))
    )


def _cases() -> Iterator[object]:
    for rule, example in _mended_examples():
        for way in _WAYS:
            yield pytest.param(rule, example, way, id=f"{rule.id}-{rule.name}:{example.line}{way.__name__}")


@pytest.mark.parametrize(("rule", "example", "way"), list(_cases()))
def test_a_fix_takes_its_finding_away_and_keeps_every_other_byte(
    rule: Rule, example: Example, way: Callable[[str], str]
) -> None:
    texts, settings = {path: way(text) for path, text in example.files}, settings_of(example)
    problems = problems_in(rule, texts, settings)
    applied = fixes.apply(problems, texts, unsafe=True)
    assert ((), True) == (applied.refused, bool(applied.fixed))
    assert {path: _spliced(texts[path], path, applied.fixed) for path in applied.texts} == applied.texts
    left = [p.message for p in problems_in(rule, {**texts, **applied.texts}, settings)]
    assert [] == [finding.message for finding in applied.fixed if finding.message in left]


@pytest.mark.parametrize(("rule", "example", "way"), list(_cases()))
def test_what_is_fixed_stays_fixed(rule: Rule, example: Example, way: Callable[[str], str]) -> None:
    texts, settings = {path: way(text) for path, text in example.files}, settings_of(example)
    mended = fixed_texts(rule, texts, settings)
    left = problems_in(rule, mended, settings)
    assert [] == [problem.message for problem in left if problem.fix.edits]
    assert [p.message for p in problems_in(rule, texts, settings) if not p.fix.edits] == [p.message for p in left]


def _spliced(text: str, path: str, findings: tuple[Finding, ...]) -> str:
    """The text with the edits put in, and everything between them as it was."""
    ends = [0]
    for written in text.splitlines(keepends=True):
        ends.append(ends[-1] + len(written))
    pieces: list[str] = []
    at = 0
    for edit in sorted({e for finding in findings for e in finding.fix.edits if e.path == path}, key=_start):
        line, column, end_line, end_column = edit.span
        pieces += [text[at : ends[line - 1] + column - 1], edit.text.replace("\n", "\r\n" if "\r\n" in text else "\n")]
        at = ends[end_line - 1] + end_column - 1
    return "".join([*pieces, text[at:]])


def _start(edit: Edit) -> tuple[int, int]:
    return edit.span.line, edit.span.column
