"""NP008: a policy that means to deny egress, which the default of `policyTypes` leaves open."""

from __future__ import annotations

from collections.abc import Iterator

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.dropped_egress import dropped_egress
from netpol_lint.findings import NO_FIX, Problem, Related
from netpol_lint.findings.policy_types import with_policy_types
from netpol_lint.findings.wording import policy_text
from netpol_lint.resources.policy import Direction


def check(cluster: Cluster) -> Iterator[Problem]:
    for policy in cluster.policies:
        for dropped in dropped_egress(policy)[:1]:
            message = (
                f"{policy_text(policy)} does not deny egress, as {dropped.said} says: without `policyTypes` and egress"
                f" rules it isolates ingress alone, so the pods it selects may connect to anywhere"
            )
            related = () if dropped.said_at == dropped.at else (Related("says so", dropped.said_at),)
            fix = with_policy_types(policy, Direction, safe=False) if dropped.ingress_too else NO_FIX
            yield Problem(message, dropped.at, policy.meta.ref, related, fix)
