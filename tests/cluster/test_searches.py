"""The searches over indexes find what looking at every object would find."""

from __future__ import annotations

from hypothesis import given, strategies as st

from netpol_lint.algebra.labels import Operator, Requirement, Selector
from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.label_index import LabelIndex, Labelled, asks_for_label
from netpol_lint.cluster.near import Nearness, edit_distance, key_nearness, nearness
from netpol_lint.cluster.near_names import NearKeys, NearNames
from netpol_lint.cluster.scopes import picked, scope_of
from netpol_lint.cluster.selection import Selection
from netpol_lint.cluster.slips import Slip, Slips, find_slips, slips_of
from netpol_lint.cluster.unseen import may_exist
from netpol_lint.resources.decode.placeholders import has_placeholder
from tests.cluster.making import label_selector, service, workload

_WORDS = ("backend", "front", "db", "web", "payments", "orders", "cache1", "v2", "")
_KEYS = (
    "app",
    "apps",
    "role",
    "roles",
    "name",
    "example.com/role",
    "app.kubernetes.io/name",
    "my-app",
    "job-name",
    "tier",
)
_OPERATORS = (Operator.IN, Operator.IN, Operator.IN, Operator.NOT_IN, Operator.EXISTS, Operator.DOES_NOT_EXIST)


@st.composite
def _slipped(draw: st.DrawFn, texts: st.SearchStrategy[str]) -> str:
    """A text with a few letters dropped, doubled, swapped, replaced or in capitals."""
    letters = list(draw(texts))
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, max(len(letters) - 1, 0)))
        here = letters[at : at + 1]
        after = letters[at + 1 : at + 2]
        ways: tuple[list[str], ...] = (
            [],
            here * 2,
            after + here + after,
            ["x"],
            ["-", *here],
            ["1"],
            [c.upper() for c in here],
        )
        letters[at : at + 1] = draw(st.sampled_from(ways))
    return "".join(letters)


_NAMES = _slipped(st.lists(st.sampled_from(_WORDS), min_size=1, max_size=3).map("-".join))
_VALUES = st.sampled_from(["${VALUE}", "true"]) | _NAMES
_SOME_KEYS = st.sampled_from(_KEYS) | _slipped(st.sampled_from(_KEYS))
_LABELS = st.dictionaries(_SOME_KEYS, _VALUES, max_size=3)
_NAMESPACES = st.sampled_from(["shop", "shop-dev", "tools"])
_SCOPES = st.lists(_NAMESPACES, unique=True, min_size=1).map(sorted).map(tuple)


@st.composite
def _requirements(draw: st.DrawFn, labels: dict[str, str]) -> Requirement:
    """Often nearly what some labels fulfil."""
    key, value = draw(st.sampled_from(sorted(labels.items()) or [("app", "web")]))
    operator = draw(st.sampled_from(_OPERATORS))
    values = draw(st.sets(_slipped(st.just(value)) | _VALUES, min_size=1, max_size=2))
    valued = operator in (Operator.IN, Operator.NOT_IN)
    return Requirement(
        draw(st.just(key) | _slipped(st.just(key)) | _SOME_KEYS), operator, frozenset(values if valued else ())
    )


@st.composite
def _selectors(draw: st.DrawFn, labelled: list[dict[str, str]]) -> tuple[Requirement, ...]:
    some = draw(st.sampled_from(labelled or [{}]))
    return tuple(draw(st.lists(_requirements(some), min_size=1, max_size=3)))


_PODS = st.lists(st.tuples(_NAMES, _LABELS, _NAMESPACES, st.booleans()), max_size=8)


@given(st.sets(_NAMES, max_size=12), _NAMES)
def test_near_names_are_those_that_comparing_finds(names: set[str], written: str) -> None:
    expected = {name for name in names if nearness(written, name) is not Nearness.FAR}
    assert expected == set(NearNames(names).near(written))


@given(st.sets(_NAMES, max_size=12), _NAMES)
def test_names_that_are_one_edit_away_are_found_without_the_others(names: set[str], written: str) -> None:
    found = NearNames(names).near(written, 1)
    nearest = {name for name in names if nearness(written, name) <= Nearness.ONE_EDIT}
    assert (nearest, True) == (nearest.intersection(found), set(found) <= set(NearNames(names).near(written)))


@given(st.sets(_SOME_KEYS, max_size=12), _SOME_KEYS)
def test_near_keys_are_those_that_comparing_finds(keys: set[str], written: str) -> None:
    expected = {key for key in keys if key_nearness(written, key) is not Nearness.FAR}
    assert expected == set(NearKeys(keys).near(written))


@given(st.text("ab", max_size=7), st.text("ab", max_size=7), st.integers(0, 3))
def test_the_distance_up_to_a_limit_is_the_distance(one: str, other: str, limit: int) -> None:
    assert min(_distance(one, other), limit + 1) == edit_distance(one, other, limit)


