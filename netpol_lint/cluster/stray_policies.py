"""Policies that select nothing where they are taken to be, and may be applied to another namespace than they seem."""

from __future__ import annotations

from collections.abc import Mapping

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.isolation import is_default_deny
from netpol_lint.cluster.selection import NamespacePods
from netpol_lint.cluster.wrong_namespace import stand_together
from netpol_lint.records import NamedTuple
from netpol_lint.resources.policy import Direction
from netpol_lint.resources.workload import Workload


class Strays(NamedTuple):
    """What policies would do to a workload's pods if they were in one namespace."""

    isolated: frozenset[Direction] = frozenset()
    denied_by_default: frozenset[Direction] = frozenset()
    """The directions that one of them denies for every pod of its namespace."""


_NONE = Strays()


def strays_over(cluster: Cluster, workload: Workload) -> Strays:
    """What the stray policies of a cluster may do to a workload's pods.

    Objects whose manifest names no namespace go where `kubectl` or Kustomize is told to put them, so a policy and pods
    that stand apart may come together if one of them names none.
    """
    return cluster.once(_strays).get(workload.id, _NONE)


def _strays(cluster: Cluster) -> Mapping[str, Strays]:
    """By workload id."""
    unplaced = NamespacePods(tuple(w for w in cluster.workloads if not w.meta.namespace_declared))
    placed = NamespacePods(tuple(w for w in cluster.workloads if w.meta.namespace_declared))
    found: dict[str, Strays] = {}
    for policy in cluster.policies:
        selector = policy.pod_selector.selector
        if not selector.satisfiable() or cluster.matching(policy.meta.namespace, policy.pod_selector):
            continue
        denied = frozenset(direction for direction in Direction if is_default_deny(policy, direction))
        for pods in (unplaced,) if policy.meta.namespace_declared else (unplaced, placed):
            for workload in pods.select(selector).certain:
                known = found.get(workload.id, _NONE)
                more = Strays(known.isolated | policy.types, known.denied_by_default | denied)
                if more != known and not stand_together(policy, workload):
                    found[workload.id] = more
    return found
