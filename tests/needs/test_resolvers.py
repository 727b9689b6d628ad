"""Whom workloads ask for names: what that makes of their needs and of the policies written for them."""

from __future__ import annotations

import pytest

from netpol_lint.algebra.ports import ports
from netpol_lint.cluster.cluster import Cluster
from netpol_lint.config import Settings
from netpol_lint.engine.judging import cluster_of
from netpol_lint.needs.listing import listed_needs
from netpol_lint.needs.need import Addresses, Reason
from netpol_lint.synthesis.planning import DNS_PORTS, Wanted, plan
from tests.trees import inputs_of

_TREE = """\
--- # file: m.yaml
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec:
  dnsPolicy: %s
  dnsConfig: {nameservers: %s}
  containers: [{name: web, image: web, env: [{name: API_URL, value: "https://api.example.com"}]}]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector: {}
  policyTypes: [Egress]
  egress: [{to: [{ipBlock: {cidr: 8.8.8.8/32}}], ports: [{port: 53, protocol: UDP}]}]
"""


@pytest.mark.parametrize(
    ("policy", "servers", "expected"),
    [
        ("ClusterFirst", "[1.1.1.1]", [("cluster DNS", "open")]),
        ("None", "[1.1.1.1]", [("1.1.1.1", "blocked")]),
        ("None", "[1.1.1.1, 8.8.8.8]", [("1.1.1.1, 8.8.8.8", "open")]),
        ("None", "[1.1.1.1, 10.96.0.10]", []),
        ("None", "[127.0.0.1]", []),
        ("None", "['${SERVER}']", []),
        ("None", "[]", []),
        ("Default", "[8.8.8.8]", []),
    ],
)
def test_a_workload_needs_whom_it_asks_for_names_where_that_is_known(
    policy: str, servers: str, expected: list[tuple[str, str]]
) -> None:
    cluster = _cluster(policy, servers)
    found = [one for one in listed_needs(cluster).needs if one.need.reason is Reason.DNS]
    assert expected == [(one.destination, one.kept.value) for one in found]


def test_a_written_policy_opens_the_name_servers_that_are_asked_over_both_protocols() -> None:
    cluster = _cluster("None", "[1.1.1.1, 8.8.8.8]")
    (policy,) = plan(cluster, Wanted("shop/web")).policies
    opened = [(rule.peer.name, rule.ports) for rule in policy.egress if isinstance(rule.peer, Addresses)]
    assert [("1.1.1.1, 8.8.8.8", DNS_PORTS), ("api.example.com", ports("TCP", 443, 443))] == opened


def test_a_written_policy_says_that_name_servers_nobody_shows_stay_closed() -> None:
    cluster = _cluster("Default", "[]")
    (gap,) = plan(cluster, Wanted("shop/web")).gaps
    assert "Pod shop/web asks name servers that are not cluster DNS (dnsPolicy): they stay closed" == gap


def _cluster(policy: str, servers: str) -> Cluster:
    (unit,) = inputs_of(_TREE % (policy, servers)).units
    return cluster_of(unit, Settings())
