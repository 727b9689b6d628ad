"""Ingress rules for everyone, on pods that nothing publishes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.default_deny import missing_default_deny, neutralised_denies
from netpol_lint.cluster.denying_names import broken_promises
from netpol_lint.cluster.publishing import is_published
from netpol_lint.cluster.split_rules import is_dns, is_for_webhook, split_rules
from netpol_lint.resources.policy import Direction, Everyone, EveryPort, NetworkPolicy, Rule
from netpol_lint.resources.workload import Workload
from netpol_lint.source.location import Location


class OpenRule(NamedTuple):
    """A rule that lets everyone reach pods that nothing publishes (NP301)."""

    policy: NetworkPolicy
    rule: Rule
    at: Location
    """The empty `from`, else the rule."""
    pods: tuple[Workload, ...]
    """Those that nothing publishes."""


def open_rules(cluster: Cluster) -> Iterator[OpenRule]:
    """The ingress rules without peers, in source order.

    DNS and webhooks are for everyone on purpose: their clients are every pod, and the API server, which no selector
    picks. Left out is what another rule explains, and what unseen objects of the namespace may publish.
    """
    for policy in cluster.policies:
        rules = [rule for rule in policy.rules(Direction.INGRESS) if isinstance(rule.peers, Everyone)]
        if not rules or cluster.may_hold_more(policy.meta.namespace):
            continue
        selected = cluster.selected_by(policy).certain
        pods = tuple(workload for workload in selected if not is_published(cluster, workload))
        explained = _explained(cluster, policy) if pods else frozenset()
        for rule in rules if pods else ():
            if rule.at not in explained and not _is_for_all(policy, rule, pods):
                yield OpenRule(policy, rule, _place(rule), pods)


def _place(rule: Rule) -> Location:
    return rule.peers.at if isinstance(rule.peers, Everyone) else rule.at


def _is_for_all(policy: NetworkPolicy, rule: Rule, pods: tuple[Workload, ...]) -> bool:
    if isinstance(rule.ports, EveryPort):
        return False
    return all(is_dns(entry) for entry in rule.ports) or is_for_webhook(policy, rule.ports, pods)


def _explained(cluster: Cluster, policy: NetworkPolicy) -> frozenset[Location]:
    """The rules of a policy of which NP109, NP203, NP206 or NP207 says why they are open."""
    found = {split.ports.at for split in split_rules(cluster, policy, Direction.INGRESS)}
    found.update(promise.opening.rule.at for promise in broken_promises(policy))
    return frozenset(found | cluster.once(_of_default_denies))


def _of_default_denies(cluster: Cluster) -> frozenset[Location]:
    void = [found.opening for found in neutralised_denies(cluster, Direction.INGRESS)]
    lacking = [opening for found in missing_default_deny(cluster, Direction.INGRESS) for _, opening in found.opened]
    return frozenset(opening.rule.at for opening in (*void, *lacking))
