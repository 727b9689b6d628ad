"""What others admit too is found without comparing each with each, and is what every single connection says."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

from hypothesis import given, strategies as st

from netpol_lint.algebra.addresses import address
from netpol_lint.cluster.covers import Parts, covers
from netpol_lint.cluster.pieces import Piece, admits_shown
from netpol_lint.cluster.rule_covering import addresses_of, pods_of
from netpol_lint.resources.policy import (
    AllOfProtocol,
    Direction,
    Everyone,
    EveryPort,
    IPBlock,
    NamedPort,
    NetworkPolicy,
    Peer,
    PortEntry,
    Rule,
    SameNamespace,
)
from tests.connectivity.making import cluster

if TYPE_CHECKING:
    import pytest

_SELECTORS = st.sampled_from(
    [
        {},
        {"matchLabels": {"app": "x"}},
        {"matchLabels": {"app": "y"}},
        {"matchLabels": {"app": "x", "tier": "x"}},
        {"matchExpressions": [{"key": "app", "operator": "In", "values": ["x", "y"]}]},
        {"matchExpressions": [{"key": "app", "operator": "NotIn", "values": ["x"]}]},
        {"matchExpressions": [{"key": "tier", "operator": "Exists"}]},
        {"matchExpressions": [{"key": "tier", "operator": "DoesNotExist"}]},
    ]
)
_BLOCKS = ("10.0.0.0/30", "10.0.0.0/31", "10.0.0.2/31", "10.0.0.3/32")
_PEERS = st.one_of(
    st.fixed_dictionaries({"podSelector": _SELECTORS}),
    st.fixed_dictionaries({"namespaceSelector": _SELECTORS}, optional={"podSelector": _SELECTORS}),
    st.sampled_from([{"ipBlock": {"cidr": block}} for block in _BLOCKS]),
    st.just({"ipBlock": {"cidr": "10.0.0.0/30", "except": ["10.0.0.1/32"]}}),
)
_PORTS = st.sampled_from(
    [{"port": 1}, {"port": 2}, {"port": 1, "endPort": 2}, {"port": 2, "endPort": 3}, {"port": "http"}, {}]
)
_RULES = st.fixed_dictionaries(
    {}, optional={"from": st.lists(_PEERS, max_size=2), "ports": st.lists(_PORTS, max_size=2)}
)
_CLOSE_PEERS = st.sampled_from(
    [
        *({"ipBlock": {"cidr": block}} for block in _BLOCKS[:3]),
        {"podSelector": {"matchLabels": {"app": "x"}}},
        {"podSelector": {"matchLabels": {"app": "y"}}},
        {"podSelector": {"matchExpressions": [{"key": "app", "operator": "In", "values": ["x", "y"]}]}},
    ]
)
_CLOSE_PORTS = st.sampled_from([{"port": 1}, {"port": 2}, {"port": 1, "endPort": 2}])
_CLOSE_RULES = st.fixed_dictionaries(
    {"from": st.lists(_CLOSE_PEERS, min_size=1, max_size=2), "ports": st.lists(_CLOSE_PORTS, min_size=1, max_size=2)}
)
"""Of which several often cover one."""
_LABELS = [
    {key: value for key, value in (("app", app), ("tier", tier)) if value}
    for app, tier in product(("x", "y", "other", ""), ("x", "other", ""))
]
_PODS = [(namespace, labels) for namespace in ("the own", *_LABELS) for labels in _LABELS]
_ADDRESSES = [address(4, (10 << 24) + number) for number in range(5)]
_NUMBERS = (1, 2, 3, 4, "http")


def policy_of(rules: list[dict[str, Any]]) -> NetworkPolicy:
    meta = {"name": "p", "namespace": "shop"}
    spec = {"podSelector": {}, "ingress": rules}
    manifest = {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": meta, "spec": spec}
    return cluster(policies=[manifest]).policies[0]


def connections(rule: Rule) -> set[tuple[str, str]]:
    """Those that a rule admits, of all that tell rules apart here."""
    ends = [str(one) for one in (*_PODS, *_ADDRESSES) if any(_is_meant(one, peer) for peer in _peers(rule))]
    if isinstance(rule.peers, Everyone):
        ends.append("anybody else")
    numbers = [str(one) for one in _NUMBERS if any(_is_opened(one, entry) for entry in _entries(rule))]
    if isinstance(rule.ports, EveryPort):
        numbers.append("another protocol")
    return set(product(ends, numbers))


def _peers(rule: Rule) -> tuple[Everyone | Peer, ...]:
    return (rule.peers,) if isinstance(rule.peers, Everyone) else rule.peers


def _entries(rule: Rule) -> tuple[EveryPort | PortEntry, ...]:
    return (rule.ports,) if isinstance(rule.ports, EveryPort) else rule.ports


def _is_meant(end: Any, peer: Everyone | Peer) -> bool:
    if isinstance(peer, Everyone):
        return True
    if isinstance(peer, IPBlock) or not isinstance(end, tuple):
        return isinstance(peer, IPBlock) and not isinstance(end, tuple) and addresses_of(peer).covers(end)
    namespace, labels = end
    if not pods_of(peer).matches(labels):
        return False
    if isinstance(peer.namespaces, SameNamespace):
        return bool(namespace == "the own")
    return peer.namespaces.selects_everything or (
        namespace != "the own" and peer.namespaces.selector.matches(namespace)
    )


def _is_opened(number: int | str, entry: EveryPort | PortEntry) -> bool:
    if isinstance(entry, EveryPort) or isinstance(entry.target, AllOfProtocol):
        return True
    if isinstance(entry.target, NamedPort):
        return entry.target.name == number
    return isinstance(number, int) and entry.target.first <= number <= entry.target.last


@given(st.lists(_RULES, max_size=6))
def test_rules_that_one_covers_are_those_found_one_by_one(rules: list[dict[str, Any]]) -> None:
    policy = policy_of(rules)
    own = policy.rules(Direction.INGRESS)
    one_by_one = [
        rule.position
        for rule in own
        if any(
            covers(one, rule) and not (one.position > rule.position and covers(rule, one)) for one in own if one != rule
        )
    ]
    found = [one.part for one in Parts(policy, own).covered_by_one()]
    assert [rule.position for rule in own if rule in found] == one_by_one


@given(st.one_of(st.lists(_RULES, max_size=6), st.lists(_CLOSE_RULES, min_size=3, max_size=6)))
def test_what_goes_admits_nothing_that_what_stays_does_not(rules: list[dict[str, Any]]) -> None:
    policy = policy_of(rules)
    own = policy.rules(Direction.INGRESS)
    parts = Parts(policy, own)
    one = list(parts.covered_by_one())
    several = list(parts.covered_by_several([found.part for found in one], lambda _: ()))
    gone = [found.part for found in (*one, *several)]
    left = set[tuple[str, str]]().union(*(connections(rule) for rule in own if rule not in gone))
    assert set[tuple[str, str]]().union(*map(connections, own)) == left


@given(st.one_of(st.lists(_RULES, max_size=4), st.lists(_CLOSE_RULES, min_size=3, max_size=4)))
def test_a_rule_stays_only_where_a_connection_needs_it(rules: list[dict[str, Any]]) -> None:
    policy = policy_of(rules)
    own = policy.rules(Direction.INGRESS)
    parts = Parts(policy, own)
    one = [found.part for found in parts.covered_by_one()]
    several = [found.part for found in parts.covered_by_several(one, lambda _: ())]
    left = [rule for rule in own if rule not in one and rule not in several]
    needless = [
        rule
        for rule in left
        if connections(rule) <= set[tuple[str, str]]().union(*(connections(o) for o in left if o is not rule))
    ]
    assert needless == []


def test_rules_for_a_label_each_are_not_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[Piece] = []

    def counted(cover: Any, piece: Piece) -> bool:
        compared.append(piece)
        return admits_shown(cover, piece)

    monkeypatch.setattr("netpol_lint.cluster.covers.admits_shown", counted)
    policy = policy_of([{"from": [{"podSelector": {"matchLabels": {"app": f"a{n}"}}}]} for n in range(50)])
    parts = Parts(policy, policy.rules(Direction.INGRESS))
    assert [*parts.covered_by_one(), *parts.covered_by_several([], lambda _: ())] == []
    assert len(compared) == 2 * 50


def _rule(apps: str, first: int, last: int) -> dict[str, Any]:
    selector = {"matchExpressions": [{"key": "app", "operator": "In", "values": list(apps)}]}
    return {"from": [{"podSelector": selector}], "ports": [{"port": first, "endPort": last}]}


def _together(*rules: dict[str, Any]) -> list[tuple[int, list[int]]]:
    policy = policy_of(list(rules))
    parts = Parts(policy, policy.rules(Direction.INGRESS))
    return [
        (found.part.position, [cover.part.position for cover in found.covers if isinstance(cover.part, Rule)])
        for found in parts.covered_by_several([one.part for one in parts.covered_by_one()], lambda _: ())
        if isinstance(found.part, Rule)
    ]


def test_every_corner_of_a_rule_must_be_covered() -> None:
    whole, one, other, corner = _rule("xy", 1, 2), _rule("xw", 1, 1), _rule("yz", 1, 3), _rule("x", 2, 3)
    assert (_together(whole, one, other), _together(whole, one, other, corner)) == ([], [(0, [1, 2, 3])])


def test_so_many_covers_that_nobody_would_follow_are_not_looked_for() -> None:
    whole, parts = _rule("x", 1, 8), [_rule("xy", port, port) for port in range(1, 9)]
    assert _together(whole, *parts) == []
