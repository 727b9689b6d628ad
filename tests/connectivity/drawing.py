"""Small clusters by chance, dense in what tells endpoints apart: labels, namespaces, addresses, port names."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from netpol_lint.cluster.cluster import Cluster
from tests.connectivity.making import cluster

_NAMESPACES = ("one", "two", "three")
_VALUES = ("x", "y")
_BLOCKS = ("0.0.0.0/0", "10.0.0.0/8", "10.1.0.0/16", "192.168.0.0/24", "fd00::/8")


def _labels() -> st.SearchStrategy[dict[str, str]]:
    return st.dictionaries(st.sampled_from(("app", "tier")), st.sampled_from(_VALUES), max_size=2)


def _selectors() -> st.SearchStrategy[dict[str, Any]]:
    expressions = st.sampled_from(
        [
            {"key": "app", "operator": "NotIn", "values": ["x"]},
            {"key": "tier", "operator": "Exists"},
            {"key": "app", "operator": "In", "values": ["x", "y"]},
        ]
    )
    return st.one_of(
        st.just({}),
        _labels().map(lambda labels: {"matchLabels": labels}),
        expressions.map(lambda expression: {"matchExpressions": [expression]}),
    )


def _peers() -> st.SearchStrategy[dict[str, Any]]:
    blocks = st.one_of(
        st.sampled_from(_BLOCKS).map(lambda cidr: {"cidr": cidr}),
        st.just({"cidr": "10.0.0.0/8", "except": ["10.1.0.0/16"]}),
    )
    anywhere: dict[str, Any] = {}
    namespaces = st.one_of(
        st.just(anywhere),
        st.sampled_from(_VALUES).map(lambda value: {"matchLabels": {"team": value}}),
        st.sampled_from(_NAMESPACES).map(lambda name: {"matchLabels": {"kubernetes.io/metadata.name": name}}),
    )
    return st.one_of(
        blocks.map(lambda block: {"ipBlock": block}),
        st.fixed_dictionaries({"podSelector": _selectors()}),
        st.fixed_dictionaries({"namespaceSelector": namespaces}, optional={"podSelector": _selectors()}),
    )


def _ports() -> st.SearchStrategy[dict[str, Any]]:
    return st.sampled_from(
        [
            {"port": 80},
            {"port": "http"},
            {"port": 53, "protocol": "UDP"},
            {"port": 70, "endPort": 90},
            {"protocol": "SCTP"},
        ]
    )


def _rules(peers: str) -> st.SearchStrategy[dict[str, Any]]:
    lists = {peers: st.lists(_peers(), max_size=2), "ports": st.lists(_ports(), max_size=2)}
    return st.fixed_dictionaries({}, optional=lists)


def _specs() -> st.SearchStrategy[dict[str, Any]]:
    types = st.sampled_from((["Ingress"], ["Egress"], ["Ingress", "Egress"]))
    return st.fixed_dictionaries(
        {"podSelector": _selectors(), "policyTypes": types},
        optional={"ingress": st.lists(_rules("from"), max_size=2), "egress": st.lists(_rules("to"), max_size=2)},
    )


@st.composite
def _policies(draw: st.DrawFn) -> list[dict[str, Any]]:
    return [
        {
            "apiVersion": "networking.k8s.io/v1",
            "kind": "NetworkPolicy",
            "metadata": {"name": f"policy-{number}", "namespace": draw(st.sampled_from(_NAMESPACES))},
            "spec": spec,
        }
        for number, spec in enumerate(draw(st.lists(_specs(), max_size=4)))
    ]


@st.composite
def _pods(draw: st.DrawFn) -> list[dict[str, Any]]:
    names = draw(st.lists(st.sampled_from("abcdefg"), unique=True, max_size=6))
    return [
        {
            "name": name,
            "namespace": draw(st.sampled_from(_NAMESPACES)),
            "kind": draw(st.sampled_from(("Pod", "Deployment"))),
            "labels": draw(_labels()),
            "ports": draw(st.sampled_from(([], [{"name": "http", "port": 80}], [{"name": "http", "port": 8080}]))),
            "hostNetwork": draw(st.sampled_from((False, False, False, True))),
        }
        for name in names
    ]


@st.composite
def clusters(draw: st.DrawFn) -> Cluster:
    """A cluster; namespace `three` is only referred to, so that its labels are not known."""
    declared = [{"name": name, "labels": draw(st.sampled_from(({}, {"team": "x"})))} for name in _NAMESPACES[:2]]
    return cluster(namespaces=declared, pods=draw(_pods()), policies=draw(_policies()))
