"""Every YAML block of rules/**/*.md is a test: an arrow is exactly one problem on its line, nothing else is reported."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from netpol_lint import catalog as catalogs
from netpol_lint.catalog import Rule
from netpol_lint.catalog.pages import Example, read_page
from tests.running import problems_of

_CATALOG = catalogs.load()


def _examples() -> Iterator[pytest.ParameterSet]:  # type: ignore[name-defined]
    for rule in _CATALOG.rules:
        for example in read_page(rule.page).examples:
            if example.section != "Fixed":
                yield pytest.param(rule, example, id=f"{rule.id}-{rule.page.name}:{example.line}")


@pytest.mark.parametrize(("rule", "example"), _examples())
def test_the_example_reports_what_its_arrows_say_and_nothing_else(rule: Rule, example: Example) -> None:
    problems = problems_of(rule, example)
    expected = sorted((arrow.path, arrow.line, arrow.words) for arrow in example.arrows)
    words = {(path, line): text for path, line, text in expected}
    found = sorted(
        (p.at.path, p.at.span.line, words.get((p.at.path, p.at.span.line), ""))
        if words.get((p.at.path, p.at.span.line), "\0") in p.message
        else (p.at.path, p.at.span.line, p.message)
        for p in problems
    )
    assert expected == found
