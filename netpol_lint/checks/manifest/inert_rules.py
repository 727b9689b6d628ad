"""NP006: rules for a direction that `policyTypes` leaves out."""

from __future__ import annotations

from collections.abc import Iterator

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.findings import Problem, Related
from netpol_lint.findings.wording import listed, policy_text
from netpol_lint.resources.policy import Direction


def check(cluster: Cluster) -> Iterator[Problem]:
    for policy in cluster.policies:
        for direction in Direction:
            rules = policy.rule_list(direction)
            if not rules.rules or policy.isolates(direction):
                continue
            types = listed(d.value for d in Direction if policy.isolates(d))
            field = direction.field
            message = (
                f"{policy_text(policy)} has {field} rules without effect: `policyTypes` lists {types} alone, so the"
                f" policy neither restricts {field} nor admits any"
            )
            related = (Related(f"lists {types}", policy.types_at),)
            yield Problem(message, rules.at, policy.meta.ref, related)
