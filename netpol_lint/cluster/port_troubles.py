"""Ports in policies on which the pods they are about do not listen: the one cause that a finding names."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from functools import cached_property
from typing import Final, TypeAlias

from netpol_lint.algebra.labels import Operator
from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.listening import Exposed, Listeners, all_known_pods
from netpol_lint.cluster.near import Nearness, nearness
from netpol_lint.cluster.sameness import peer_content
from netpol_lint.cluster.selection import Selection
from netpol_lint.cluster.split_rules import is_dns
from netpol_lint.cluster.unseen import may_exist, show_all_pods
from netpol_lint.records import NamedTuple
from netpol_lint.resources.policy import (
    AnyPod,
    Direction,
    Everyone,
    EveryPort,
    NamedPort,
    NetworkPolicy,
    PodPeer,
    PortEntry,
    PortRange,
    Protocol,
    Rule,
)
from netpol_lint.resources.selectors import LabelSelector

_NAMES_OF_MANY: Final = frozenset(("http", "https", "http-metrics", "metrics", "web", "websecure", "grpc", "webhook"))
"""Names of ports that pods of all sorts have."""
_WITH_OR_WITHOUT_TLS: Final = frozenset(("http", "https"))


class ServicePortMeant(NamedTuple):
    """It is the port of Services whose target the pods listen on (NP402)."""

    services: tuple[Exposed, ...]
    targets: tuple[int, ...]
    """Sorted."""


class UnresolvedName(NamedTuple):
    """No container has a port of this name and protocol (NP403)."""

    name: str
    protocols: tuple[Protocol, ...]
    """With which containers have a port of the name."""
    meant: tuple[str, ...]
    """The names of container ports of which it is a slip."""
    services: tuple[Exposed, ...]
    """Where it is the name of the Service's port, not of the container's."""


class OtherProtocol(NamedTuple):
    """The pods listen on the number with other protocols alone (NP404)."""

    number: int
    protocols: tuple[Protocol, ...]


class Undeclared(NamedTuple):
    """No container declares it (NP401)."""

    number: int


Cause: TypeAlias = ServicePortMeant | UnresolvedName | OtherProtocol | Undeclared


class Trouble(NamedTuple):
    """An entry of `ports` that means nothing on the pods it is about, and why."""

    policy: NetworkPolicy
    rule: Rule
    entry: PortEntry
    pods: Listeners
    """Those whose ports it is about: the selected ones for ingress, the peers for egress."""
    cause: Cause


def port_troubles(cluster: Cluster) -> tuple[Trouble, ...]:
    """Every port of a rule that meets nothing, in source order; computed once per cluster."""
    return cluster.once(_troubles)


def troubles_of(cluster: Cluster, policy: NetworkPolicy) -> tuple[Trouble, ...]:
    """Those of one policy."""
    return cluster.once(_by_policy).get(id(policy), ())


def _by_policy(cluster: Cluster) -> dict[int, tuple[Trouble, ...]]:
    found: dict[int, tuple[Trouble, ...]] = {}
    for trouble in port_troubles(cluster):
        found[id(trouble.policy)] = (*found.get(id(trouble.policy), ()), trouble)
    return found


def _troubles(cluster: Cluster) -> tuple[Trouble, ...]:
    destinations = _Destinations(cluster)
    found = (
        (policy, rule, entry, pods)
        for policy in cluster.policies
        for direction in Direction
        for rule in policy.rules(direction)
        if not isinstance(rule.ports, EveryPort)
        for pods in destinations.of(policy, rule)
        for entry in rule.ports
    )
    return tuple(
        Trouble(policy, rule, entry, pods, cause)
        for policy, rule, entry, pods in found
        for cause in (_slip_of_all(entry, pods) if _is_to_anywhere(rule) else _cause(policy, rule, entry, pods))
    )


def _is_to_anywhere(rule: Rule) -> bool:
    return rule.direction is Direction.EGRESS and isinstance(rule.peers, Everyone)


# -- whose ports a rule is about ----------------------------------------------------------------------------


class _Destinations:
    """The pods on whose ports rules let traffic, where all of them are known."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._known: dict[Hashable, tuple[Listeners, ...]] = {}

    def of(self, policy: NetworkPolicy, rule: Rule) -> tuple[Listeners, ...]:
        """The pods, as one; none where there may be others, or none is shown."""
        own = policy.meta.namespace
        if rule.direction is Direction.INGRESS:
            key: Hashable = own, policy.pod_selector.selector
        elif isinstance(rule.peers, Everyone):
            return self._all
        else:
            key = own, frozenset(map(peer_content, rule.peers)), "peers"
        if key not in self._known:
            self._known[key] = (
                self._selected(policy) if rule.direction is Direction.INGRESS else self._peers(policy, rule)
            )
        return self._known[key]

    @cached_property
    def _all(self) -> tuple[Listeners, ...]:
        """Every pod, where the whole cluster seems to be shown."""
        cluster = self._cluster
        names = tuple({workload.namespace: None for workload in cluster.workloads})
        if cluster.elsewhere or not all_known_pods(cluster.workloads) or not show_all_pods(cluster, names):
            return ()
        return (Listeners(cluster, cluster.workloads),)

    def _selected(self, policy: NetworkPolicy) -> tuple[Listeners, ...]:
        selection = self._cluster.selected_by(policy)
        if not self._are_all(selection, (policy.meta.namespace,), policy.pod_selector):
            return ()
        return (Listeners(self._cluster, selection.certain),)

    def _peers(self, policy: NetworkPolicy, rule: Rule) -> tuple[Listeners, ...]:
        cluster = self._cluster
        workloads = {}
        for peer in () if isinstance(rule.peers, Everyone) else rule.peers:
            if not isinstance(peer, PodPeer):
                return ()
            selection = cluster.peer_pods(policy, peer)
            if not self._are_all(selection, cluster.peer_namespaces(policy, peer), peer.pods):
                return ()
            workloads.update({workload.id: workload for workload in selection.certain})
        found = tuple(workload for workload in workloads.values() if not cluster.is_exempt(workload))
        return (Listeners(cluster, found),) if found else ()

    def _are_all(self, selection: Selection, names: tuple[str, ...], pods: AnyPod | LabelSelector) -> bool:
        """Whether these are all the pods that a selector picks. Of pods with labels asked for by value, nobody makes
        others in secret; of every pod of a namespace, somebody may."""
        if not selection.certain or selection.possible or not all_known_pods(selection.certain):
            return False
        if isinstance(pods, AnyPod) or not _names_a_value(pods):
            return show_all_pods(self._cluster, names)
        return not may_exist(self._cluster, names, pods)


