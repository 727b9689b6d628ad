"""What changes between two networks, checked against asking both of them about every pair."""

from __future__ import annotations

from itertools import product

from hypothesis import given

from netpol_lint.algebra.ports import NO_PORT, PortSet, ports
from netpol_lint.cluster.cluster import Cluster
from netpol_lint.connectivity.connections import Endpoint, Table
from netpol_lint.connectivity.differences import Risk, UnitDifference, by_risk, difference, risk_of
from netpol_lint.connectivity.endpoints import End, Outside
from netpol_lint.connectivity.network import Network
from tests.connectivity.drawing import clusters
from tests.connectivity.making import cluster
from tests.connectivity.test_mapping import DATA, JOB, SHOP, WEB, WEB_ONLY, policy

_Pairs = dict[tuple[str, str], PortSet]


def between(old: Cluster, new: Cluster) -> UnitDifference:
    return difference(".", Network.of(old), Network.of(new))


def changes(table: Table) -> _Pairs:
    return {(c.source.id, c.destination.id): c.ports.set for c in table.connections()}


def states(network: Network, finer: Network) -> tuple[_Pairs, _Pairs]:
    """What is allowed and what is unknown between all pairs, addresses told apart as both networks do."""
    refined = network.refined({*network.told_apart, *finer.told_apart})
    ends: list[End] = [*refined.pods.values(), *refined.outside]
    allowed: _Pairs = {}
    unknown: _Pairs = {}
    for source, destination in product(ends, ends):
        if source is destination or (isinstance(source, Outside) and isinstance(destination, Outside)):
            continue
        traffic = refined.traffic(source, destination)
        allowed[source.id, destination.id] = traffic.allowed
        unknown[source.id, destination.id] = traffic.unknown
    return allowed, unknown


def applied(before: _Pairs, more: _Pairs, less: _Pairs) -> _Pairs:
    found = {
        pair: (before.get(pair, NO_PORT) | more.get(pair, NO_PORT)) - less.get(pair, NO_PORT)
        for pair in {*before, *more, *less}
    }
    return {pair: numbers for pair, numbers in found.items() if numbers}


def some(pairs: _Pairs) -> _Pairs:
    return {pair: numbers for pair, numbers in pairs.items() if numbers}


@given(clusters())
def test_nothing_changes_from_a_cluster_to_itself(made: Cluster) -> None:
    assert not between(made, made)


@given(clusters(), clusters())
def test_what_one_way_opens_the_other_way_closes(one: Cluster, other: Cluster) -> None:
    there, back = between(one, other), between(other, one)
    assert [changes(there.opened), changes(there.closed), changes(there.in_doubt), changes(there.decided)] == [
        changes(back.closed),
        changes(back.opened),
        changes(back.decided),
        changes(back.in_doubt),
    ]
    assert (there.added, there.removed) == (back.removed, back.added)


@given(clusters(), clusters())
def test_the_old_connections_and_the_changes_make_the_new_ones(one: Cluster, other: Cluster) -> None:
    old, new = Network.of(one), Network.of(other)
    (allowed, unknown), (allows, doubts) = states(old, new), states(new, old)
    found = between(one, other)
    assert (some(allows), some(doubts)) == (
        applied(allowed, changes(found.opened), changes(found.closed)),
        applied(unknown, changes(found.in_doubt), changes(found.decided)),
    )


@given(clusters(), clusters())
def test_only_what_changes_is_said(one: Cluster, other: Cluster) -> None:
    allowed, _ = states(Network.of(one), Network.of(other))
    found = between(one, other)
    opened, closed = changes(found.opened), changes(found.closed)
    assert ({}, {}) == (
        {pair: numbers for pair, numbers in opened.items() if numbers & allowed.get(pair, NO_PORT)},
        {pair: numbers for pair, numbers in closed.items() if numbers - allowed[pair]},
    )


@given(clusters(), clusters())
def test_the_parts_by_risk_are_the_whole(one: Cluster, other: Cluster) -> None:
    opened = between(one, other).opened
    parts = list(by_risk(opened))
    together = {pair: numbers for _, part in parts for pair, numbers in changes(part).items()}
    assert (changes(opened), opened.count) == (together, sum(part.count for _, part in parts))


