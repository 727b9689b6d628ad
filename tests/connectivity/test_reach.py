"""Reachability between classes says of every pair what the pair would be told alone."""

from __future__ import annotations

from typing import Any

import pytest

from netpol_lint.algebra.bitsets import positions
from netpol_lint.connectivity.network import Network
from netpol_lint.connectivity.reach import Reach
from tests.connectivity.making import cluster
from tests.connectivity.reaching import at_once, one_by_one
from tests.truth.test_connectivity_vectors import LISTED, NO_NODES, NP_GUARD, PLAIN, PROBED, VECTORS, cases, network
from tests.truth.test_semantics import CASES, network as network_of


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["says"])
def test_in_each_case_of_our_own(case: dict[str, Any]) -> None:
    net = network_of(case)
    assert one_by_one(net) == at_once(net)


@pytest.mark.skipif(not VECTORS.is_dir(), reason="the vectors are not part of the project")
@pytest.mark.parametrize("name", [*PROBED, *LISTED])
def test_in_each_cluster_of_the_vectors(name: str) -> None:
    for case in cases(name)[::5]:
        net = network(case, case.get("nodes") or NO_NODES, NP_GUARD if name in LISTED else PLAIN)
        assert one_by_one(net) == at_once(net), case["name"]


def test_pods_that_no_policy_tells_apart_are_one_class() -> None:
    pods: list[dict[str, Any]] = [
        {"namespace": name, "name": f"{name}-{n}", "kind": "Deployment", "labels": {"n": str(n), "app": "web"}}
        for name in ("red", "blue")
        for n in range(5)
    ]
    meta = {"name": "p", "namespace": "red"}
    spec = {"podSelector": {}, "ingress": [{"from": [{"podSelector": {"matchLabels": {"app": "web"}}}]}]}
    policy = {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": meta, "spec": spec}
    net = Network.of(cluster(namespaces=[{"name": "red"}, {"name": "blue"}], pods=pods, policies=[policy]))
    reach = Reach(net)
    assert [5, 5] == [len(one.members) for one in reach.classes.pods]


def test_a_class_reaches_itself_as_one_pod_another() -> None:
    pods: list[dict[str, Any]] = [
        {"namespace": "red", "name": name, "kind": "Deployment", "labels": {}} for name in ("a", "b")
    ]
    reach = Reach(Network.of(cluster(namespaces=[{"name": "red"}], pods=pods)))
    first = next(reach.all())
    assert [0, 1] == list(positions(first.reached[0].allowed))
    assert ["red/Deployment/a", "red/Deployment/b"] == [end.id for end in reach.classes.members(1)]
