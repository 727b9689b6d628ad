"""NP308: an address block of pods or Services, which are chosen by selectors."""

from __future__ import annotations

from collections.abc import Iterator

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.cluster_ranges import InsideCluster, blocks_inside
from netpol_lint.connectivity.sensitive import opens_sensitive_ports
from netpol_lint.findings import Problem
from netpol_lint.findings.wording import policy_text
from netpol_lint.resources.policy import Direction


def check(cluster: Cluster) -> Iterator[Problem]:
    for found in blocks_inside(cluster):
        if not opens_sensitive_ports(cluster, found.rule):
            yield Problem(_message(found), found.block.at, found.policy.meta.ref)


def _message(found: InsideCluster) -> str:
    policy, rule, block, around = found
    ingress = rule.direction is Direction.INGRESS
    if not around.of_services:
        effect = "whose addresses change with every restart, so that it admits others later; a podSelector chooses them"
    elif ingress:
        effect = "from which no connection ever comes; a podSelector chooses the pods that call"
    else:
        effect = (
            "which most network plugins replace by a pod's address before they ask the policies, so that it admits"
            " nothing; a podSelector chooses the pods behind"
        )
    way, kind = "from" if ingress else "to", "Services" if around.of_services else "pods"
    place = f"{around.network}, {around.said}"
    return f"{policy_text(policy)} admits traffic {way} {block.cidr}, addresses of {kind} ({place}), {effect}"
