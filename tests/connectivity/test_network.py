"""What one can ask a network, and what it says about who decided."""

from __future__ import annotations

from itertools import product
from typing import Any

from hypothesis import given

from netpol_lint.algebra.addresses import NO_ADDRESS, family
from netpol_lint.algebra.ports import EVERY_PORT, NO_PORT, ports
from netpol_lint.cluster.cluster import Cluster
from netpol_lint.connectivity.network import Network
from netpol_lint.connectivity.verdicts import Answer
from netpol_lint.resources.policy import Direction, Protocol
from netpol_lint.resources.workload import ContainerPort
from tests.connectivity.drawing import clusters
from tests.connectivity.making import HERE, cluster

PODS = (
    {"namespace": "shop", "name": "web", "kind": "Deployment", "labels": {"app": "web"}},
    {
        "namespace": "shop",
        "name": "db",
        "kind": "Deployment",
        "labels": {"app": "db"},
        "ports": [{"name": "sql", "port": 5432}],
    },
)


def policy(name: str, spec: dict[str, Any]) -> dict[str, Any]:
    meta = {"name": name, "namespace": "shop"}
    return {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": meta, "spec": spec}


DENY = policy("deny", {"podSelector": {}})
ALLOW = policy(
    "allow",
    {
        "podSelector": {"matchLabels": {"app": "db"}},
        "ingress": [{"from": [{"podSelector": {"matchLabels": {"app": "web"}}}], "ports": [{"port": 5432}]}],
    },
)


def network(*policies: dict[str, Any], pods: tuple[dict[str, Any], ...] = PODS, **parts: Any) -> Network:
    return Network.of(cluster(namespaces=[{"name": "shop"}], pods=pods, policies=policies, **parts))


def test_an_allowed_connection_names_the_rule_that_allows_it() -> None:
    net = network(DENY, ALLOW)
    verdict = net.verdict(net.pods["shop/Deployment/web"], net.pods["shop/Deployment/db"], "TCP", 5432)
    assert Answer.ALLOWED == verdict.answer
    assert () == verdict.egress
    expected = [("shop/allow", "NetworkPolicy", "allow", "spec.ingress[0]")]
    assert expected == [(d.policy, d.tier, d.action, d.rule) for d in verdict.ingress]


def test_a_denied_connection_names_every_policy_that_isolates() -> None:
    net = network(DENY, ALLOW)
    verdict = net.verdict(net.pods["shop/Deployment/web"], net.pods["shop/Deployment/db"], "TCP", 80)
    assert Answer.DENIED == verdict.answer
    expected = [("shop/deny", "deny", "spec.podSelector"), ("shop/allow", "deny", "spec.podSelector")]
    assert expected == [(d.policy, d.action, d.rule) for d in verdict.ingress]


def test_traffic_has_all_ports_at_once() -> None:
    net = network(DENY, ALLOW)
    traffic = net.traffic(net.pods["shop/Deployment/web"], net.pods["shop/Deployment/db"])
    sql = ports("TCP", 5432, 5432)
    assert (sql, EVERY_PORT - sql, NO_PORT) == (traffic.allowed, traffic.denied, traffic.unknown)
    assert (False, True) == (traffic.egress.isolated, traffic.ingress.isolated)


def test_what_is_unknown_says_why() -> None:
    block = policy("block", {"podSelector": {}, "ingress": [{"from": [{"ipBlock": {"cidr": "10.0.0.0/8"}}]}]})
    net = network(block)
    verdict = net.verdict(net.pods["shop/Deployment/web"], net.pods["shop/Deployment/db"], "TCP", 80)
    assert (Answer.UNKNOWN, ("the address of the pods is not known",)) == (verdict.answer, verdict.doubts)


def test_a_pod_that_does_not_exist_is_judged_by_its_labels() -> None:
    net = network(DENY, ALLOW)
    database = net.pods["shop/Deployment/db"]
    newcomers = [net.future_pod("new", "shop", {"app": app}) for app in ("web", "other")]
    answers = [net.verdict(newcomer, database, "TCP", 5432).answer for newcomer in newcomers]
    assert [Answer.ALLOWED, Answer.DENIED] == answers


def test_a_namespace_that_does_not_exist_has_the_labels_given_and_its_name() -> None:
    peers = [{"namespaceSelector": {"matchLabels": {"team": "ops", "kubernetes.io/metadata.name": "new"}}}]
    net = network(policy("ops", {"podSelector": {}, "ingress": [{"from": peers}]}))
    database = net.pods["shop/Deployment/db"]
    newcomers = [net.future_pod("n", "new", {}, namespace_labels={"team": team}) for team in ("ops", "dev")]
    answers = [net.verdict(newcomer, database, "TCP", 80).answer for newcomer in newcomers]
    assert [Answer.ALLOWED, Answer.DENIED] == answers


def test_a_named_port_of_a_pod_that_does_not_exist_is_unknown_unless_its_ports_are_given() -> None:
    net = network(policy("named", {"podSelector": {}, "ingress": [{"ports": [{"port": "sql"}]}]}))
    web = net.pods["shop/Deployment/web"]
    given = (ContainerPort("sql", 5432, Protocol.TCP, HERE),)
    newcomers = [net.future_pod("a", "shop", {}), net.future_pod("b", "shop", {}, ports=given)]
    answers = [net.verdict(web, newcomer, "TCP", 5432).answer for newcomer in newcomers]
    assert [Answer.UNKNOWN, Answer.ALLOWED] == answers


def test_the_outside_is_cut_where_policies_cut_it() -> None:
    blocks = [{"ipBlock": {"cidr": "10.0.0.0/8", "except": ["10.1.0.0/16"]}}]
    net = network(policy("blocks", {"podSelector": {}, "ingress": [{"from": blocks}]}))
    union = NO_ADDRESS
    for one in net.outside:
        assert union.disjoint(one.addresses)
        union |= one.addresses
    assert family(4) == union
    assert 2 == len(net.outside)


def test_a_block_is_cut_into_parts_that_are_treated_alike() -> None:
    net = network(
        policy(
            "out",
            {"podSelector": {}, "policyTypes": ["Egress"], "egress": [{"to": [{"ipBlock": {"cidr": "10.0.0.0/9"}}]}]},
        )
    )
    web = net.pods["shop/Deployment/web"]
    answers = {one.id: net.verdict(web, one, "TCP", 80).answer for one in net.addresses("10.0.0.0/8")}
    assert {"10.0.0.0/9": Answer.ALLOWED, "10.128.0.0/9": Answer.DENIED} == answers


def test_what_is_neither_an_address_nor_a_block_has_no_parts() -> None:
    assert () == network().addresses("example.com")


def test_a_port_name_is_resolved_on_the_pod() -> None:
    net = network()
    database = net.pods["shop/Deployment/db"]
    found = [net.ports_named(database, name, protocol) for name, protocol in (("sql", ""), ("sql", "UDP"), ("x", ""))]
    assert [ports("TCP", 5432, 5432), NO_PORT, NO_PORT] == found


def test_an_address_of_a_running_pod_is_that_pod() -> None:
    running = {"namespace": "shop", "name": "p", "labels": {}, "ip": "10.0.0.5"}
    net = network(pods=(*PODS, running))
    found = [[pod.id for pod in net.pod_at(text)] for text in ("10.0.0.5", "10.0.0.6", "10.0.0.0/8")]
    assert [["shop/Pod/p"], [], []] == found


@given(clusters())
def test_the_addresses_as_one_pod_sees_them_are_treated_as_when_all_are_told_apart(drawn: Cluster) -> None:
    net = Network.of(drawn)
    for pod, direction in product(net.pods.values(), Direction):
        for one in net.outside:
            [around] = [seen for seen in net.outside_of(pod, direction) if seen.addresses.covers(one.addresses)]
            pairs = [(pod, end) if direction is Direction.EGRESS else (end, pod) for end in (one, around)]
            first, second = (net.traffic(*pair) for pair in pairs)
            assert (first.allowed, first.denied) == (second.allowed, second.denied)
