"""The map says of every pair of endpoints what the engine says of that pair, and of no other."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from netpol_lint.algebra.ports import EVERY_PORT, PortSet, ports
from netpol_lint.cluster.cluster import Cluster
from netpol_lint.connectivity.choosing import Choice
from netpol_lint.connectivity.connections import Connection, UnitMap
from netpol_lint.connectivity.endpoints import End, Outside
from netpol_lint.connectivity.exposure import newcomers
from netpol_lint.connectivity.mapping import maps_of
from netpol_lint.connectivity.network import Network
from netpol_lint.connectivity.reach import Reach
from netpol_lint.errors import NetpolLintError
from netpol_lint.resources.policy import Direction
from tests.connectivity.drawing import clusters
from tests.connectivity.making import cluster

_Open = dict[tuple[str, str], tuple[PortSet, PortSet]]
WEB = {"name": "web", "namespace": "shop", "labels": {"app": "web"}, "ports": [{"name": "http", "port": 8080}]}
DATA = {"name": "data", "namespace": "shop", "labels": {"app": "data"}}
JOB = {"name": "job", "namespace": "tools", "labels": {"app": "job"}}
SHOP = {"name": "shop"}, {"name": "tools", "labels": {"team": "ops"}}


def policy(name: str, spec: dict[str, Any], namespace: str = "shop") -> dict[str, Any]:
    meta = {"name": name, "namespace": namespace}
    return {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": meta, "spec": spec}


WEB_ONLY = policy(
    "data",
    {
        "podSelector": {"matchLabels": {"app": "data"}},
        "ingress": [{"from": [{"podSelector": {"matchLabels": {"app": "web"}}}], "ports": [{"port": 5432}]}],
    },
)


def one_map(made: Cluster, choice: Choice = Choice()) -> UnitMap:  # noqa: B008 - frozen
    (found,) = maps_of({".": Reach(Network.of(made))}, choice)
    return found


def shown(connections: list[Connection]) -> _Open:
    return {(c.source.id, c.destination.id): (c.ports.set, c.unknown.set) for c in connections}


def pair_by_pair(network: Network, ends: list[End]) -> _Open:
    found: _Open = {}
    for source, destination in product(ends, ends):
        if source is destination or (isinstance(source, Outside) and isinstance(destination, Outside)):
            continue
        traffic = network.traffic(source, destination)
        if traffic.allowed or traffic.unknown:
            found[source.id, destination.id] = traffic.allowed, traffic.unknown
    return found


# -- everything ---------------------------------------------------------------------------------------------


@given(clusters())
def test_a_map_says_what_the_engine_says_of_each_pair(made: Cluster) -> None:
    network = Network.of(made)
    expected = pair_by_pair(network, [*network.pods.values(), *network.outside])
    assert expected == shown(list(one_map(made).table.connections()))


@given(clusters())
def test_connections_are_counted_without_being_made(made: Cluster) -> None:
    table = one_map(made).table
    assert len(list(table.connections())) == table.count


@given(clusters())
def test_connections_come_in_the_order_of_the_endpoints(made: Cluster) -> None:
    table = one_map(made).table
    place = {endpoint.id: number for number, endpoint in enumerate(table.endpoints)}
    places = [(place[c.source.id], place[c.destination.id]) for c in table.connections()]
    assert sorted(set(places)) == places


@given(clusters())
def test_classes_of_addresses_are_disjoint_and_cover_ipv4(made: Cluster) -> None:
    from ipaddress import ip_network

    blocks = [b for e in one_map(made).table.endpoints for b in e.blocks if ":" not in b]
    assert 1 << 32 == sum(ip_network(block).num_addresses for block in blocks)


def test_workloads_come_by_id_then_addresses() -> None:
    made = cluster(namespaces=SHOP, pods=(WEB, JOB, DATA), policies=(WEB_ONLY,))
    expected = ["shop/Pod/data", "shop/Pod/web", "tools/Pod/job", "0.0.0.0/0"]
    assert expected == [endpoint.id for endpoint in one_map(made).table.endpoints]


def test_a_group_is_of_one_namespace() -> None:
    table = one_map(cluster(namespaces=SHOP, pods=(WEB, JOB, DATA))).table
    assert [1, 1, 1] == [len({table.endpoints[place].namespace for place in group}) for group in table.groups]


# -- what is asked for --------------------------------------------------------------------------------------


@given(clusters(), st.data())
def test_a_focus_keeps_the_connections_of_an_endpoint(made: Cluster, data: st.DataObject) -> None:
    everything = one_map(made)
    focus = data.draw(st.sampled_from(everything.table.endpoints))
    if focus.is_outside:
        return
    directions = data.draw(st.sampled_from([frozenset(Direction), *(frozenset((one,)) for one in Direction)]))
    expected = [
        c
        for c in everything.table.connections()
        if (c.source == focus and Direction.EGRESS in directions)
        or (c.destination == focus and Direction.INGRESS in directions)
    ]
    found = one_map(made, Choice(focus=(focus.id,), directions=directions))
    assert shown(expected) == shown(list(found.table.connections()))


@given(clusters())
def test_a_direction_keeps_what_workloads_send_or_are_sent(made: Cluster) -> None:
    everything = list(one_map(made).table.connections())
    egress, ingress = (
        shown(list(one_map(made, Choice(directions=frozenset((one,)))).table.connections()))
        for one in (Direction.EGRESS, Direction.INGRESS)
    )
    assert (
        shown([c for c in everything if not c.source.is_outside]),
        shown([c for c in everything if not c.destination.is_outside]),
    ) == (egress, ingress)


@given(clusters())
def test_ports_asked_for_are_those_shown(made: Cluster) -> None:
    asked = ports("TCP", 75, 85) | ports("UDP", 53, 53)
    cut = {pair: (a & asked, u & asked) for pair, (a, u) in shown(list(one_map(made).table.connections())).items()}
    expected = {pair: both for pair, both in cut.items() if any(both)}
    assert expected == shown(list(one_map(made, Choice(ports=asked)).table.connections()))


def test_a_focus_leaves_endpoints_out_that_have_no_part_in_it() -> None:
    made = cluster(namespaces=SHOP, pods=(WEB, JOB, DATA), policies=(WEB_ONLY,))
    found = one_map(made, Choice(focus=("data",), directions=frozenset((Direction.INGRESS,))))
    assert ["shop/Pod/data", "shop/Pod/web"] == [endpoint.id for endpoint in found.table.endpoints]


@pytest.mark.parametrize("name", ["data", "shop/data", "shop/Pod/data"])
def test_a_workload_in_focus_has_three_names(name: str) -> None:
    made = cluster(namespaces=SHOP, pods=(WEB, JOB, DATA), policies=(WEB_ONLY,))
    assert "shop/Pod/data" in [endpoint.id for endpoint in one_map(made, Choice(focus=(name,))).table.endpoints]


def test_an_address_in_focus_stands_for_its_class() -> None:
    made = cluster(namespaces=SHOP, pods=(WEB,), policies=())
    assert [("0.0.0.0/0", "shop/Pod/web"), ("shop/Pod/web", "0.0.0.0/0")] == sorted(
        shown(list(one_map(made, Choice(focus=("8.8.8.8",))).table.connections()))
    )


def test_a_name_that_two_workloads_have_is_ambiguous() -> None:
    made = cluster(namespaces=SHOP, pods=(WEB, {**WEB, "namespace": "tools"}))
    with pytest.raises(NetpolLintError, match="web is ambiguous: it may be shop/Pod/web or tools/Pod/web"):
        one_map(made, Choice(focus=("web",)))


def test_a_focus_on_nothing_is_an_error_that_says_what_there_is() -> None:
    made = cluster(namespaces=SHOP, pods=(WEB, DATA))
    with pytest.raises(NetpolLintError, match="did you mean shop/Pod/data"):
        one_map(made, Choice(focus=("shop/dat",)))


def test_units_without_the_endpoint_in_focus_are_left_out() -> None:
    reaches = {name: Reach(Network.of(cluster(pods=pods))) for name, pods in (("a", (WEB,)), ("b", (JOB,)))}
    assert ["b"] == [one.unit for one in maps_of(reaches, Choice(focus=("job",)))]


# -- pods that do not exist ---------------------------------------------------------------------------------


@settings(max_examples=50)
@given(clusters())
def test_exposure_says_what_the_engine_says_of_pods_that_do_not_exist(made: Cluster) -> None:
    network = Network.of(made)
    extra = [one.pod for one in newcomers(network)]
    future = {pod.id for pod in extra}
    everything = pair_by_pair(network, [*network.pods.values(), *extra, *network.outside])
    expected = {pair: both for pair, both in everything.items() if not future.issuperset(pair)}
    assert expected == shown(list(one_map(made, Choice(exposure=True)).table.connections()))


def test_selectors_make_the_pods_that_may_come() -> None:
    spec = {
        "podSelector": {"matchLabels": {"app": "data"}},
        "ingress": [
            {"from": [{"podSelector": {"matchExpressions": [{"key": "app", "operator": "In", "values": ["b", "a"]}]}}]},
            {"from": [{"namespaceSelector": {"matchLabels": {"team": "ops"}}}]},
        ],
    }
    made = cluster(namespaces=({"name": "shop"},), pods=(DATA,), policies=(policy("data", spec),))
    expected = [
        "new pod in a new namespace",
        "new pod in a namespace with team=ops",
        "new pod in shop",
        "new pod with app=a in shop",
        "new pod with app=b in shop",
        "new pod with app=data in shop",
    ]
    assert expected == [one.endpoint.id for one in newcomers(Network.of(made))]


def test_a_future_pod_reaches_what_its_labels_open() -> None:
    made = cluster(namespaces=SHOP, pods=(DATA,), policies=(WEB_ONLY,))
    found = shown(list(one_map(made, Choice(exposure=True)).table.connections()))
    assert {"new pod with app=web in shop": ports("TCP", 5432, 5432)} == {
        source: allowed for (source, to), (allowed, _) in found.items() if to == "shop/Pod/data"
    }


# -- why ----------------------------------------------------------------------------------------------------


def test_reasons_name_the_rules_that_let_a_connection_through() -> None:
    made = cluster(namespaces=SHOP, pods=(WEB, DATA), policies=(WEB_ONLY,))
    found = one_map(made, Choice(reasons=True, focus=("data",), directions=frozenset((Direction.INGRESS,))))
    ((pair, (egress, ingress, doubts)),) = found.reasons.items()
    assert ((1, 0), (), [("shop/data", "allow", "spec.ingress[0]")], ()) == (
        pair,
        egress,
        [(one.policy, one.action, one.rule) for one in ingress],
        doubts,
    )


def test_all_ports_are_all_ports() -> None:
    made = cluster(namespaces=SHOP, pods=(WEB, DATA))
    assert {EVERY_PORT} == {allowed for allowed, _ in shown(list(one_map(made).table.connections())).values()}
