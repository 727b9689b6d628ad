"""What a unit holds, by the names with which rules say what they need to have anything to say."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.resources.policy import EveryPort, IPBlock, Rule


def holds(cluster: Cluster, needs: Iterable[str]) -> bool:
    """Whether the unit holds everything that a rule needs; without it the rule has certainly nothing to say."""
    return all(HOLDINGS[need](cluster) for need in needs)


def _rules(cluster: Cluster) -> tuple[Rule, ...]:
    """Of all policies, those that do not count included."""
    return tuple(rule for policy in cluster.policies for part in (policy.ingress, policy.egress) for rule in part.rules)


def _has_blocks(cluster: Cluster) -> bool:
    rules = cluster.once(_rules)
    return any(isinstance(peer, IPBlock) for rule in rules if isinstance(rule.peers, tuple) for peer in rule.peers)


def _has_ports(cluster: Cluster) -> bool:
    return any(not isinstance(rule.ports, EveryPort) for rule in cluster.once(_rules))


HOLDINGS: Final[Mapping[str, Callable[[Cluster], bool]]] = {
    "policies": lambda cluster: bool(cluster.policies),
    "two-policies": lambda cluster: len(cluster.policies) > 1,
    "policy-rules": lambda cluster: bool(cluster.once(_rules)),
    "policy-ports": lambda cluster: cluster.once(_has_ports),
    "address-blocks": lambda cluster: cluster.once(_has_blocks),
    "any-policies": lambda cluster: bool(
        cluster.policies
        or cluster.rejected
        or cluster.cluster_policies
        or cluster.rejected_cluster_policies
        or cluster.foreign
    ),
    "cluster-policies": lambda cluster: bool(cluster.cluster_policies),
    "workloads": lambda cluster: bool(cluster.workloads),
    "services": lambda cluster: bool(cluster.services),
    "publishers": lambda cluster: bool(cluster.publishers),
    "evidence": lambda cluster: bool(cluster.evidence),
    "defects": lambda cluster: bool(cluster.defects),
    "failures": lambda cluster: bool(cluster.failures),
    "not-rendered": lambda cluster: bool(cluster.not_rendered),
}
"""Each is cheap to ask for, and needs no module that a run does not have anyway."""