def _names_a_value(pods: LabelSelector) -> bool:
    return any(requirement.operator is Operator.IN for requirement in pods.selector.requirements)


# -- what is wrong with an entry ----------------------------------------------------------------------------


def _cause(policy: NetworkPolicy, rule: Rule, entry: PortEntry, pods: Listeners) -> Iterator[Cause]:
    match entry.target:
        case NamedPort(name):
            if not _is_for_either(rule, entry, name, pods):
                yield from _name_cause(entry.protocol, name, pods)
        case PortRange(first, last):
            if first == last and pods.all_known and not pods.may_listen(entry.protocol, first):
                yield from _number_cause(policy, rule, entry.protocol, first, pods)
        case _:
            pass


def _is_for_either(rule: Rule, entry: PortEntry, name: str, pods: Listeners) -> bool:
    """Whether a rule names `http` and `https` because the pods have the one or the other, as their settings say."""
    if name not in _WITH_OR_WITHOUT_TLS or isinstance(rule.ports, EveryPort):
        return False
    targets = (other.target for other in rule.ports if other.protocol is entry.protocol)
    return any(isinstance(t, NamedPort) and t.name in _WITH_OR_WITHOUT_TLS and t.name in pods.names for t in targets)


def _slip_of_all(entry: PortEntry, pods: Listeners) -> Iterator[Cause]:
    """What is wrong with a port name for which every pod of the cluster may have a port.

    Some pods are never shown, if only the cluster's own: only what is a slip for a name of those shown is reported.
    """
    if isinstance(entry.target, NamedPort) and entry.target.name not in _NAMES_OF_MANY and not is_dns(entry):
        for cause in _name_cause(entry.protocol, entry.target.name, pods):
            if cause.protocols or cause.meant:
                yield cause


