"""Every YAML block of rules/**/*.md is a test: an arrow is one problem on its line, nothing else is reported."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest

from netpol_lint.catalog import Rule
from netpol_lint.catalog.pages import Example, read_page
from tests.running import CATALOG, fixed, problems_of


def _examples() -> Iterator[object]:
    for rule in CATALOG.rules:
        for example in read_page(rule.page).examples:
            if example.section != "Fixed" and rule.has_check:
                yield pytest.param(rule, example, id=f"{rule.id}-{rule.name}:{example.line}")


def _fixed_examples() -> Iterator[object]:
    """Each block under Fixed with the bad one it mends: the first with the first that has a fix, and so on."""
    for rule in CATALOG.rules:
        if not rule.has_check:
            continue  # test_suppression_pages.py runs them
        examples = read_page(rule.page).examples
        mended = [example for example in examples if example.section == "Fixed"]
        broken = [e for e in examples if e.section == "Bad" and any(p.fix.edits for p in problems_of(rule, e))]
        for before, after in zip(broken, mended, strict=True):
            yield pytest.param(rule, before, after, id=f"{rule.id}-{rule.name}:{after.line}")


@pytest.mark.parametrize(("rule", "example"), list(_examples()))
def test_an_example_reports_what_its_arrows_say_and_nothing_else(rule: Rule, example: Example) -> None:
    expected = Counter((arrow.path, arrow.line) for arrow in example.arrows)
    problems = problems_of(rule, example)
    assert expected == Counter((problem.at.path, problem.at.span.line) for problem in problems), problems
    for arrow in example.arrows:
        [message] = [p.message for p in problems if (p.at.path, p.at.span.line) == (arrow.path, arrow.line)]
        assert arrow.words in message


@pytest.mark.parametrize(("rule", "before", "after"), list(_fixed_examples()))
def test_the_fixes_turn_the_bad_example_into_the_fixed_one(rule: Rule, before: Example, after: Example) -> None:
    assert dict(after.files) == fixed(rule, before)


@pytest.mark.parametrize("rule", [r for r in CATALOG.rules if r.has_check], ids=lambda rule: rule.id)
def test_a_page_shows_the_rule_failing_and_passing(rule: Rule) -> None:
    sections = {example.section for example in read_page(rule.page).examples}
    assert {"Bad", "Good"} <= sections
