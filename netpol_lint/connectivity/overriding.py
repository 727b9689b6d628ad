"""Rules of NetworkPolicies that decide nothing, as a policy of the Admin tier has decided it before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.pieces import single_labels
from netpol_lint.cluster.sieve import Sieve
from netpol_lint.connectivity.covering import covers, pods_cover
from netpol_lint.connectivity.form import Peers, Pods, Policy, Rule
from netpol_lint.connectivity.lowering import cluster_policies, networking
from netpol_lint.records import NamedTuple
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

    def passes(self, direction: Direction) -> bool:
        """Whether a rule of it passes something on."""
        return any(rule.action is Action.PASS for rule in self.lowered.rules(direction))


class _Tier:
    """The policies of the Admin tier by priority."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        written = [policy for policy in cluster.cluster_policies if policy.tier is ClusterTier.ADMIN]
        lowered = (policy for _, policy in cluster_policies.policies(cluster, ClusterTier.ADMIN))
        both = (_Admin(*pair) for pair in zip(written, lowered, strict=True))
        self._policies = sorted(both, key=lambda one: one.written.priority)
        self._by_subject = Sieve([[(*_asked_for(one.lowered.subjects),)] for one in self._policies])
        self._passing = {direction: [one for one in self._policies if one.passes(direction)] for direction in Direction}
        self._deciding = {
            direction: Counter(one.written.priority for one in self._policies if one.lowered.rules(direction))
            for direction in Direction
        }

    def over(self, subjects: Pods) -> list[_Admin]:
        """Those that surely apply to all pods of a NetworkPolicy."""
        namespace = self._cluster.namespaces.get(subjects.namespace)
        labels = namespace.labels.items() if namespace is not None else ()
        shown = (*_asked_for(subjects), *(("namespace", *label) for label in labels))
        near = (self._policies[number] for number in self._by_subject.fitting(shown))
        return [one for one in near if _includes(self._cluster, one.lowered.subjects, subjects)]

    def decided(self, over: list[_Admin], direction: Direction, rule: Rule) -> Iterator[tuple[ClusterPolicy, Rule]]:
        """The first rule that decides all that a rule matches, with its policy; none where another may before it."""
        for one in over:
            rules = one.lowered.rules(direction)
            for number, deciding in enumerate(rules):
                if deciding.action is Action.PASS or not _covers(self._cluster, deciding, rule):
                    continue
                passes = any(own.action is Action.PASS for own in rules[:number])
                if not passes and not self._may_decide_before(one, direction):
                    yield one.written, deciding
                return

    def _may_decide_before(self, one: _Admin, direction: Direction) -> bool:
        """Whether another policy passes something on before a policy, or decides with the same priority."""
        others = (other for other in self._passing[direction][:2] if other is not one)
        passes = any(other.written.priority <= one.written.priority for other in others)
        return passes or self._deciding[direction][one.written.priority] > 1


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
    tier = _Tier(cluster)
    for policy, own in zip(cluster.policies, networking.policies(cluster), strict=False):  # rejected ones follow
        over = tier.over(own.subjects)
        for direction in Direction if over else ():
            for rule, meant in zip(policy.rules(direction), own.rules(direction), strict=True):
                for found in tier.decided(over, direction, meant):
                    yield Overridden(policy, rule, *found)


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


def _asked_for(subjects: Pods) -> Iterator[Hashable]:
    """The labels that their pods and namespaces have."""
    yield from (("pod", *label) for label in single_labels(subjects.pods))
    yield from (("namespace", *label) for label in single_labels(subjects.namespaces))
