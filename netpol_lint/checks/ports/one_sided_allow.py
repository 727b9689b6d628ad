"""NP406: what one side admits and the other forbids."""

from __future__ import annotations

from collections.abc import Iterator

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.connectivity.one_sided import OneSided, one_sided
from netpol_lint.findings import Problem, Related
from netpol_lint.findings.port_wording import pods_text
from netpol_lint.findings.wording import listed, policy_text
from netpol_lint.resources.policy import Direction

_MOST_RELATED = 10


def check(cluster: Cluster) -> Iterator[Problem]:
    for found in one_sided(cluster):
        related = tuple(
            Related("a policy that isolates the other side", policy.rule_list(_other(found)).at)
            for policy in found.forbidding[:_MOST_RELATED]
        )
        yield Problem(_message(found), found.peer.at, found.policy.meta.ref, related)


def _other(found: OneSided) -> Direction:
    return Direction.EGRESS if found.rule.direction is Direction.INGRESS else Direction.INGRESS


def _message(found: OneSided) -> str:
    own = found.policy.meta.namespace
    pods, others = pods_text(found.pods, own), pods_text(found.others, own)
    policies = [policy_text(policy) for policy in found.forbidding]
    if found.rule.direction is Direction.INGRESS:
        let = "lets" if len(policies) == 1 else "let"
        forbid = f"{listed(policies)} {let} {others} open none of that"
        return f"{policy_text(found.policy)} admits traffic from {others} to {pods}, but {forbid}, so it never opens"
    admit = "does not admit" if len(policies) == 1 else "do not admit"
    forbid = f"{listed(policies)} {admit} any of that"
    return f"{policy_text(found.policy)} lets {pods} call {others}, but {forbid}, so the connection never opens"
