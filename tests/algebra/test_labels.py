"""How two selectors relate, against every label set that could tell them apart."""

from __future__ import annotations

import itertools

from hypothesis import given, strategies as st

from netpol_lint.algebra.labels import EVERYTHING, Operator, Requirement, Selector, equals

_KEYS = ("a", "b")
_VALUES = ("x", "y", "")
_WITNESSES = (*_VALUES, "a value that no selector names", None)
"""What a key may have, None for a missing one: with these, any two selectors that differ differ on some label set."""


@st.composite
def requirements(draw: st.DrawFn) -> Requirement:
    operator = draw(st.sampled_from(list(Operator)))
    valued = operator in (Operator.IN, Operator.NOT_IN)
    values = draw(st.frozensets(st.sampled_from(_VALUES), min_size=1)) if valued else frozenset[str]()
    return Requirement(draw(st.sampled_from(_KEYS)), operator, values)


_SELECTORS = st.builds(Selector, st.lists(requirements(), max_size=4).map(tuple))
_LABEL_SETS = [
    {key: value for key, value in zip(_KEYS, values, strict=True) if value is not None}
    for values in itertools.product(_WITNESSES, repeat=len(_KEYS))
]


def matched(selector: Selector) -> list[bool]:
    return [selector.matches(labels) for labels in _LABEL_SETS]


@given(_SELECTORS)
def test_a_selector_is_satisfiable_if_some_label_set_matches(selector: Selector) -> None:
    assert any(matched(selector)) == selector.satisfiable()


@given(_SELECTORS, _SELECTORS)
def test_a_selector_implies_another_if_whatever_it_matches_the_other_matches(first: Selector, second: Selector) -> None:
    expected = all(other or not own for own, other in zip(matched(first), matched(second), strict=True))
    assert expected == first.implies(second)


@given(_SELECTORS, _SELECTORS)
def test_selectors_are_disjoint_if_nothing_matches_both(first: Selector, second: Selector) -> None:
    both = any(own and other for own, other in zip(matched(first), matched(second), strict=True))
    assert (not both) == first.disjoint(second)


@given(_SELECTORS, _SELECTORS)
def test_selectors_are_equivalent_if_they_match_the_same(first: Selector, second: Selector) -> None:
    assert (matched(first) == matched(second)) == first.equivalent(second)


def test_a_missing_key_is_not_in_anything() -> None:
    not_x = Selector((Requirement("a", Operator.NOT_IN, frozenset("x")),))
    assert Selector((Requirement("a", Operator.DOES_NOT_EXIST),)).implies(not_x)
    assert not not_x.implies(Selector((Requirement("a", Operator.EXISTS),)))


def test_an_empty_value_needs_the_key() -> None:
    assert not equals("a", "").matches({})
    assert Selector((equals("a", ""),)).implies(Selector((Requirement("a", Operator.EXISTS),)))


def test_everything_is_implied_by_every_selector() -> None:
    assert Selector((equals("a", "x"),)).implies(EVERYTHING)
    assert not EVERYTHING.implies(Selector((equals("a", "x"),)))


@given(_SELECTORS, _SELECTORS)
def test_what_is_left_of_a_selector_matches_each_label_set_that_it_alone_matches_once(
    first: Selector, second: Selector
) -> None:
    left = [matched(selector) for selector in first.minus(second)]
    expected = [own and not other for own, other in zip(matched(first), matched(second), strict=True)]
    assert [sum(one[place] for one in left) for place in range(len(_LABEL_SETS))] == [int(one) for one in expected]


@given(_SELECTORS, _SELECTORS)
def test_both_match_what_each_matches(first: Selector, second: Selector) -> None:
    expected = [own and other for own, other in zip(matched(first), matched(second), strict=True)]
    assert matched(first.both(second)) == expected


@given(_SELECTORS.filter(Selector.satisfiable))
def test_a_selector_matches_its_example(selector: Selector) -> None:
    assert selector.matches(selector.example())
