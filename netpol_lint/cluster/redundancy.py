"""Rules, peers and ports that others of the same pods say already, for every label set there may be.

Compared are selectors, blocks and ports as sets, never the pods of today. What covers is one rule, peer or port, or a
few together, so that a finding can name them; names of ports are covered by the same name alone, or by every port.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import islice

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.covers import Cover, Covered, Part, Parts, covers, together
from netpol_lint.cluster.isolation import is_default_deny, is_every_pod, openings
from netpol_lint.cluster.open_rules import open_rules
from netpol_lint.cluster.pieces import admitted, pieces_of
from netpol_lint.cluster.policies_around import PoliciesAround, overwritten
from netpol_lint.cluster.split_rules import split_rules
from netpol_lint.records import NamedTuple
from netpol_lint.resources.policy import (
    AllOfProtocol,
    Direction,
    Everyone,
    EveryPort,
    IPBlock,
    NetworkPolicy,
    Peer,
    PortEntry,
    Rule,
)


class Redundant(NamedTuple):
    """A part of a policy that others cover."""

    policy: NetworkPolicy
    part: Part
    siblings: Sequence[Part]
    """The list it stands in."""
    covers: tuple[Cover, ...]
    """One, or as many as it takes."""
    same: bool
    """Whether the two say the same (NP603)."""


def redundant_parts(cluster: Cluster) -> tuple[Redundant, ...]:
    """Every part of a policy that other parts of it, or rules of other policies, cover; once per cluster."""
    return cluster.once(_redundant_parts)


def _redundant_parts(cluster: Cluster) -> tuple[Redundant, ...]:
    superfluous = frozenset(id(found.policy) for found in redundant_policies(cluster))
    return tuple(
        found
        for policy in _judged(cluster)
        for direction in Direction
        for found in _in_policy(cluster, policy, direction, superfluous)
        if found.same or not any(_is_too_wide(cluster, direction, cover.part) for cover in found.covers)
    )


class RedundantPolicy(NamedTuple):
    """A policy without which everything is as it is."""

    policy: NetworkPolicy
    covered: tuple[Covered, ...]
    """Each of its rules, in order, with what admits as much."""
    isolating: tuple[NetworkPolicy, ...]
    """For each of its directions one that isolates its pods."""


def redundant_policies(cluster: Cluster) -> tuple[RedundantPolicy, ...]:
    """The policies that admit nothing and isolate nothing that others do not; once per cluster.

    The default-deny of a namespace is never one: it is there for the pods that others do not select.
    """
    return cluster.once(_redundant_policies)


def _redundant_policies(cluster: Cluster) -> tuple[RedundantPolicy, ...]:
    return tuple(found for policy in _judged(cluster) for found in _redundant_policy(cluster, policy))


def _redundant_policy(cluster: Cluster, policy: NetworkPolicy) -> Iterator[RedundantPolicy]:
    if any(is_default_deny(policy, direction) or tuple(openings(policy, direction)) for direction in policy.types):
        return
    covered: list[Covered] = []
    isolating: list[NetworkPolicy] = []
    for direction in Direction:
        if not policy.isolates(direction):
            continue
        first = tuple(islice(PoliciesAround.of(cluster).policies(policy, direction), 1))
        if not first:
            return
        isolating += first
        for rule in policy.rules(direction):
            by = _covers_around(cluster, policy, direction, rule)
            if not by or any(_is_too_wide(cluster, direction, cover.part) for cover in by):
                return
            covered.append(Covered(rule, by))
    yield RedundantPolicy(policy, tuple(covered), tuple(dict.fromkeys(isolating)))


def _covers_around(cluster: Cluster, policy: NetworkPolicy, direction: Direction, rule: Rule) -> tuple[Cover, ...]:
    """A rule of another policy that covers one, or several that do together."""
    one = tuple(_first_around(cluster, policy, direction, rule))
    around = partial(PoliciesAround.of(cluster).rules, policy, direction)
    return one or together(pieces_of(admitted(rule)), around)


def _judged(cluster: Cluster) -> Iterator[NetworkPolicy]:
    """The policies without those that another rule reports as a whole, and those that values make."""
    twice = overwritten(cluster)
    for policy in cluster.policies:
        if policy.meta not in twice and not _is_template(policy) and policy.pod_selector.selector.satisfiable():
            yield policy


def _is_template(policy: NetworkPolicy) -> bool:
    """Whether it stands in a template of a chart: what covers there with these values may not with others."""
    return "/templates/" in f"/{policy.meta.at.path}"


def _is_too_wide(cluster: Cluster, direction: Direction, cover: Part) -> bool:
    """Whether another rule (NP301 to NP303) reports what covers: that is the mistake, and what it covers was meant."""
    if direction is Direction.EGRESS or isinstance(cover, PortEntry):
        return False
    if not isinstance(cover, Rule):
        return _is_everyone(cover)
    if isinstance(cover.peers, Everyone):
        return id(cover) in cluster.once(_open_rules)
    return any(_is_everyone(peer) for peer in cover.peers)


def _is_everyone(peer: Peer) -> bool:
    return peer.cidr.prefixlen == 0 if isinstance(peer, IPBlock) else is_every_pod(peer)


def _open_rules(cluster: Cluster) -> frozenset[int]:
    return frozenset(id(rule) for _, rule, _, _ in open_rules(cluster))


def _in_policy(
    cluster: Cluster, policy: NetworkPolicy, direction: Direction, superfluous: frozenset[int]
) -> Iterator[Redundant]:
    rules = policy.rules(direction)
    if not rules:
        return
    split = {id(rule) for pair in split_rules(cluster, policy, direction) for rule in (pair.peers, pair.ports)}
    parts = Parts(policy, rules)
    found = list(parts.covered_by_one())
    left: list[Rule] = []  # of a superfluous policy, others cover each: that is said of it as a whole (NP601)
    if id(policy) not in superfluous:
        gone = split.union(id(one.part) for one in found)
        left = [rule for rule in rules if id(rule) not in gone]
        found += (Covered(rule, (by,)) for rule in left for by in _first_around(cluster, policy, direction, rule))
        gone.update(id(one.part) for one in found)
        around = partial(PoliciesAround.of(cluster).rules, policy, direction)
        found += parts.covered_by_several([rule for rule in rules if id(rule) in gone], around)
        gone.update(id(one.part) for one in found)
        left = [rule for rule in left if id(rule) not in gone]
    for one in found:
        if split.isdisjoint(map(id, (one.part, *(cover.part for cover in one.covers)))):
            yield Redundant(policy, one.part, rules, one.covers, one.same)
    for rule in left:
        yield from _in_rule(policy, rule)


def _first_around(cluster: Cluster, policy: NetworkPolicy, direction: Direction, rule: Rule) -> Iterator[Cover]:
    """The first rule of another policy that covers one."""
    pieces = islice(pieces_of(admitted(rule)), 1)
    found = (cover for piece in pieces for cover in PoliciesAround.of(cluster).rules(policy, direction, piece))
    return islice((cover for cover in found if covers(cover.part, rule)), 1)


def _in_rule(policy: NetworkPolicy, rule: Rule) -> Iterator[Redundant]:
    if not isinstance(rule.peers, Everyone):
        yield from _in_list(policy, rule.peers)
    if not isinstance(rule.ports, EveryPort):
        yield from _in_list(policy, rule.ports)


def _in_list(policy: NetworkPolicy, parts: Sequence[Part]) -> Iterator[Redundant]:
    if len(parts) < 2:
        return
    compared = Parts(policy, parts)
    found = list(compared.covered_by_one())
    found += compared.covered_by_several([one.part for one in found], lambda _: ())
    for one in found:
        if not _is_portless(one.part) and any(_is_portless(cover.part) for cover in one.covers):
            continue  # an entry without a port beside one that has one is a mistake of its own (NP407)
        yield Redundant(policy, one.part, parts, one.covers, one.same)


def _is_portless(part: Part) -> bool:
    return isinstance(part, PortEntry) and isinstance(part.target, AllOfProtocol)