def test_addresses_are_told_apart_as_finely_as_either_side_does() -> None:
    def admitting(cidr: str) -> Cluster:
        spec = {"podSelector": {}, "ingress": [{"from": [{"ipBlock": {"cidr": cidr}}], "ports": [{"port": 80}]}]}
        return cluster(namespaces=({"name": "shop"},), pods=(WEB,), policies=(policy("web", spec),))

    found = between(admitting("10.0.0.0/8"), admitting("10.1.0.0/16"))
    assert ({}, ["10.0.0.0/8 - 10.1.0.0/16"]) == (
        changes(found.opened),
        [source for source, _ in changes(found.closed)],
    )


def test_ipv6_that_only_one_side_mentions_is_compared_on_both() -> None:
    spec = {"podSelector": {}, "ingress": [{"from": [{"ipBlock": {"cidr": "fd00::/8"}}]}]}
    open_pod = cluster(namespaces=({"name": "shop"},), pods=(WEB,))
    closed = cluster(namespaces=({"name": "shop"},), pods=(WEB,), policies=(policy("web", spec),))
    found = between(open_pod, closed).closed
    outside = [c.source.blocks for c in found.connections() if c.source.is_outside]
    assert [True] == ["0.0.0.0/0" in blocks and "::/1" in blocks for blocks in outside]


def test_a_new_workload_is_added_with_what_may_reach_it() -> None:
    found = between(cluster(namespaces=SHOP, pods=(WEB,)), cluster(namespaces=SHOP, pods=(WEB, JOB)))
    assert (["tools/Pod/job"], (), True) == (
        [endpoint.id for endpoint in found.added],
        found.removed,
        ("0.0.0.0/0", "tools/Pod/job") in changes(found.opened),
    )


def test_a_policy_closes_all_but_what_it_admits() -> None:
    before, after = (
        cluster(namespaces=SHOP, pods=(WEB, DATA, JOB), policies=policies) for policies in ((), (WEB_ONLY,))
    )
    found = between(before, after)
    assert ({}, {"shop/Pod/web", "tools/Pod/job", "0.0.0.0/0"}, False) == (
        changes(found.opened),
        {source for source, _ in changes(found.closed)},
        changes(found.closed)["shop/Pod/web", "shop/Pod/data"].has("TCP", 5432),
    )


def test_what_becomes_unknown_is_said_and_not_opened() -> None:
    spec = {
        "podSelector": {"matchLabels": {"app": "data"}},
        "ingress": [{"from": [{"ipBlock": {"cidr": "10.0.0.0/8"}}]}],
    }
    nobody = policy("data", {"podSelector": {"matchLabels": {"app": "data"}}})
    before, after = (
        cluster(namespaces=SHOP, pods=(WEB, DATA), policies=(one,)) for one in (nobody, policy("data", spec))
    )
    found = between(before, after)
    pair = ("shop/Pod/web", "shop/Pod/data")
    assert (False, True) == (pair in changes(found.opened), changes(found.in_doubt)[pair].has("TCP", 80))


def test_risk_goes_from_outside_to_inside() -> None:
    outside = Endpoint("0.0.0.0/0", "CIDR")
    one, two, far = (Endpoint(f"{ns}/Pod/{name}", "Pod", ns, name) for ns, name in (("a", "x"), ("a", "y"), ("b", "z")))
    pairs = ((outside, one), (one, outside), (one, far), (one, two))
    assert list(Risk) == [risk_of(*pair) for pair in pairs]


def test_ports_within_a_range_are_cut_out() -> None:
    def admitting(last: int) -> Cluster:
        spec = {"podSelector": {}, "ingress": [{"ports": [{"port": 70, "endPort": last}]}]}
        return cluster(namespaces=SHOP, pods=(WEB,), policies=(policy("web", spec),))

    found = changes(between(admitting(80), admitting(90)).opened)
    assert ports("TCP", 81, 90) == found["0.0.0.0/0", "shop/Pod/web"]