def _name_cause(protocol: Protocol, name: str, pods: Listeners) -> Iterator[UnresolvedName]:
    protocols = pods.names.get(name, frozenset())
    if protocol in protocols or (not protocols and pods.may_have(name)):
        return
    near = sorted((nearness(name, known), known) for known in pods.names)
    meant = tuple(known for how, known in near if how <= Nearness.ONE_EDIT) if not protocols else ()
    services = tuple(one for one in pods.exposed if one.port.name == name and one.port.protocol is protocol)
    yield UnresolvedName(name, _sorted(protocols), meant, services if not protocols else ())


def _number_cause(
    policy: NetworkPolicy, rule: Rule, protocol: Protocol, number: int, pods: Listeners
) -> Iterator[Cause]:
    services = tuple(
        one
        for one in pods.exposed
        if one.port.port == number and one.port.protocol is protocol and pods.targets(one.port)
    )
    others = _sorted(frozenset(p for p in Protocol if (p, number) in pods.ports))
    if services:
        targets = frozenset(target for one in services for target in pods.targets(one.port))
        if not any(_admits(policy, rule, protocol, target, pods) for target in targets):
            yield ServicePortMeant(services, tuple(sorted(targets)))
    elif others:
        if all(pods.says(other, number) and not _admits(policy, rule, other, number, pods) for other in others):
            yield OtherProtocol(number, others)
    elif rule.direction is Direction.INGRESS and pods.all_declare and not _is_for_whatever_runs(policy, rule, pods):
        yield Undeclared(number)


def _is_for_whatever_runs(policy: NetworkPolicy, rule: Rule, pods: Listeners) -> bool:
    """Whether a rule for every pod of a namespace lists the ports that pods may have, and some of them have one."""
    return policy.pod_selector.selects_everything and any(
        _means(entry, protocol, number, pods)
        for entry in (() if isinstance(rule.ports, EveryPort) else rule.ports)
        for protocol, number in pods.ports
    )


def _admits(policy: NetworkPolicy, rule: Rule, protocol: Protocol, number: int, pods: Listeners) -> bool:
    """Whether the policy admits a port to the peers of a rule."""
    return any(
        isinstance(other.ports, EveryPort) or any(_means(entry, protocol, number, pods) for entry in other.ports)
        for other in policy.rules(rule.direction)
        if _same_peers(rule, other)
    )


def _same_peers(rule: Rule, other: Rule) -> bool:
    if rule is other or isinstance(other.peers, Everyone):
        return True
    return not isinstance(rule.peers, Everyone) and set(map(peer_content, rule.peers)) <= set(
        map(peer_content, other.peers)
    )


def _means(entry: PortEntry, protocol: Protocol, number: int, pods: Listeners) -> bool:
    if entry.protocol is not protocol:
        return False
    match entry.target:
        case PortRange(first, last):
            return first <= number <= last
        case NamedPort(name):
            return any(port.name == name and port.protocol is protocol for port in pods.declared(number))
        case _:
            return True


def _sorted(protocols: frozenset[Protocol]) -> tuple[Protocol, ...]:
    return tuple(sorted(protocols, key=lambda protocol: protocol.value))
