"""The bounds of an expression, which are checked before anything is evaluated."""

from __future__ import annotations

import pytest

from netpol_lint.custom.expressions import DEEPEST, LONGEST, Expression
from netpol_lint.errors import NetpolLintError


def _error(text: str) -> str:
    try:
        Expression(text, "rules/a.md", 5).check()
    except NetpolLintError as error:
        return str(error)
    return ""


def _nested(macro: str, depth: int) -> str:
    return f"l.{macro}(x, " * depth + "true" + ")" * depth


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("'a'" + " " * (LONGEST - 2), f"the expression has {LONGEST + 1:,} characters, more than {LONGEST:,}"),
        ("(" * (DEEPEST + 1) + "true" + ")" * (DEEPEST + 1), f"more than {DEEPEST} brackets within each other"),
        ("[" * (DEEPEST + 1), f"more than {DEEPEST} brackets within each other"),
        (_nested("map", 4), "more than 3 macros (all, exists, filter, map) within each other"),
        (_nested("exists_one", 4), "more than 3 macros (all, exists, filter, map) within each other"),
        (_nested(" filter ", 4), "more than 3 macros (all, exists, filter, map) within each other"),
    ],
)
def test_what_is_out_of_bounds_is_an_error_at_its_place(text: str, error: str) -> None:
    assert f"rules/a.md:5:1: `when`: {error}" == _error(text)


@pytest.mark.parametrize(
    "text",
    [
        "'" + "a" * (LONGEST - 2) + "'",
        "(" * DEEPEST + "true" + ")" * DEEPEST,
        "(a)" * (DEEPEST + 5),
        _nested("all", 3),
        "l.map(x, x).map(x, x).map(x, x).map(x, x).map(x, x).size() == 1",
        "l.all(x, x.size((((1)))) == f(g(h(1))))",
        "p.name == '" + "(" * (DEEPEST + 1) + "'",
        "p.name == 'it\\'s " + "(" * (DEEPEST + 1) + "'",
        'p.name.matches(r"' + "(" * (DEEPEST + 1) + '\\")',
        "p.name == '''it's\n" + "[" * (DEEPEST + 1) + "'''",
        "true // " + "(" * (DEEPEST + 1),
    ],
)
def test_what_is_within_its_bounds_is_not(text: str) -> None:
    assert "" == _error(text)


def test_names_are_the_words_outside_of_strings() -> None:
    text = "policy.name == 'rule' && peer.pods.exists(x, x.labels['port'] == \"ns\") // unit"
    assert {"policy", "name", "peer", "pods", "exists", "x", "labels"} == Expression(text, "a.md", 1).names


def test_an_error_holds_nothing_that_acts_on_a_terminal() -> None:
    assert "a.md:1:1: `when`: a�[31m" == str(Expression("true", "a.md", 1).error("a\x1b[31m"))
