"""The policies of a cluster as tiers: which dialects there are, and in what order they are asked."""

from __future__ import annotations

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.connectivity.form import Policy, Tier, grouped
from netpol_lint.connectivity.lowering import cluster_policies, networking, undecided
from netpol_lint.resources.cluster_policy import ClusterTier


def tiers(cluster: Cluster) -> tuple[Tier, ...]:
    """The tiers in the order in which they decide (SEMANTICS 2)."""
    return (
        Tier("other dialects", grouped({0: undecided.foreign_policies(cluster)})),
        Tier("Admin", grouped(_of_tier(cluster, ClusterTier.ADMIN))),
        Tier("NetworkPolicy", grouped({0: networking.policies(cluster)}), isolating=True, spares_own_node=True),
        Tier("Baseline", grouped(_of_tier(cluster, ClusterTier.BASELINE))),
    )


def _of_tier(cluster: Cluster, tier: ClusterTier) -> dict[int, list[Policy]]:
    by_priority: dict[int, list[Policy]] = {}
    for priority, policy in (
        *cluster_policies.policies(cluster, tier),
        *undecided.rejected_cluster_policies(cluster, tier),
    ):
        by_priority.setdefault(priority, []).append(policy)
    return by_priority