@given(st.data(), _PODS, _SCOPES)
def test_the_slips_are_those_that_looking_at_each_pod_finds(
    data: st.DataObject, pods: list[tuple[str, dict[str, str], str, bool]], names: tuple[str, ...]
) -> None:
    index = LabelIndex(Labelled(labels, name, namespace) for name, labels, namespace, _ in pods)
    selector = Selector(tuple(dict.fromkeys(data.draw(_selectors([labels for _, labels, _, _ in pods])))))
    assert _all_slips(index, names, selector) == find_slips(index, frozenset(names), selector)


@given(st.data(), _PODS, _SCOPES)
def test_pods_are_picked_wherever_they_are(
    data: st.DataObject, pods: list[tuple[str, dict[str, str], str, bool]], names: tuple[str, ...]
) -> None:
    cluster = Cluster("x", tuple(workload(n, ls, namespace=ns, complete=whole) for n, ls, ns, whole in pods))
    selector = label_selector(*data.draw(_selectors([labels for _, labels, _, _ in pods])))
    selections = [cluster.matching(name, selector) for name in names]
    certain, possible = (tuple(w for s in selections for w in s[part]) for part in (0, 1))
    assert Selection(certain, possible) == picked(cluster, names, selector)


@given(st.data(), _PODS, _SCOPES)
def test_controllers_are_found_by_their_own_labels(
    data: st.DataObject, pods: list[tuple[str, dict[str, str], str, bool]], names: tuple[str, ...]
) -> None:
    cluster = Cluster(
        "x", tuple(workload(f"w{i}", {}, namespace=ns, own_labels=ls) for i, (_, ls, ns, _) in enumerate(pods))
    )
    selector = label_selector(*data.draw(_selectors([labels for _, labels, _, _ in pods]))).selector
    asks = any(asks_for_label(requirement) for requirement in selector.requirements)
    expected = [
        workload
        for workload, (_, labels, namespace, _) in zip(cluster.workloads, pods, strict=True)
        if asks and namespace in names and selector.matches(labels)
    ]
    assert expected == list(scope_of(cluster, names).controllers(selector))


@given(st.data(), _PODS, st.lists(st.tuples(_LABELS, _NAMESPACES), max_size=3), _SCOPES)
def test_pods_may_exist_where_a_placeholder_or_a_service_says_so(
    data: st.DataObject,
    pods: list[tuple[str, dict[str, str], str, bool]],
    selected: list[tuple[dict[str, str], str]],
    names: tuple[str, ...],
) -> None:
    services = tuple(service(f"s{index}", labels, namespace=ns) for index, (labels, ns) in enumerate(selected))
    cluster = Cluster("x", tuple(workload(n, ls, namespace=ns) for n, ls, ns, _ in pods), services=services)
    selector = label_selector(*data.draw(_selectors([*(p[1] for p in pods), *(s[0] for s in selected)])))
    requirements = selector.selector.requirements
    templates = any(
        ns in names
        and any(has_placeholder(value) for value in labels.values())
        and all(_may_fulfil(r, labels) for r in requirements)
        for _, labels, ns, _ in pods
    )
    promises = any(
        ns in names
        and not cluster.matching(ns, given.selector)
        and any(r.operator is Operator.IN and labels.get(r.key) in r.values for r in requirements)
        and all(r.matches(labels) for r in requirements if r.key in labels)
        for given, (labels, ns) in zip(services, selected, strict=True)
    )
    assert (templates or promises) == may_exist(cluster, names, selector)


def _may_fulfil(requirement: Requirement, labels: dict[str, str]) -> bool:
    filled_in = has_placeholder(labels.get(requirement.key, "")) and requirement.operator is not Operator.DOES_NOT_EXIST
    return requirement.matches(labels) or filled_in


def _all_slips(index: LabelIndex, names: tuple[str, ...], selector: Selector) -> Slips:
    found: dict[Slip, list[int]] = {}
    for requirement in selector.requirements:
        others = [other for other in selector.requirements if other != requirement]
        for namespace in names:
            for position, (labels, name, group) in enumerate(index.items):
                for slip in slips_of(requirement, others, labels, name) if group == namespace else ():
                    found.setdefault(slip, []).append(position)
    nearest = {slip for slip in found if slip.nearness <= Nearness.ONE_EDIT}
    return {slip: tuple(positions) for slip, positions in found.items() if slip in nearest or not nearest}


def _distance(one: str, other: str) -> int:
    if not one or not other:
        return len(one) + len(other)
    least = min(
        _distance(one[:-1], other) + 1,
        _distance(one, other[:-1]) + 1,
        _distance(one[:-1], other[:-1]) + (one[-1] != other[-1]),
    )
    swapped = len(one) > 1 and len(other) > 1 and one[-1] == other[-2] and one[-2] == other[-1]
    return min(least, _distance(one[:-2], other[:-2]) + 1) if swapped else least
