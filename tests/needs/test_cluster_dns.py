"""Whom a pod may ask for names: as many as its own policies tell apart, however many others there are."""

from __future__ import annotations

from typing import Any

from netpol_lint.connectivity.network import Network
from netpol_lint.needs.cluster_dns import servers_for
from tests.connectivity.making import cluster


def _policy(app: str, peer: dict[str, Any]) -> dict[str, Any]:
    spec = {"podSelector": {"matchLabels": {"app": app}}, "policyTypes": ["Egress"], "egress": [{"to": [peer]}]}
    meta = {"name": app, "namespace": "shop"}
    return {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": meta, "spec": spec}


def _in_namespace(name: str) -> dict[str, Any]:
    return {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": name}}}


def _asked(others: int) -> list[str]:
    """Who may be cluster DNS for a pod, where so many other policies name namespaces and blocks of their own."""
    policies = [_policy("web", _in_namespace("dns"))]
    policies += (_policy(f"a{number}", _in_namespace(f"n{number}")) for number in range(others))
    policies += (_policy(f"b{number}", {"ipBlock": {"cidr": f"10.0.{number}.0/24"}}) for number in range(others))
    pod = {"namespace": "shop", "name": "web", "kind": "Deployment", "labels": {"app": "web"}}
    found = cluster(namespaces=[{"name": "shop"}], pods=[pod], policies=policies)
    [own] = Network.of(found).pods.values()
    return [f"{getattr(server.end, 'namespace', 'outside')}:{server.port}" for server in servers_for(found, own)]


def test_a_namespace_that_its_policies_name_and_one_that_others_do_stand_for_all() -> None:
    assert [one for one in _asked(30) if one in ("dns:53", "n0:53", "n1:53", "outside:53")] == [
        "dns:53",
        "n0:53",
        "outside:53",
    ]


def test_other_policies_add_no_one_to_ask() -> None:
    assert _asked(30) == _asked(1)
