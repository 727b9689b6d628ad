"""The examples of the rules about suppressions are tests: all rules run, arrows are those of the page's own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest

from netpol_lint import fixes
from netpol_lint.catalog import Rule
from netpol_lint.catalog.pages import Example, read_page
from netpol_lint.findings import Finding
from tests.running import CATALOG, settings_of
from tests.suppressing import complaints_of

RULES = [rule for rule in CATALOG.rules if not rule.has_check]


def _said(rule: Rule, example: Example) -> list[Finding]:
    return [f for f in complaints_of(dict(example.files), settings_of(example)) if f.rule == rule.id]


def _examples() -> Iterator[object]:
    for rule in RULES:
        for example in read_page(rule.page).examples:
            if example.section != "Fixed":
                yield pytest.param(rule, example, id=f"{rule.id}:{example.line}")


def _fixed_examples() -> Iterator[object]:
    for rule in RULES:
        examples = read_page(rule.page).examples
        mended = [example for example in examples if example.section == "Fixed"]
        broken = [e for e in examples if e.section == "Bad" and any(f.fix.edits for f in _said(rule, e))]
        for before, after in zip(broken, mended, strict=True):
            yield pytest.param(rule, before, after, id=f"{rule.id}:{after.line}")


@pytest.mark.parametrize(("rule", "example"), list(_examples()))
def test_an_example_reports_what_its_arrows_say_and_nothing_else(rule: Rule, example: Example) -> None:
    said = _said(rule, example)
    expected = Counter((arrow.path, arrow.line) for arrow in example.arrows)
    assert expected == Counter((f.at.path, f.at.span.line) for f in said), said
    for arrow in example.arrows:
        [message] = [f.message for f in said if (f.at.path, f.at.span.line) == (arrow.path, arrow.line)]
        assert arrow.words in message


@pytest.mark.parametrize(("rule", "before", "after"), list(_fixed_examples()))
def test_the_fixes_turn_the_bad_example_into_the_fixed_one(rule: Rule, before: Example, after: Example) -> None:
    texts = dict(before.files)
    while (applied := fixes.apply(_said(rule, before._replace(files=tuple(texts.items()))), texts, unsafe=False)).texts:
        texts.update(applied.texts)
    assert dict(after.files) == texts


def test_every_page_shows_its_rule_failing_and_passing() -> None:
    sections = [{example.section for example in read_page(rule.page).examples} for rule in RULES]
    assert [True] * 4 == [{"Bad", "Good"} <= section for section in sections]
