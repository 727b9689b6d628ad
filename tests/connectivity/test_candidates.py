"""The index of policies by the labels they ask for leaves out none that may select a pod."""

from __future__ import annotations

from hypothesis import given, strategies as st

from netpol_lint.algebra.labels import Operator, Requirement, Selector
from netpol_lint.connectivity.candidates import Candidates
from netpol_lint.connectivity.endpoints import Labels, Pod, Unseen
from netpol_lint.connectivity.form import Pods, Policy
from netpol_lint.connectivity.matching import pods_match
from tests.connectivity.making import HERE

_KEYS = st.sampled_from(["app", "tier", "pod-template-hash", "${KEY}"])
_VALUES = st.sampled_from(["web", "api", "${VALUE}"])
_REQUIREMENTS = st.one_of(
    st.builds(
        Requirement,
        _KEYS,
        st.sampled_from([Operator.IN, Operator.NOT_IN]),
        st.frozensets(_VALUES, min_size=1, max_size=2),
    ),
    st.builds(Requirement, _KEYS, st.sampled_from([Operator.EXISTS, Operator.DOES_NOT_EXIST]), st.just(frozenset())),
)
_SELECTORS = st.builds(Selector, st.lists(_REQUIREMENTS, max_size=2).map(tuple))
_LABELS = st.builds(Labels, st.dictionaries(_KEYS, _VALUES, max_size=3), st.sampled_from(Unseen))


@given(st.lists(_SELECTORS, min_size=9, max_size=20), _LABELS)
def test_the_candidates_are_all_that_may_select_a_pod_in_their_order(selectors: list[Selector], labels: Labels) -> None:
    pod = Pod("shop/Pod/x", "shop", Labels({}, Unseen.NONE), labels)
    policies = tuple(
        Policy(str(n), "NetworkPolicy", Pods(selector, namespace="shop"), (), (), HERE)
        for n, selector in enumerate(selectors)
    )
    selecting = [policy.name for policy in policies if pods_match(policy.subjects, pod) is not False]
    found = [p.name for p in Candidates(policies).of(pod) if pods_match(p.subjects, pod) is not False]
    assert selecting == found


def test_only_policies_that_ask_for_a_label_of_the_pod_are_looked_at() -> None:
    pod = Pod("shop/Pod/x", "shop", Labels({}, Unseen.NONE), Labels({"app": "3"}, Unseen.RUN_TIME))
    policies = tuple(
        Policy(str(n), "NetworkPolicy", Pods(Selector((_is("app", str(n)),)), namespace="shop"), (), (), HERE)
        for n in range(20)
    )
    assert ["3"] == [policy.name for policy in Candidates(policies).of(pod)]


def test_a_label_that_is_written_at_run_time_may_be_there() -> None:
    pod = Pod("shop/Pod/x", "shop", Labels({}, Unseen.NONE), Labels({"app": "web"}, Unseen.RUN_TIME))
    policies = tuple(
        Policy(key, "NetworkPolicy", Pods(Selector((_is(key, "x"),)), namespace="shop"), (), (), HERE)
        for key in ("job-name", *"abcdefgh")
    )
    assert ["job-name"] == [policy.name for policy in Candidates(policies).of(pod)]


def _is(key: str, value: str) -> Requirement:
    return Requirement(key, Operator.IN, frozenset((value,)))
