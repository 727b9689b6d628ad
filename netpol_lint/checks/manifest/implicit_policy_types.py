"""NP007: a policy without `policyTypes`."""

from __future__ import annotations

from collections.abc import Iterator

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.dropped_egress import dropped_egress
from netpol_lint.findings import Problem
from netpol_lint.findings.policy_types import with_policy_types
from netpol_lint.findings.wording import policy_text
from netpol_lint.resources.policy import Direction, NetworkPolicy


def check(cluster: Cluster) -> Iterator[Problem]:
    for policy in cluster.policies:
        if policy.types_written or dropped_egress(policy):
            continue
        has = "an empty" if policy.types_at.pointer.endswith("/policyTypes") else "no"
        message = f"{policy_text(policy)} has {has} `policyTypes`: by default it isolates {_isolates(policy)}"
        fix = with_policy_types(policy, policy.types, safe=True)
        yield Problem(message, policy.types_at, policy.meta.ref, (), fix)


def _isolates(policy: NetworkPolicy) -> str:
    if not policy.isolates(Direction.EGRESS):
        return "ingress alone, and leaves egress as it is"
    if policy.ingress.rules:
        return "ingress and, as it has egress rules, egress"
    return "egress, as it has egress rules, and ingress too, of which it admits none"
