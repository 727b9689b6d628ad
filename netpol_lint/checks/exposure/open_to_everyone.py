"""NP301: a rule that lets everyone reach pods that nothing publishes."""

from __future__ import annotations

from collections.abc import Iterator

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.open_rules import open_rules
from netpol_lint.connectivity.sensitive import opens_sensitive_ports
from netpol_lint.findings import Problem
from netpol_lint.findings.rule_wording import pods_text, ports_text
from netpol_lint.findings.wording import policy_text


def check(cluster: Cluster) -> Iterator[Problem]:
    for policy, rule, at, pods in open_rules(cluster):
        if opens_sensitive_ports(cluster, rule):
            continue
        message = (
            f"{policy_text(policy)} lets every pod of the cluster and every address outside reach"
            f" {pods_text(pods)} on {ports_text(rule)}"
        )
        yield Problem(message, at, policy.meta.ref)
