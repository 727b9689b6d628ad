"""Rules of policies that are open for a reason which another finding names."""

from __future__ import annotations

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.default_deny import missing_default_deny, neutralised_denies
from netpol_lint.cluster.denying_names import broken_promises
from netpol_lint.cluster.split_rules import split_rules
from netpol_lint.resources.policy import Direction, NetworkPolicy
from netpol_lint.source.location import Location


def explained_rules(cluster: Cluster, policy: NetworkPolicy, direction: Direction) -> frozenset[Location]:
    """The rules of a policy of which NP109, NP206 or NP207 says why they are open; for ingress, NP203 too."""
    found = {split.ports.at for split in split_rules(cluster, policy, direction)}
    found.update(promise.opening.rule.at for promise in broken_promises(policy))
    explained = found | cluster.once(_of_void_denies)
    return frozenset(explained | opened_namespaces(cluster, direction) if direction is Direction.INGRESS else explained)


def opened_namespaces(cluster: Cluster, direction: Direction) -> frozenset[Location]:
    """The rules that open a whole namespace, of which NP203 and NP204 say that it lacks a default-deny."""
    return cluster.once(_opening_ingress if direction is Direction.INGRESS else _opening_egress)


def _of_void_denies(cluster: Cluster) -> frozenset[Location]:
    return frozenset(
        found.opening.rule.at for direction in Direction for found in neutralised_denies(cluster, direction)
    )


def _opening_ingress(cluster: Cluster) -> frozenset[Location]:
    return _opening(cluster, Direction.INGRESS)


def _opening_egress(cluster: Cluster) -> frozenset[Location]:
    return _opening(cluster, Direction.EGRESS)


def _opening(cluster: Cluster, direction: Direction) -> frozenset[Location]:
    lacking = missing_default_deny(cluster, direction)
    return frozenset(opening.rule.at for found in lacking for _, opening in found.opened)
