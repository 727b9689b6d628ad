"""Endpoints by name: one thing or an error that lists what may be meant."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from netpol_lint.connectivity.endpoints import Outside, Pod
from netpol_lint.connectivity.naming import Names
from netpol_lint.connectivity.network import Network
from netpol_lint.errors import NetpolLintError
from tests.connectivity.making import cluster

HOW = "an endpoint is namespace/name, namespace/Kind/name, an IP address or a CIDR"
POLICY = {
    "apiVersion": "networking.k8s.io/v1",
    "kind": "NetworkPolicy",
    "metadata": {"name": "p", "namespace": "shop"},
    "spec": {"podSelector": {}, "ingress": [{"from": [{"ipBlock": {"cidr": "10.0.0.0/8"}}]}]},
}
CLUSTER = cluster(
    namespaces=[{"name": "shop"}, {"name": "ops"}],
    pods=[
        {"namespace": "shop", "name": "frontend", "labels": {"app": "frontend"}},
        {"namespace": "shop", "name": "backend", "kind": "Deployment", "labels": {"app": "backend"}},
        {"namespace": "shop", "name": "web", "kind": "Deployment", "labels": {"app": "web"}},
        {"namespace": "shop", "name": "web", "kind": "StatefulSet", "labels": {"app": "web-data"}},
        {"namespace": "ops", "name": "grafana", "labels": {}, "ip": "10.1.2.3"},
        {"namespace": "ops", "name": "agent", "labels": {}, "ip": "192.0.2.7", "hostNetwork": True},
        {"namespace": "ops", "name": "twice", "kind": "Deployment", "labels": {"app": "a"}},
        {"namespace": "ops", "name": "twice", "kind": "Deployment", "labels": {"app": "b"}},
        {"namespace": "ops", "name": "same", "kind": "Deployment", "labels": {"app": "a"}},
        {"namespace": "ops", "name": "same", "kind": "Deployment", "labels": {"app": "a"}},
    ],
    policies=[POLICY],
)
NETWORK = Network.of(CLUSTER)
VISITOR = NETWORK.future_pod("shop/Pod/visitor", "shop", {"run": "visitor"})
NAMES = Names(NETWORK, (VISITOR,))


def ids(text: str) -> list[str]:
    return [end.id for end in NAMES.ends(text)]


def complaint(text: str, names: Names = NAMES) -> str:
    with pytest.raises(NetpolLintError) as wrong:
        names.ends(text)
    return str(wrong.value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("shop/frontend", ["shop/Pod/frontend"]),
        ("shop/Pod/frontend", ["shop/Pod/frontend"]),
        ("shop/StatefulSet/web", ["shop/StatefulSet/web"]),
        ("shop/visitor", ["shop/Pod/visitor"]),
        ("ops/same", ["ops/Deployment/same"]),
        ("192.0.2.1", ["192.0.2.1/32"]),
        ("10.1.2.3", ["ops/Pod/grafana"]),
        ("192.0.2.7", ["192.0.2.7/32"]),
        ("8.0.0.0/6", ["8.0.0.0/7 + 11.0.0.0/8", "10.0.0.0/8 - 10.1.2.3/32"]),
        ("::1", ["::1/128"]),
    ],
)
def test_a_name_means_one_thing(text: str, expected: list[str]) -> None:
    assert expected == [found for found in ids(text) if text != "8.0.0.0/6" or "/Pod/" not in found]


def test_a_block_means_the_pods_in_it_too() -> None:
    assert "ops/Pod/grafana" in ids("10.0.0.0/8")


def test_a_pod_of_the_test_is_the_same_whenever_it_is_named() -> None:
    assert NAMES.ends("shop/visitor")[0] is NAMES.ends("shop/Pod/visitor")[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("shop/frontned", "there is no workload or pod shop/frontned; did you mean shop/Pod/frontend?"),
        ("ops/frontend", "there is no workload or pod ops/frontend; did you mean shop/Pod/frontend?"),
        (
            "shop/Deployment/frontend",
            "there is no workload or pod shop/Deployment/frontend; did you mean shop/Pod/frontend?",
        ),
        (
            "shop/web",
            "shop/web is ambiguous: it may be shop/Deployment/web or shop/StatefulSet/web",
        ),
        (
            "ops/twice",
            "ops/Deployment/twice is ambiguous: it is defined with different labels or ports in test.yaml:1 and test",
        ),
        (
            "frontend",
            f"frontend is no endpoint: {HOW}; did you mean shop/Pod/frontend?",
        ),
        (
            "nowhere/xyz",
            "there is no workload or pod nowhere/xyz, nor any in that namespace; there are workloads in ops and shop",
        ),
        ("10.0.0.0/33", "10.0.0.0/33 is no IP address or CIDR"),
        ("10.0.0", "10.0.0 is no IP address or CIDR"),
        ("fe80::g/64", "fe80::g/64 is no IP address or CIDR"),
        ("", f"'' is no endpoint: {HOW}"),
        ("shop/\x1b[31mred", "there is no workload or pod 'shop/\\x1b[31mred'; shop has"),
    ],
)
def test_a_wrong_name_gets_what_may_be_meant(text: str, expected: str) -> None:
    assert expected == complaint(text)[: len(expected)]


def test_a_cluster_without_workloads_says_so() -> None:
    names = Names(Network.of(cluster()))
    assert "there is no workload or pod a/b: the manifests have no workloads" == complaint("a/b", names)


def test_a_pod_of_a_test_with_the_name_of_another_pod_is_ambiguous() -> None:
    double = NETWORK.future_pod("shop/Pod/frontend", "shop", {})
    expected = "shop/frontend is ambiguous: it may be shop/Pod/frontend or shop/Pod/frontend"
    assert expected == complaint("shop/frontend", Names(NETWORK, (double,)))


@pytest.mark.parametrize("name", ["web", "web.shop", "web.shop.svc", "web.shop.svc.cluster.local", "a b", ""])
def test_a_host_that_may_be_a_service_is_refused(name: str) -> None:
    with pytest.raises(NetpolLintError):
        NAMES.host(name)


def test_a_host_outside_may_have_any_address() -> None:
    assert NETWORK.outside == NAMES.host("www.example.org")


@given(st.text(max_size=30) | st.text("0123456789./:abc", max_size=20))
def test_any_text_is_an_endpoint_or_an_error(text: str) -> None:
    try:
        ends = NAMES.ends(text)
    except NetpolLintError as wrong:
        ends = ()
        text = str(wrong)
    assert (all(isinstance(end, (Pod, Outside)) for end in ends), True) == (True, text.isprintable() or bool(ends))
