"""The index of a namespace's pods answers as matching every pod one by one would."""

from __future__ import annotations

from hypothesis import given, strategies as st

from netpol_lint.algebra.labels import Operator, Requirement, equals
from netpol_lint.cluster.selection import NamespacePods, Selection
from tests.cluster.making import selector, workload

_KEYS = st.sampled_from(["app", "tier", "track"])
_VALUES = st.sampled_from(["a", "b", ""])
_LABELS = st.dictionaries(_KEYS, _VALUES)


@st.composite
def _requirements(draw: st.DrawFn) -> Requirement:
    operator = draw(st.sampled_from(list(Operator)))
    valued = operator in (Operator.IN, Operator.NOT_IN)
    values = draw(st.frozensets(_VALUES, min_size=1)) if valued else frozenset[str]()
    return Requirement(draw(_KEYS), operator, values)


@given(st.lists(_LABELS), st.lists(_requirements(), max_size=3))
def test_with_all_labels_known_the_index_agrees_with_the_selector(
    pods: list[dict[str, str]], requirements: list[Requirement]
) -> None:
    workloads = tuple(workload(f"w{index}", labels) for index, labels in enumerate(pods))
    wanted = selector(*requirements)
    expected = Selection(tuple(w for w in workloads if wanted.matches(w.labels)), ())
    assert expected == NamespacePods(workloads).select(wanted)


@given(_LABELS, _LABELS, st.lists(_requirements(), max_size=3))
def test_labels_added_later_are_allowed_for(
    known: dict[str, str], added: dict[str, str], requirements: list[Requirement]
) -> None:
    partly_known = workload("w", known, complete=False)
    wanted = selector(*requirements)
    certain, possible = NamespacePods((partly_known,)).select(wanted)
    if wanted.matches({**added, **known}):
        assert (partly_known,) == certain + possible
    else:
        assert () == certain


def test_a_label_that_controllers_write_at_run_time_is_never_absent() -> None:
    job = workload("migrate", {"app": "migrate"})
    assert Selection((), (job,)) == NamespacePods((job,)).select(selector(equals("job-name", "migrate")))


def test_a_label_that_controllers_write_does_not_stand_in_for_another() -> None:
    job = workload("migrate", {"app": "migrate"})
    wanted = selector(equals("job-name", "migrate"), equals("app", "other"))
    assert Selection((), ()) == NamespacePods((job,)).select(wanted)
