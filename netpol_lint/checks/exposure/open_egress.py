"""NP304: egress to anywhere on any port."""

from __future__ import annotations

from collections.abc import Iterator

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.open_rules import open_egress
from netpol_lint.connectivity.metadata_service import opens_metadata_service
from netpol_lint.findings import Problem
from netpol_lint.findings.rule_wording import pods_text, ports_text
from netpol_lint.findings.wording import policy_text


def check(cluster: Cluster) -> Iterator[Problem]:
    for policy, rule, at, pods in open_egress(cluster):
        if not opens_metadata_service(cluster, rule):
            message = f"{policy_text(policy)} lets {pods_text(pods)} reach anything anywhere on {ports_text(rule)}"
            yield Problem(message, at, policy.meta.ref)
