"""Which subjects meet is found without comparing each with each, and is the same."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from hypothesis import given, strategies as st

from netpol_lint.algebra.labels import EVERYTHING, Operator, Requirement, Selector
from netpol_lint.cluster.cluster import Cluster
from netpol_lint.connectivity.form import Pods
from netpol_lint.connectivity.meeting import Meetings
from tests.connectivity.drawing import clusters
from tests.connectivity.making import cluster

if TYPE_CHECKING:
    import pytest

_VALUES = st.frozensets(st.sampled_from("xyz"), min_size=1, max_size=2)
_REQUIREMENTS = st.one_of(
    st.builds(Requirement, st.sampled_from(["app", "tier"]), st.sampled_from([Operator.IN, Operator.NOT_IN]), _VALUES),
    st.builds(Requirement, st.sampled_from(["app", "tier"]), st.sampled_from([Operator.EXISTS]), st.just(frozenset())),
)
_SELECTORS = st.builds(Selector, st.lists(_REQUIREMENTS, max_size=2).map(tuple))
_NAMESPACES = st.sampled_from([EVERYTHING, Selector((Requirement("team", Operator.IN, frozenset("x")),))])
_SUBJECTS = st.lists(st.builds(Pods, _SELECTORS, _NAMESPACES), max_size=8)


@given(clusters(), _SUBJECTS)
def test_those_before_that_meet_are_those_that_meet_one_by_one(drawn: Cluster, subjects: list[Pods]) -> None:
    meetings = Meetings(drawn)
    one_by_one = [[n for n in range(i) if meetings.meet(subjects[n], own)] for i, own in enumerate(subjects)]
    assert [list(found) for found in meetings.earlier(subjects)] == one_by_one


def test_of_subjects_with_a_label_each_none_are_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[int] = []

    def counted(_: Meetings, __: object, number: int, other: int) -> bool:
        compared.append(number * 1000 + other)
        return False

    monkeypatch.setattr(Meetings, "_meets", counted)
    subjects = [Pods(Selector((Requirement("app", Operator.IN, frozenset((str(n),))),))) for n in range(50)]
    found: list[Iterator[int]] = list(Meetings(cluster()).earlier(subjects))
    assert ([list(one) for one in found], compared) == ([[]] * 50, [])
