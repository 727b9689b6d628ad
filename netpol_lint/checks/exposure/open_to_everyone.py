"""NP301: a rule that lets everyone reach pods that nothing publishes."""

from __future__ import annotations

from collections.abc import Iterator

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.open_rules import open_rules
from netpol_lint.findings import Problem
from netpol_lint.findings.wording import listed, policy_text, port_text, workload_text
from netpol_lint.resources.policy import EveryPort, Rule


def check(cluster: Cluster) -> Iterator[Problem]:
    for policy, rule, at, pods in open_rules(cluster):
        message = (
            f"{policy_text(policy)} lets every pod of the cluster and every address outside reach"
            f" {listed([workload_text(workload) for workload in pods])} on {_ports(rule)}"
        )
        yield Problem(message, at, policy.meta.ref)


def _ports(rule: Rule) -> str:
    return "every port" if isinstance(rule.ports, EveryPort) else listed([port_text(entry) for entry in rule.ports])
