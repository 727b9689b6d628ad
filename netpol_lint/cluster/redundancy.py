"""Rules, peers and ports that others of the same pods say already, for every label set there may be.

Compared are selectors, blocks and ports as sets, never the pods of today. What covers is always one rule, peer or
port, so that a finding can name it; names of ports are covered by the same name, of the same protocol, alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeAlias, TypeVar

from netpol_lint.algebra.labels import Operator
from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.doubles import doubles
from netpol_lint.cluster.isolation import covers_namespace, is_default_deny, is_every_pod, openings
from netpol_lint.cluster.open_rules import open_rules
from netpol_lint.cluster.rule_covering import peer_covers, port_covers, rule_covers
from netpol_lint.cluster.sameness import peer_content, port_content, rule_content
from netpol_lint.cluster.split_rules import split_rules
from netpol_lint.resources.metadata import Metadata
from netpol_lint.resources.policy import (
    AllOfProtocol,
    Direction,
    Everyone,
    EveryPort,
    IPBlock,
    NetworkPolicy,
    Peer,
    PodPeer,
    PortEntry,
    Rule,
)

Part: TypeAlias = Rule | PodPeer | IPBlock | PortEntry
_Part = TypeVar("_Part", Rule, Peer, PortEntry)


class Redundant(NamedTuple):
    """A part of a policy that another one covers."""

    policy: NetworkPolicy
    part: Part
    siblings: Sequence[Part]
    """The list it stands in."""
    cover: Part
    by: NetworkPolicy
    """The policy of the cover."""
    same: bool
    """Whether the two say the same (NP603)."""


def redundant_parts(cluster: Cluster) -> tuple[Redundant, ...]:
    """Every part of a policy that another part of the policy, or a rule of another policy, covers; once per cluster."""
    return cluster.once(_redundant_parts)


def _redundant_parts(cluster: Cluster) -> tuple[Redundant, ...]:
    overwritten = cluster.once(_overwritten)
    superfluous = frozenset(id(found.policy) for found in redundant_policies(cluster))
    return tuple(
        found
        for policy in _judged(cluster)
        for direction in Direction
        for found in _in_policy(cluster, policy, direction, overwritten, superfluous)
        if found.same or not _is_too_wide(cluster, direction, found.cover)
    )


class RedundantPolicy(NamedTuple):
    """A policy without which everything is as it is."""

    policy: NetworkPolicy
    covers: tuple[tuple[NetworkPolicy, Rule], ...]
    """For each of its rules, in order, one that admits as much."""
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
    covers: list[tuple[NetworkPolicy, Rule]] = []
    isolating: list[NetworkPolicy] = []
    for direction in Direction:
        if not policy.isolates(direction):
            continue
        others = _policies_around(cluster, policy, direction, cluster.once(_overwritten))
        if not others:
            return
        isolating.append(others[0])
        candidates = [(other, own) for other in others for own in other.rules(direction)]
        for rule in policy.rules(direction):
            fitting = [one for one in candidates if rule_covers(one[1], rule)]
            if not fitting or _is_too_wide(cluster, direction, fitting[0][1]):
                return
            covers.append(fitting[0])
    yield RedundantPolicy(policy, tuple(covers), tuple(dict.fromkeys(isolating)))


def _judged(cluster: Cluster) -> Iterator[NetworkPolicy]:
    """The policies without those that another rule reports as a whole, and those that values make."""
    overwritten = cluster.once(_overwritten)
    for policy in cluster.policies:
        if policy.meta not in overwritten and not _is_template(policy) and policy.pod_selector.selector.satisfiable():
            yield policy


def _overwritten(cluster: Cluster) -> frozenset[Metadata]:
    """The policies that are there twice (NP009): which of the two counts is not certain."""
    return frozenset(meta for double in doubles(cluster) for meta in (double.first, double.second))


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
    cluster: Cluster,
    policy: NetworkPolicy,
    direction: Direction,
    overwritten: frozenset[Metadata],
    superfluous: frozenset[int],
) -> Iterator[Redundant]:
    rules = policy.rules(direction)
    if not rules:
        return
    split = {id(rule) for pair in split_rules(cluster, policy, direction) for rule in (pair.peers, pair.ports)}
    gone: set[int] = set()
    for rule, cover, same in _covered(rules, rule_covers, rule_content):
        gone.add(id(rule))
        if id(rule) not in split and id(cover) not in split:
            yield Redundant(policy, rule, rules, cover, policy, same)
    others = _policies_around(cluster, policy, direction, overwritten)
    for rule in rules:
        if id(rule) in gone or id(rule) in split:
            continue
        covers = [(other, own) for other in others for own in other.rules(direction) if rule_covers(own, rule)]
        for other, own in covers[:1]:
            if id(policy) not in superfluous:  # that is said of the policy as a whole (NP601)
                yield Redundant(policy, rule, rules, own, other, False)
        if covers:
            continue
        yield from _in_rule(policy, rule)


def _in_rule(policy: NetworkPolicy, rule: Rule) -> Iterator[Redundant]:
    if not isinstance(rule.peers, Everyone):
        for peer, cover, same in _covered(rule.peers, peer_covers, peer_content):
            yield Redundant(policy, peer, rule.peers, cover, policy, same)
    if not isinstance(rule.ports, EveryPort):
        for entry, other, same in _covered(rule.ports, port_covers, port_content):
            if isinstance(other.target, AllOfProtocol) and not isinstance(entry.target, AllOfProtocol):
                continue  # an entry without a port beside one that has one is a mistake of its own (NP407)
            yield Redundant(policy, entry, rule.ports, other, policy, same)


def _covered(
    parts: Sequence[_Part], covers: Callable[[_Part, _Part], bool], content: Callable[[_Part], object]
) -> Iterator[tuple[_Part, _Part, bool]]:
    """The parts of a list that another one covers, with it; of two that cover each other the later one."""
    contents = [content(part) for part in parts]
    for index, part in enumerate(parts):
        for number, other in enumerate(parts):
            if number == index or not covers(other, part):
                continue
            if number > index and covers(part, other):
                continue
            first = contents.index(contents[index])
            if first < index:
                yield part, parts[first], True
            else:
                yield part, other, False
            break


def _policies_around(
    cluster: Cluster, policy: NetworkPolicy, direction: Direction, overwritten: frozenset[Metadata]
) -> tuple[NetworkPolicy, ...]:
    """The other policies that surely select at least the pods of a policy, and isolate them in the direction.

    Of two that select the same pods, only the first of the source covers the other.
    """
    own = policy.pod_selector.selector
    position = cluster.once(_positions)[id(policy)]
    found: list[NetworkPolicy] = []
    for place, other in sorted(_with_wider_selectors(cluster, policy), key=lambda placed: placed[0]):
        selector = other.pod_selector.selector
        if other is policy or other.meta in overwritten or not other.isolates(direction):
            continue
        if not own.implies(selector) or (place > position and selector.implies(own)):
            continue
        if covers_namespace(other, direction) and any(True for _ in openings(other, direction)):
            continue  # it makes every rule of the namespace superfluous: that is what NP206 says of it
        found.append(other)
    return tuple(found)


def _with_wider_selectors(cluster: Cluster, policy: NetworkPolicy) -> Iterator[tuple[int, NetworkPolicy]]:
    """The policies of the namespace, with their places, whose selector may include that of a policy.

    One that asks for a label includes only those that ask for it too.
    """
    known = cluster.once(_by_label)
    namespace = policy.meta.namespace
    yield from known.get((namespace, "", ""), ())
    for key, value in _labels_asked_for(policy):
        yield from known.get((namespace, key, value), ())


def _by_label(cluster: Cluster) -> Mapping[tuple[str, str, str], list[tuple[int, NetworkPolicy]]]:
    """The policies with their places, by namespace and a label they ask for; it is empty where they ask for none."""
    found: dict[tuple[str, str, str], list[tuple[int, NetworkPolicy]]] = {}
    for place, policy in enumerate(cluster.policies):
        key, value = next(_labels_asked_for(policy), ("", ""))
        found.setdefault((policy.meta.namespace, key, value), []).append((place, policy))
    return found


def _labels_asked_for(policy: NetworkPolicy) -> Iterator[tuple[str, str]]:
    for key, operator, values in policy.pod_selector.selector.requirements:
        if operator is Operator.IN and len(values) == 1:
            yield key, next(iter(values))


def _positions(cluster: Cluster) -> Mapping[int, int]:
    return {id(policy): place for place, policy in enumerate(cluster.policies)}
