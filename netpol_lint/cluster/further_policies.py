"""Policies that a workload's unit does not have and that may select its pods all the same."""

from __future__ import annotations

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.stray_policies import strays_over
from netpol_lint.resources.policy import Direction, NetworkPolicy
from netpol_lint.resources.workload import Workload


def further_policies(cluster: Cluster, workload: Workload, direction: Direction) -> tuple[NetworkPolicy, ...]:
    """The policies of other units that may select a workload's pods.

    One that is called as one of its own unit is another version of that, for another place.
    """
    if not cluster.elsewhere:
        return ()
    own = {policy.meta.name for policy in cluster.policies_over(workload, direction)}
    return tuple(p for p in cluster.elsewhere.policies_over(workload, direction) if p.meta.name not in own)


def is_out_of_sight(cluster: Cluster, workload: Workload, direction: Direction) -> bool:
    """Whether a policy may select a workload's pods of which nobody can say so, in this unit or in another."""
    if cluster.elsewhere and cluster.elsewhere.is_unknown(workload, direction):
        return True
    return direction in strays_over(cluster, workload).isolated
