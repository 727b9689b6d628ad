"""One side of one connection: which policies apply to a pod, and which of their rules match the other end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from netpol_lint.algebra.addresses import AddressSet
from netpol_lint.algebra.intervals import partition
from netpol_lint.algebra.ports import EVERY_PORT, NO_PORT, PortSet
from netpol_lint.connectivity.candidates import Candidates
from netpol_lint.connectivity.endpoints import End, Named, Outside, Pod
from netpol_lint.connectivity.evaluator import Applied, Decided, Hit, Layer, Outcome, decide
from netpol_lint.connectivity.form import Policy, Rule, Tier
from netpol_lint.connectivity.matching import Doubt, Match, Ranges, peers_match, pods_match, ports_match, spoken
from netpol_lint.connectivity.verdicts import Side
from netpol_lint.records import NamedTuple
from netpol_lint.resources.policy import Direction

_EVERY_FAMILY = frozenset((4, 6))


class _Selecting(NamedTuple):
    """A policy that selects, or may select, a pod."""

    policy: Policy
    doubt: str
    """Why it may not, "" if it does."""


class _Matched(NamedTuple):
    """A rule with whether it means the other end, the address still open."""

    rule: Rule
    match: Match
    ports: Named


class Sides:
    """Answers about single sides; what was found about a pod is remembered."""

    __slots__ = ("_candidates", "_levels", "_ranges", "_selecting", "_tiers")

    def __init__(self, tiers: tuple[Tier, ...], ranges: Ranges) -> None:
        self._tiers = tiers
        self._ranges = ranges
        self._candidates: dict[tuple[Tier, str], Candidates] = {}
        self._levels = {id(p): level for tier in tiers for level, group in enumerate(tier.groups) for p in group}
        self._selecting: dict[Pod, tuple[tuple[Tier, tuple[tuple[_Selecting, ...], ...]], ...]] = {}

    def of(self, subject: Pod, direction: Direction, other: End) -> Side:
        """What the policies over `subject` say of traffic with `other`."""
        if subject.exempt:
            return Side()
        on_a_node = self._may_be_own_node(other)
        return self._side(subject, direction, other, spared=on_a_node, doubt=Doubt.OWN_NODE)

    def hairpin(self, pod: Pod, direction: Direction) -> Side:
        """What they say of traffic with itself that goes through a Service."""
        if pod.exempt:
            return Side()
        return self._side(pod, direction, pod, spared=True, doubt=Doubt.HAIRPIN)

    def rules_over(self, pod: Pod, direction: Direction) -> Iterator[Rule]:
        """The rules of the policies that select `pod`, or may do so."""
        for _, groups in self._policies_over(pod, direction):
            for group in groups:
                for selecting in group:
                    yield from selecting.policy.rules(direction)

    def _side(self, subject: Pod, direction: Direction, other: End, *, spared: bool, doubt: Doubt) -> Side:
        destination = other if direction is Direction.EGRESS else subject
        versions = spoken_by(subject)
        layers = [
            (
                [[self._matched(s, direction, other, destination, versions) for s in group] for group in groups],
                tier,
            )
            for tier, groups in self._policies_over(subject, direction)
        ]
        by_address = {
            matched.match
            for groups, _ in layers
            for group in groups
            for _, rules in group
            for matched in rules
            if isinstance(matched.match, AddressSet)
        }
        decided: list[Decided[PortSet]] = []
        outcome: Outcome[PortSet] | None = None
        for inside in self._cases(other, by_address, versions):
            case = decide(
                [_layer(groups, tier, direction, inside, spared) for groups, tier in layers], EVERY_PORT, decided
            )
            outcome = case if outcome is None else outcome | case
        assert outcome is not None
        spared_something = spared and any(tier.spares_own_node for _, tier in layers)
        doubts = [doubt.value] if spared_something else []
        if by_address:
            doubts.append(Doubt.ADDRESS.value)
        return Side(outcome, tuple(dict.fromkeys(decided)), tuple(doubts))

    def _cases(self, other: End, sets: set[AddressSet], versions: frozenset[int]) -> Iterator[frozenset[AddressSet]]:
        """The classes of addresses the other end may have: for each, the sets it is in."""
        if not sets:
            yield frozenset()
            return
        ordered = sorted(sets, key=lambda addresses: addresses.bounds)
        space = other.addresses if isinstance(other, Outside) else spoken(self._ranges.possible(other), versions)
        for _, members in partition(space, ordered):
            yield frozenset(ordered[index] for index in members)

    def _may_be_own_node(self, other: End) -> bool:
        """Whether the other end may be the node a pod runs on."""
        if isinstance(other, Pod):
            return other.exempt
        return self._ranges.nodes_known and not self._ranges.nodes.disjoint(other.addresses)

    def _policies_over(
        self, pod: Pod, direction: Direction
    ) -> Iterator[tuple[Tier, tuple[tuple[_Selecting, ...], ...]]]:
        if pod not in self._selecting:
            self._selecting[pod] = tuple(self._select(pod))
        for tier, groups in self._selecting[pod]:
            counting = (tuple(s for s in group if s.policy.counts_for(direction)) for group in groups)
            filled = tuple(group for group in counting if group)
            if filled:
                yield tier, filled

    def _select(self, pod: Pod) -> Iterator[tuple[Tier, tuple[tuple[_Selecting, ...], ...]]]:
        for tier in self._tiers:
            found = _selecting(self._may_select(tier, pod), pod)
            by_level = groupby(found, key=lambda selecting: self._levels[id(selecting.policy)])
            yield tier, tuple(tuple(group) for _, group in by_level)

    def _may_select(self, tier: Tier, pod: Pod) -> Iterable[Policy]:
        """Those of all groups, in the order of the groups."""
        key = tier, pod.namespace
        if key not in self._candidates:
            over = (policy for group in tier.groups for policy in group.over(pod.namespace))
            self._candidates[key] = Candidates(tuple(over))
        return self._candidates[key].of(pod)

    def _matched(
        self, selecting: _Selecting, direction: Direction, other: End, destination: End, versions: frozenset[int]
    ) -> tuple[_Selecting, list[_Matched]]:
        rules: list[_Matched] = []
        for rule in selecting.policy.rules(direction):
            match = peers_match(rule.peers, other, self._ranges, versions)
            if match is not False:
                rules.append(_Matched(rule, match, ports_match(rule.ports, destination)))
        return selecting, rules


def _selecting(policies: Iterable[Policy], pod: Pod) -> Iterator[_Selecting]:
    for policy in policies:
        match = pods_match(policy.subjects, pod)
        if match is not False:
            yield _Selecting(policy, policy.doubt or (match.value if isinstance(match, Doubt) else ""))


def _layer(
    groups: Sequence[Sequence[tuple[_Selecting, list[_Matched]]]],
    tier: Tier,
    direction: Direction,
    inside: frozenset[AddressSet],
    spared: bool,
) -> Layer[PortSet]:
    applied = tuple(
        tuple(
            Applied(
                selecting.policy,
                not selecting.doubt,
                direction in selecting.policy.isolates,
                tuple(_hits(rules, inside)),
                selecting.doubt,
            )
            for selecting, rules in group
        )
        for group in groups
    )
    return Layer(applied, tier.isolating, EVERY_PORT if spared and tier.spares_own_node else NO_PORT)


def _hits(rules: Iterable[_Matched], inside: frozenset[AddressSet]) -> Iterator[Hit[PortSet]]:
    for rule, match, (sure, possible) in rules:
        if isinstance(match, AddressSet) and match not in inside:
            continue
        if isinstance(match, Doubt):
            yield Hit(rule, NO_PORT, possible, match.value)
        else:
            yield Hit(rule, sure, possible, "" if sure == possible else Doubt.PORT_NAME.value)


def spoken_by(pod: Pod) -> frozenset[int]:
    return pod.addresses.versions if pod.addresses else _EVERY_FAMILY
