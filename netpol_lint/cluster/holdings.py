"""What a unit holds, by the names with which rules say what they need to have anything to say."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.resources.policy import Direction, Everyone, EveryPort, IPBlock, Peer, Rule, SameNamespace


def holds(cluster: Cluster, needs: Iterable[str]) -> bool:
    """Whether the unit holds everything that a rule needs; without it the rule has certainly nothing to say."""
    return all(HOLDINGS[need](cluster) for need in needs)


def _policy_count(cluster: Cluster) -> int:
    of_tiers = len(cluster.cluster_policies) + len(cluster.rejected_cluster_policies)
    return len(cluster.policies) + len(cluster.rejected) + of_tiers + len(cluster.foreign)


def _rules(cluster: Cluster) -> tuple[Rule, ...]:
    """Of all policies, those that do not count included."""
    return tuple(rule for policy in cluster.policies for part in (policy.ingress, policy.egress) for rule in part.rules)


def _peers(cluster: Cluster) -> tuple[Peer, ...]:
    rules = cluster.once(_rules)
    return tuple(peer for rule in rules if not isinstance(rule.peers, Everyone) for peer in rule.peers)


def _blocks(cluster: Cluster) -> bool:
    return any(isinstance(peer, IPBlock) for peer in cluster.once(_peers))


def _others(cluster: Cluster) -> bool:
    if any(isinstance(rule.peers, Everyone) for rule in cluster.once(_rules)):
        return True
    return any(isinstance(p, IPBlock) or not isinstance(p.namespaces, SameNamespace) for p in cluster.once(_peers))


def _parts_to_compare(cluster: Cluster) -> bool:
    """Whether there are two rules, or two entries of one."""
    rules = cluster.once(_rules)
    lists = (part for rule in rules for part in (rule.peers, rule.ports))
    return len(rules) > 1 or any(len(part) > 1 for part in lists if not isinstance(part, Everyone | EveryPort))


def _policy_ports(cluster: Cluster) -> bool:
    return any(not isinstance(rule.ports, EveryPort) for rule in cluster.once(_rules))


def _both_directions(cluster: Cluster) -> bool:
    return all(any(policy.isolates(direction) for policy in cluster.policies) for direction in Direction)


def _network_plugin(cluster: Cluster) -> bool:
    """Whether something is said of the plugin of the unit's cluster: in the config, in the unit or beside it."""
    if cluster.assume.plugin or cluster.signs:
        return True
    return bool(cluster.elsewhere and cluster.elsewhere.signs_beside())


def _evidence_or_annotations(cluster: Cluster) -> bool:
    if cluster.evidence or any(service.meta.annotations for service in cluster.services):
        return True
    return any(workload.annotations for workload in cluster.workloads)


HOLDINGS: Final[Mapping[str, Callable[[Cluster], object]]] = {
    "defects": lambda cluster: cluster.defects,
    "failures": lambda cluster: cluster.failures,
    "unread": lambda cluster: cluster.failures or cluster.not_rendered,
    "policies": lambda cluster: cluster.policies,
    "policies-of-any-dialect": _policy_count,
    "two-policies-of-any-dialect": lambda cluster: _policy_count(cluster) > 1,
    "parts-to-compare": lambda cluster: cluster.once(_parts_to_compare),
    "cluster-policies": lambda cluster: cluster.cluster_policies,
    "policies-of-both-directions": _both_directions,
    "egress-policies": lambda cluster: any(policy.isolates(Direction.EGRESS) for policy in cluster.policies),
    "policy-ports": lambda cluster: cluster.once(_policy_ports),
    "address-blocks": lambda cluster: cluster.once(_blocks),
    "peers-elsewhere": lambda cluster: cluster.once(_others),
    "services": lambda cluster: cluster.services,
    "publishers": lambda cluster: cluster.publishers,
    "network-plugin": _network_plugin,
    "evidence": lambda cluster: cluster.evidence,
    "evidence-or-annotations": _evidence_or_annotations,
}
"""Each is cheap to ask for and needs no module that a run would not have anyway. CONTRIBUTING.md says what they are."""
