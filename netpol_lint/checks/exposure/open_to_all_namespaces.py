"""NP303: a peer that is every pod of every namespace."""

from __future__ import annotations

from collections.abc import Iterator

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.open_rules import open_to_namespaces
from netpol_lint.connectivity.sensitive import opens_sensitive_ports
from netpol_lint.findings import Problem
from netpol_lint.findings.rule_wording import pods_text, ports_text
from netpol_lint.findings.wording import policy_text
from netpol_lint.resources.policy import Direction

_EVERY_POD = "every pod of every namespace"


def check(cluster: Cluster) -> Iterator[Problem]:
    for policy, rule, _, peers, pods in open_to_namespaces(cluster):
        if opens_sensitive_ports(cluster, rule):
            continue
        who = pods_text(pods)
        source, destination = (_EVERY_POD, who) if rule.direction is Direction.INGRESS else (who, _EVERY_POD)
        message = f"{policy_text(policy)} lets {source} reach {destination} on {ports_text(rule)}"
        yield Problem(message, peers[0].at, policy.meta.ref)
