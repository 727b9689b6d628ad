"""NP302: an address block so wide that it restricts next to nothing."""

from __future__ import annotations

from collections.abc import Iterator

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.open_rules import WideRule, wide_blocks
from netpol_lint.connectivity.metadata_service import opens_metadata_service
from netpol_lint.connectivity.sensitive import opens_sensitive_ports
from netpol_lint.findings import Problem, Related
from netpol_lint.findings.rule_wording import blocks_text, pods_text, ports_text
from netpol_lint.findings.wording import policy_text
from netpol_lint.resources.policy import Direction


def check(cluster: Cluster, *, widest_prefix: int = 8, widest_ipv6_prefix: int = 7) -> Iterator[Problem]:
    for found in wide_blocks(cluster, widest_prefix, widest_ipv6_prefix):
        if opens_sensitive_ports(cluster, found.rule) or opens_metadata_service(cluster, found.rule):
            continue
        first, *others = found.blocks
        related = tuple(Related(f"likewise {block.cidr}", block.at) for block in others)
        message = _message(found, by_address=cluster.assume.ip_blocks_select_pods)
        yield Problem(message, first.at, found.policy.meta.ref, related)


def _message(found: WideRule, *, by_address: bool) -> str:
    policy, rule, blocks, _, pods = found
    who, addresses = pods_text(pods), blocks_text(blocks)
    if rule.direction is Direction.INGRESS:
        return f"{policy_text(policy)} lets {addresses} reach {who} on {ports_text(rule)}"
    also = "addresses of pods, nodes and private networks" if by_address else "nodes and private networks"
    return (
        f"{policy_text(policy)} lets {who} reach {addresses} on {ports_text(rule)}:"
        f" without `except`, {also} are among them"
    )
