"""The policies that surely select all pods of another one, and their rules: only they make it superfluous."""

from __future__ import annotations

from collections.abc import Hashable, Iterator

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.covers import Cover
from netpol_lint.cluster.doubles import doubles
from netpol_lint.cluster.isolation import covers_namespace, openings
from netpol_lint.cluster.pieces import Piece, admits_shown, admitted, demanded_by, shown_by, single_labels
from netpol_lint.cluster.sieve import Sieve
from netpol_lint.records import NamedTuple
from netpol_lint.resources.metadata import Metadata
from netpol_lint.resources.policy import Direction, NetworkPolicy


class _Known(NamedTuple):
    """What isolates in one direction in one namespace, in source order."""

    policies: list[NetworkPolicy]
    by_subject: Sieve
    rules: list[Cover]
    by_connection: Sieve


class PoliciesAround:
    """Answers for the policies of one cluster."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._places = {id(policy): place for place, policy in enumerate(cluster.policies)}
        self._known: dict[tuple[str, Direction], _Known] = {}

    @classmethod
    def of(cls, cluster: Cluster) -> PoliciesAround:
        """Those of a cluster, set up once."""
        return cluster.once(cls)

    def policies(self, policy: NetworkPolicy, direction: Direction) -> Iterator[NetworkPolicy]:
        """The other policies that surely select at least the pods of a policy, and isolate them in the direction.

        Of two that select the same pods, only the first of the source covers the other.
        """
        known = self._in(policy.meta.namespace, direction)
        for number in known.by_subject.fitting(_asked_for(policy)):
            if self._is_around(policy, known.policies[number], direction):
                yield known.policies[number]

    def rules(self, policy: NetworkPolicy, direction: Direction, piece: Piece) -> Iterator[Cover]:
        """Their rules that admit the connection that a piece shows, in source order."""
        known = self._in(policy.meta.namespace, direction)
        for number in known.by_connection.fitting((*_asked_for(policy), *shown_by(piece))):
            found = known.rules[number]
            if admits_shown(admitted(found.part), piece) and self._is_around(policy, found.policy, direction):
                yield found

    def _is_around(self, policy: NetworkPolicy, other: NetworkPolicy, direction: Direction) -> bool:
        own, selector = policy.pod_selector.selector, other.pod_selector.selector
        if other is policy or other.meta in overwritten(self._cluster) or not own.implies(selector):
            return False
        if self._places[id(other)] > self._places[id(policy)] and selector.implies(own):
            return False
        # else it makes every rule of the namespace superfluous: that is what NP206 says of it
        return not (covers_namespace(other, direction) and any(True for _ in openings(other, direction)))

    def _in(self, namespace: str, direction: Direction) -> _Known:
        key = namespace, direction
        if key not in self._known:
            policies = [one for one in self._cluster.policies_in(namespace) if one.isolates(direction)]
            rules = [Cover(policy, rule) for policy in policies for rule in policy.rules(direction)]
            demands = [
                [(*_asked_for(policy), *marks) for marks in demanded_by(admitted(rule))] for policy, rule in rules
            ]
            by_subject = Sieve([[tuple(_asked_for(policy))] for policy in policies])
            self._known[key] = _Known(policies, by_subject, rules, Sieve(demands))
        return self._known[key]


def overwritten(cluster: Cluster) -> frozenset[Metadata]:
    """The policies that are there twice (NP009): which of the two counts is not certain."""
    return cluster.once(_overwritten)


def _overwritten(cluster: Cluster) -> frozenset[Metadata]:
    return frozenset(meta for double in doubles(cluster) for meta in (double.first, double.second))


def _asked_for(policy: NetworkPolicy) -> Iterator[Hashable]:
    """What includes its pods asks for none but these labels."""
    return (("subject", *label) for label in single_labels(policy.pod_selector.selector))
