"""Sets of numbers as bits, against Python's own."""

from __future__ import annotations

from hypothesis import given, strategies as st

from netpol_lint.algebra.bitsets import from_positions, positions, span


@given(st.frozensets(st.integers(0, 300)))
def test_a_set_has_the_members_it_was_made_of(numbers: frozenset[int]) -> None:
    assert sorted(numbers) == list(positions(from_positions(numbers, 301)))


@given(st.integers(0, 70), st.integers(0, 70))
def test_a_span_has_the_numbers_between_its_ends(start: int, end: int) -> None:
    assert list(range(start, end)) == list(positions(span(start, end)))
