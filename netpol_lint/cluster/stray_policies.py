"""Policies that select nothing where they are taken to be, and may be applied to another namespace than they seem."""

from __future__ import annotations

from collections.abc import Mapping

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.selection import NamespacePods
from netpol_lint.cluster.wrong_namespace import stand_together
from netpol_lint.resources.policy import Direction, NetworkPolicy
from netpol_lint.resources.workload import Workload


def strays_over(cluster: Cluster, workload: Workload, direction: Direction) -> tuple[NetworkPolicy, ...]:
    """The policies that would isolate a workload's pods in a direction if they were in one namespace.

    Objects whose manifest names no namespace go where `kubectl` or Kustomize is told to put them, so a policy and pods
    that stand apart may come together if one of them names none. One policy stands for all that are alike.
    """
    return tuple(policy for policy in cluster.once(_strays).get(workload.id, ()) if policy.isolates(direction))


def _strays(cluster: Cluster) -> Mapping[str, list[NetworkPolicy]]:
    """By workload id."""
    unplaced = NamespacePods(tuple(w for w in cluster.workloads if not w.meta.namespace_declared))
    placed = NamespacePods(tuple(w for w in cluster.workloads if w.meta.namespace_declared))
    found: dict[str, list[NetworkPolicy]] = {}
    seen = set()
    for policy in cluster.policies:
        selector = policy.pod_selector.selector
        directory = policy.meta.at.path.rpartition("/")[0]
        alike = (directory, selector, policy.types, policy.meta.namespace_declared)
        if alike in seen or not selector.satisfiable() or cluster.matching(policy.meta.namespace, policy.pod_selector):
            continue
        seen.add(alike)
        for pods in (unplaced,) if policy.meta.namespace_declared else (unplaced, placed):
            for workload in pods.select(selector).certain:
                if not stand_together(policy, workload):
                    found.setdefault(workload.id, []).append(policy)
    return found
