"""Assertions against a network, and what an explanation says would have to change."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, strategies as st

from netpol_lint.connectivity.assertions import check
from netpol_lint.connectivity.explaining import Story, story_of
from netpol_lint.connectivity.network import Network
from netpol_lint.connectivity.questions import Judgement, Questions
from netpol_lint.source.asked_ports import asked_ports
from netpol_lint.source.assertion_file import read_assertions
from tests.connectivity.making import cluster

PODS: list[dict[str, Any]] = [
    {"namespace": "shop", "name": "web", "labels": {"app": "web"}},
    {"namespace": "shop", "name": "db", "labels": {"app": "db"}, "ports": [{"name": "sql", "port": 5432}]},
    {"namespace": "shop", "name": "agent", "labels": {"app": "agent"}, "hostNetwork": True},
]


def policy(name: str, app: str, **rest: Any) -> dict[str, Any]:
    metadata = {"name": name, "namespace": "shop"}
    spec = {"podSelector": {"matchLabels": {"app": app}}, **rest}
    return {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": metadata, "spec": spec}


def network(*policies: dict[str, Any]) -> Network:
    return Network.of(cluster(namespaces=[{"name": "shop"}], pods=PODS, policies=policies))


def told(net: Network, source: str, destination: str, port: object, wanted: Judgement) -> Story:
    reply = Questions(net).ask(source, destination, asked_ports(port))
    return story_of(reply, source, destination, str(asked_ports(port)), net.ranges, wanted=wanted)


FROM_WEB = [{"from": [{"podSelector": {"matchLabels": {"app": "web"}}}], "ports": [{"port": 5432}]}]


def test_to_deny_it_the_rule_that_allows_is_narrowed_or_the_other_end_isolated() -> None:
    story = told(network(policy("db", "db", ingress=FROM_WEB)), "shop/web", "shop/db", 5432, Judgement.DENIED)
    expected = [
        "narrow spec.ingress[0] of NetworkPolicy shop/db, which allows it",
        "let a policy isolate pods with app=web for egress",
    ]
    assert expected == [change.text for change in story.changes]


def test_to_deny_what_no_policy_is_about_either_end_is_isolated() -> None:
    story = told(network(), "shop/web", "shop/db", 5432, Judgement.DENIED)
    expected = [
        "let a policy isolate pods with app=db for ingress",
        "let a policy isolate pods with app=web for egress",
    ]
    assert expected == [change.text for change in story.changes]


def test_to_allow_what_both_ends_deny_both_must_change() -> None:
    net = network(policy("db", "db"), policy("web", "web", policyTypes=["Egress"]))
    story = told(net, "shop/web", "shop/db", 5432, Judgement.ALLOWED)
    selects = "or a new one that selects pods with"
    expected = [
        f"give NetworkPolicy shop/web, {selects} app=web, an egress rule for traffic to {_pods('db')} on TCP/5432",
        f"give NetworkPolicy shop/db, {selects} app=db, an ingress rule for traffic from {_pods('web')} on TCP/5432",
    ]
    assert expected == [change.text for change in story.changes]


def _pods(app: str) -> str:
    return f"pods with app={app} in namespace shop"


def test_a_pod_on_the_network_of_its_node_is_told_as_such() -> None:
    story = told(network(policy("agent", "agent")), "shop/web", "shop/agent", 80, Judgement.ALLOWED)
    expected = ("Into shop/agent", ["it uses the network of its node (hostNetwork): policies do not apply to it"])
    title, remarks = story.sections[-1]
    assert expected == (title, [remark.text for remark in remarks])


@pytest.mark.parametrize(
    ("rest", "expected"),
    [
        ("from: shop/web, to: shop/db, port: sql, allow: true", (True, "allowed", "")),
        ("from: shop/web, to: shop/db, port: sql, allow: false", (False, "allowed", "")),
        ("from: shop/web, to: shop/db, port: 5000-6000, allow: false", (False, "partly", "")),
        ("from: shop/web, to: shop/db, port: 5000-6000, allow: true", (False, "partly", "")),
        ("from: shop/web, to: shop/dbs, allow: false", (False, "unknown", "shop/Pod/db")),
        ("from: shop/web, to: shop/dbs, allow: true", (False, "unknown", "shop/Pod/db")),
    ],
)
def test_a_test_passes_only_if_all_of_it_is_as_expected(rest: str, expected: tuple[bool, str, str]) -> None:
    file = read_assertions(f"version: 1\ntests:\n  - {{{rest}}}\n".encode(), "t.yaml")
    (result,) = check(file, network(policy("db", "db", ingress=FROM_WEB)))
    passed, verdict, candidate = expected
    assert (passed, verdict, True) == (result.passed, result.judgement.value, candidate in result.error)


def test_a_test_without_a_name_is_named_by_its_question() -> None:
    text = b"version: 1\ntests: [{from: shop/web, to: 8.8.8.8, port: 53, protocol: UDP, allow: true}]\n"
    (result,) = check(read_assertions(text, "t.yaml"), network())
    assert "shop/web -> 8.8.8.8 on UDP/53" == result.name


_ENDS = st.sampled_from(("shop/web", "shop/db", "shop/agent", "shop/nobody", "10.0.0.0/8", "::/0", "8.8.8.8", "x", ""))
_PORTS = st.sampled_from(("", 80, 5432, "5000-6000", "sql", "nothing"))
_POLICIES = st.lists(
    st.sampled_from(
        (
            policy("db", "db", ingress=FROM_WEB),
            policy("open", "db", ingress=[{}]),
            policy("silent", "web", policyTypes=["Egress"]),
            policy("wrong", "db", ingress=[{"from": [{}]}]),
            policy("block", "db", ingress=[{"from": [{"ipBlock": {"cidr": "10.0.0.0/9"}}]}]),
        )
    ),
    max_size=3,
)


@given(_POLICIES, _ENDS, _ENDS, _PORTS, st.booleans())
def test_a_test_never_passes_both_ways(
    policies: list[dict[str, Any]], source: str, destination: str, port: Any, allow: bool
) -> None:
    file = read_assertions(b"version: 1\ntests: [{from: a/b, to: c/d, allow: true}]\n", "t.yaml")
    asked = file.assertions[0]._replace(source=source, destination=destination, ports=asked_ports(port))
    both = file._replace(assertions=(asked._replace(allow=allow), asked._replace(allow=not allow)))
    results = list(check(both, network(*policies)))
    known = all(result.judgement in (Judgement.ALLOWED, Judgement.DENIED) for result in results)
    assert int(known) == sum(result.passed for result in results)
