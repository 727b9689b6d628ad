"""Rules of NetworkPolicies that decide nothing, as a policy of the Admin tier has decided it before."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.connectivity.covering import covers, pods_cover
from netpol_lint.connectivity.form import Peers, Pods, Policy, Rule
from netpol_lint.connectivity.lowering import cluster_policies, networking
from netpol_lint.resources import policy as policies
from netpol_lint.resources.cluster_policy import Action, ClusterPolicy, ClusterTier
from netpol_lint.resources.namespace import NAME_LABEL
from netpol_lint.resources.policy import Direction, NetworkPolicy
from netpol_lint.source.location import Location


class Overridden(NamedTuple):
    """A rule that decides nothing, and the rule that decides instead."""

    policy: NetworkPolicy
    rule: policies.Rule
    by: ClusterPolicy
    deciding: Rule


class _Admin(NamedTuple):
    written: ClusterPolicy
    lowered: Policy


def void_rules(cluster: Cluster) -> frozenset[Location]:
    """Where the rules stand that a policy of the Admin tier makes void (NP604); computed once per cluster."""
    return cluster.once(_void_rules)


def _void_rules(cluster: Cluster) -> frozenset[Location]:
    return frozenset(one.rule.at for one in overridden_rules(cluster))


def overridden_rules(cluster: Cluster) -> Iterator[Overridden]:
    """The rules of which every connection, whatever pods there will be, is decided by one rule of the Admin tier.

    None where something of which the rules are not known may decide before it.
    """
    if cluster.foreign or cluster.rejected_cluster_policies or cluster.assume.host_network != "node":
        return
    written = [policy for policy in cluster.cluster_policies if policy.tier is ClusterTier.ADMIN]
    lowered = (policy for _, policy in cluster_policies.policies(cluster, ClusterTier.ADMIN))
    tier = sorted((_Admin(*both) for both in zip(written, lowered, strict=True)), key=lambda one: one.written.priority)
    if not tier:
        return
    for policy, own in zip(cluster.policies, networking.policies(cluster), strict=False):  # rejected ones follow
        over = [one for one in tier if _includes(cluster, one.lowered.subjects, own.subjects)]
        for direction in Direction if over else ():
            for rule, meant in zip(policy.rules(direction), own.rules(direction), strict=True):
                for found in _decided(cluster, tier, over, direction, meant):
                    yield Overridden(policy, rule, *found)


def _decided(
    cluster: Cluster, tier: list[_Admin], over: list[_Admin], direction: Direction, rule: Rule
) -> Iterator[tuple[ClusterPolicy, Rule]]:
    """The first rule that decides all that a rule matches, with its policy."""
    for one in over:
        for number, deciding in enumerate(one.lowered.rules(direction)):
            if deciding.action is Action.PASS or not _covers(cluster, deciding, rule):
                continue
            before = [own for own in one.lowered.rules(direction)[:number] if own.action is Action.PASS]
            before += (
                own
                for other in tier
                if other is not one and other.written.priority <= one.written.priority
                for own in other.lowered.rules(direction)
                if own.action is Action.PASS or other.written.priority == one.written.priority
            )
            if not before:
                yield one.written, deciding
            return


def _covers(cluster: Cluster, deciding: Rule, rule: Rule) -> bool:
    """Whether a rule of the Admin tier matches all that a rule of a namespace does; hostNetwork pods are no peers."""
    deciding_for = [meant for meant in rule.peers.pods if not _is_included(cluster, meant, deciding.peers)]
    rest = Peers(rule.peers.everyone, tuple(deciding_for), rule.peers.addresses)
    means_somebody = rule.peers.everyone or rule.peers.pods or rule.peers.addresses
    return bool(means_somebody) and covers(deciding, Rule(rule.action, rest, rule.ports, rule.pointer, rule.at))


def _is_included(cluster: Cluster, meant: Pods, peers: Peers) -> bool:
    return any(_includes(cluster, one, meant) for one in peers.pods)


def _includes(cluster: Cluster, one: Pods, meant: Pods) -> bool:
    """Whether the pods of an Admin rule surely include those of a NetworkPolicy, which are no hostNetwork ones."""
    if not meant.namespace:
        return pods_cover(one, meant._replace(host_network=False))
    namespace = cluster.namespaces.get(meant.namespace)
    if namespace is None or not meant.pods.implies(one.pods) or not meant.pods.satisfiable():
        return False
    asked = {requirement.key for requirement in one.namespaces.requirements}
    return (namespace.declared or asked <= {NAME_LABEL}) and one.namespaces.matches(namespace.labels)
