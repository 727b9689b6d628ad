"""NP703: cluster-tier policies of one priority that disagree over the same pods."""

from __future__ import annotations

from collections.abc import Iterator

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.findings import Problem, Related


def check(cluster: Cluster) -> Iterator[Problem]:
    if len(cluster.cluster_policies) < 2:
        return
    from netpol_lint.connectivity.conflicts import conflicts

    for first, second, direction, (one, other) in conflicts(cluster):
        message = (
            f"{second.meta.ref} has priority {second.priority} in the {second.tier.value} tier, as {first.meta.ref}"
            f" has, and the two disagree about {direction.field} of the same pods ({other.action.value} here,"
            f" {one.action.value} there): which of them wins is undefined"
        )
        related = (
            Related(f"the same priority: {first.meta.ref}", first.priority_at),
            Related(f"{one.action.value}: {first.meta.ref}", one.at),
            Related(f"{other.action.value}: {second.meta.ref}", other.at),
        )
        yield Problem(
            message, second.priority_at, second.meta.ref, related, detail=f"{first.meta.name} {direction.field}"
        )
