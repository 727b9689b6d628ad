"""Interval sets obey the laws of sets, against Python's own sets of numbers."""

from __future__ import annotations

from hypothesis import given, strategies as st

from netpol_lint.algebra.intervals import IntervalSet, partition

_UNIVERSE = 24
_NUMBERS = st.frozensets(st.integers(0, _UNIVERSE - 1))


def of(numbers: frozenset[int]) -> IntervalSet:
    return IntervalSet.spanning((number, number) for number in numbers)


def members(one: IntervalSet) -> frozenset[int]:
    return frozenset(number for first, last in one.spans() for number in range(first, last + 1))


@given(_NUMBERS)
def test_a_set_has_the_members_it_was_made_of(numbers: frozenset[int]) -> None:
    assert numbers == members(of(numbers))
    assert numbers == {number for number in range(_UNIVERSE) if number in of(numbers)}
    assert len(numbers) == len(of(numbers))


@given(_NUMBERS, _NUMBERS)
def test_union_intersection_and_difference_are_those_of_sets(first: frozenset[int], second: frozenset[int]) -> None:
    assert first | second == members(of(first) | of(second))
    assert first & second == members(of(first) & of(second))
    assert first - second == members(of(first) - of(second))


@given(_NUMBERS, _NUMBERS)
def test_equal_sets_are_equal_values_however_they_came_about(first: frozenset[int], second: frozenset[int]) -> None:
    assert of(first | second) == of(first) | of(second)
    assert of(first - second) == of(first) - of(second)
    assert hash(of(first & second)) == hash(of(first) & of(second))


@given(_NUMBERS, _NUMBERS)
def test_covering_and_being_disjoint_are_what_they_say(first: frozenset[int], second: frozenset[int]) -> None:
    assert (second <= first) == of(first).covers(of(second))
    assert first.isdisjoint(second) == of(first).disjoint(of(second))


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 5))))
def test_spans_may_overlap_and_come_in_any_order(spans: list[tuple[int, int]]) -> None:
    expected = frozenset(number for first, size in spans for number in range(first, first + size + 1))
    assert expected == members(IntervalSet.spanning((first, first + size) for first, size in spans))


@given(_NUMBERS, st.lists(_NUMBERS, max_size=4))
def test_a_partition_tells_apart_just_what_the_sets_do(space: frozenset[int], sets: list[frozenset[int]]) -> None:
    parts = partition(of(space), [of(one) for one in sets])
    expected = {number: frozenset(n for n, one in enumerate(sets) if number in one) for number in space}
    found = {number: inside for part, inside in parts for number in members(part)}
    assert expected == found
    assert len(parts) == len(set(expected.values()))
    assert len(space) == sum(len(part) for part, _ in parts)
