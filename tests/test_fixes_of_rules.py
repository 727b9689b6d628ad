"""Fixes of every rule, on every bad example of its page in many layouts: the finding goes away, and nothing else."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any, Final

import pytest

from netpol_lint import fixes
from netpol_lint.catalog import Rule
from netpol_lint.catalog.pages import Example, read_page
from netpol_lint.findings import REMOVED, Edit, Finding
from netpol_lint.source.location import Span
from tests.layouts import (
    LAYOUTS,
    Layout,
    data_of,
    flat,
    in_flow_over_lines_with_comments,
    laid_out,
    with_a_tag_at_every_string,
    with_an_anchor_at_every_value,
    with_dashes_on_lines_of_their_own,
)
from tests.running import CATALOG, fixed_texts, problems_in, settings_of

_ABOUT_ITEMS: Final = frozenset(("NP108", "NP109", "NP110", "NP309", "NP407", "NP502", "NP602", "NP603"))
_ABOUT_VALUES: Final = frozenset(("NP002", "NP006", "NP402", "NP403"))
_LEFT: Final[Mapping[Layout, frozenset[str]]] = {
    with_dashes_on_lines_of_their_own: _ABOUT_ITEMS,  # the text of an item does not tell where its dash is
    in_flow_over_lines_with_comments: frozenset(("NP110", "NP602", "NP603")),  # a comment would go with the comma
    with_an_anchor_at_every_value: _ABOUT_VALUES,  # whether quotes follow the anchor is not known
    with_a_tag_at_every_string: _ABOUT_VALUES - {"NP402"},
}
"""The layouts in which some fixes of these rules may be refused: then the text stays as it is."""


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
        texts = dict(example.files)
        seen = []
        for layout in LAYOUTS:
            changed = {path: laid_out(layout, text) for path, text in texts.items()}
            if changed not in seen:
                seen.append(changed)
                name = f"{rule.id}-{rule.name}:{example.line}-{layout.__name__}"
                yield pytest.param(rule, example, layout, id=name)


@pytest.mark.parametrize(("rule", "example", "layout"), list(_cases()))
def test_a_fix_takes_its_finding_away_and_keeps_every_other_byte(rule: Rule, example: Example, layout: Layout) -> None:
    settings = settings_of(example)
    texts = {path: laid_out(layout, text) for path, text in example.files}
    problems = problems_in(rule, texts, settings)
    applied = fixes.apply(problems, texts, unsafe=True)
    assert not applied.refused or rule.id in _LEFT.get(layout, ())
    assert {path: _spliced(texts[path], path, applied.fixed) for path in applied.texts} == applied.texts
    assert [] == [text for text in _taken_out(texts, applied.fixed) if set("&*#") & set(text)]
    fixed = {id(finding) for finding in applied.fixed}
    kept = _places((p for p in problems if id(p) not in fixed), texts, applied.fixed)
    left = _places(problems_in(rule, {**texts, **applied.texts}, settings), {**texts, **applied.texts}, ())
    assert left - kept == Counter()
    assert _is_json(texts) <= _is_json({**texts, **applied.texts})


@pytest.mark.parametrize(("rule", "example", "layout"), list(_cases()))
def test_the_fixes_mean_the_same_in_every_layout_and_stay(rule: Rule, example: Example, layout: Layout) -> None:
    settings = settings_of(example)
    texts = {path: laid_out(layout, text) for path, text in example.files}
    mended = fixed_texts(rule, texts, settings)
    assert mended == fixed_texts(rule, mended, settings)
    if rule.id not in _LEFT.get(layout, ()):
        assert _mended(rule.id, example) == _data(mended)


@cache
def _mended(rule_id: str, example: Example) -> Mapping[str, list[Any]]:
    """What the fixes make of the example as it is written."""
    return _data(fixed_texts(CATALOG.find(rule_id), dict(example.files), settings_of(example)))


def _data(texts: Mapping[str, str]) -> Mapping[str, list[Any]]:
    return {path: flat(data_of(text)) for path, text in texts.items()}


def _places(
    problems: Iterable[Finding], texts: Mapping[str, str], fixed: Iterable[Finding]
) -> Counter[tuple[str, str, int]]:
    """Rule and place of each, where it is after other findings are fixed."""
    edits = sorted({e for f in fixed for e in f.fix.edits}, key=_start)
    found: Counter[tuple[str, str, int]] = Counter()
    for problem in problems:
        path = problem.at.path
        start = _offsets(texts[path], problem.at.span)[0] if path in texts else 0
        moved = start
        for edit in edits:
            first, end = _offsets(texts[path], edit.span) if edit.path == path else (start + 1, start + 1)
            if first <= start:
                moved += len(_written(edit, texts[path])) - (min(end, start) - first)
        found[problem.rule, path, moved] += 1
    return found


def _taken_out(texts: Mapping[str, str], fixed: Iterable[Finding]) -> Iterator[str]:
    """The text that is replaced, except where a list loses an item with all that is in it."""
    for finding in fixed:
        if all(change.value is not REMOVED for change in finding.fix.changes):
            for edit in finding.fix.edits:
                start, end = _offsets(texts[edit.path], edit.span)
                yield texts[edit.path][start:end]


def _spliced(text: str, path: str, findings: Iterable[Finding]) -> str:
    """The text with the edits put in, and everything between them as it was."""
    pieces: list[str] = []
    at = 0
    for edit in sorted({e for finding in findings for e in finding.fix.edits if e.path == path}, key=_start):
        start, end = _offsets(text, edit.span)
        pieces += [text[at:start], _written(edit, text)]
        at = end
    return "".join([*pieces, text[at:]])


def _written(edit: Edit, text: str) -> str:
    is_below = edit.span.line > len(text.split("\n"))  # of a last line that nothing ends
    added = f"\n{edit.text.removesuffix(chr(10))}" if is_below else edit.text
    return added.replace("\n", "\r\n" if "\r\n" in text else "\n")


def _offsets(text: str, span: Span) -> tuple[int, int]:
    ends = [0]
    for written in text.splitlines(keepends=True):
        ends.append(ends[-1] + len(written))
    end = ends[span.end_line - 1] + span.end_column - 1 if span.end_line <= len(ends) else len(text)
    return ends[span.line - 1] + span.column - 1, end


def _start(edit: Edit) -> tuple[int, int]:
    return edit.span.line, edit.span.column


def _is_json(texts: Mapping[str, str]) -> set[str]:
    """Which of the files are JSON, one object after another."""
    return {path for path, text in texts.items() if _json_objects(text)}


def _json_objects(text: str) -> list[Any]:
    found, rest = [], text.strip()
    while rest:
        try:
            one, end = json.JSONDecoder().raw_decode(rest)
        except ValueError:
            return []
        found.append(one)
        rest = rest[end:].lstrip()
    return found
