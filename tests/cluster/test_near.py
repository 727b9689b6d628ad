"""Which names are slips for each other."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from netpol_lint.cluster.near import Nearness, edit_distance, key_nearness, nearness


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("cart", "carts", Nearness.ONE_EDIT),
        ("backend", "bakcend", Nearness.ONE_EDIT),
        ("frontend", "fontends", Nearness.TWO_EDITS),
        ("my_app", "my-app", Nearness.SPELLING),
        ("Frontend", "frontend", Nearness.SPELLING),
        ("web-1", "web-2", Nearness.FAR),
        ("web-9", "web-10", Nearness.FAR),
        ("db", "dbs", Nearness.FAR),
        ("api", "app", Nearness.FAR),
        ("dev", "qa", Nearness.FAR),
        ("same", "same", Nearness.FAR),
    ],
)
def test_only_slips_are_near(one: str, other: str, expected: Nearness) -> None:
    assert expected == nearness(one, other)
    assert expected == nearness(other, one)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("app", "app.kubernetes.io/name", Nearness.SAME_VALUE),
        ("component", "app.kubernetes.io/component", Nearness.SAME_VALUE),
        ("example.com/role", "role", Nearness.SAME_VALUE),
        ("tier", "role", Nearness.FAR),
    ],
)
def test_keys_that_people_confuse_are_near(one: str, other: str, expected: Nearness) -> None:
    assert expected == key_nearness(one, other)


@given(st.text("ab", max_size=6), st.text("ab", max_size=6))
def test_the_distance_is_symmetric_and_capped(one: str, other: str) -> None:
    distance = edit_distance(one, other, 2)
    assert edit_distance(other, one, 2) == distance
    assert (distance == 0) == (one == other)
    assert 0 <= distance <= 3
