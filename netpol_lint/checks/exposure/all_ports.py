"""NP307: peers are chosen and ports are not, although the pods declare theirs."""

from __future__ import annotations

from collections.abc import Iterator

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.portless_rules import PortlessRule, portless_rules
from netpol_lint.findings import Problem
from netpol_lint.findings.rule_wording import pods_text
from netpol_lint.findings.wording import listed, policy_text


def check(cluster: Cluster) -> Iterator[Problem]:
    for found in portless_rules(cluster):
        message = (
            f"{policy_text(found.policy)} lets those that this rule chooses reach {pods_text(found.pods)} on every"
            f" port, and the containers declare {_declared(found)}"
        )
        yield Problem(message, found.rule.at, found.policy.meta.ref)


def _declared(found: PortlessRule) -> str:
    ports = dict.fromkeys((port.protocol.value, port.port) for workload in found.pods for port in workload.ports)
    return listed([f"{protocol} {port}" for protocol, port in ports])
