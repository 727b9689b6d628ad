"""Classes of numbers that sets tell apart, without the sets each lies in: the same as with them."""

from __future__ import annotations

from hypothesis import given, strategies as st

from netpol_lint.algebra.intervals import IntervalSet, classes, partition

SETS = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 12)), max_size=4).map(
    lambda spans: IntervalSet.spanning((first, first + length) for first, length in spans)
)


@given(SETS, st.lists(SETS, max_size=9))
def test_classes_are_those_of_the_partition(space: IntervalSet, sets: list[IntervalSet]) -> None:
    assert classes(space, sets) == tuple(part for part, _ in partition(space, sets))


@given(st.lists(SETS, max_size=6))
def test_the_union_of_many_is_that_of_one_after_the_other(sets: list[IntervalSet]) -> None:
    expected = IntervalSet()
    for one in sets:
        expected |= one
    assert IntervalSet.union(sets) == expected
