"""What custom rules may ask about: objects of a cluster as plain data, each with its place (docs/custom-rules.md)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.custom.unknown import default_deny, isolated
from netpol_lint.findings import NO_OBJECT
from netpol_lint.records import NamedTuple
from netpol_lint.resources.metadata import Metadata, ObjectRef, as_mapping
from netpol_lint.resources.namespace import Namespace
from netpol_lint.resources.policy import (
    AnyPod,
    Direction,
    IPBlock,
    NamedPort,
    NetworkPolicy,
    Peer,
    PortEntry,
    PortRange,
    Rule,
    SameNamespace,
)
from netpol_lint.resources.service import Service
from netpol_lint.resources.workload import Workload
from netpol_lint.source.location import Location, Span


class Fact(NamedTuple):
    """What an expression sees of one object, by name of the variable, and where the object stands."""

    variables: dict[str, Any]
    at: Location
    about: ObjectRef


def facts_of(cluster: Cluster, what: str) -> tuple[Fact, ...]:
    """The facts of a kind, one of `KINDS`, in source order. Equal parts of them are one object."""
    return cluster.once(KINDS[what])


LISTS_OF_PODS: Final = frozenset(("selects", "pods", "workloads"))
"""The facts that may be large: of every rule and peer, thousands of pods."""


def without_lists(facts: Any, keys: frozenset[str]) -> Any:
    """The same facts, the lists of pods of these keys empty: what is not asked for need not be copied each time."""
    match facts:
        case dict():
            return {key: _without(key, value, keys) for key, value in facts.items()}
        case [dict(), *_]:
            return [without_lists(item, keys) for item in facts]
        case _:
            return facts


def _without(key: str, value: Any, keys: frozenset[str]) -> Any:
    if key in LISTS_OF_PODS and isinstance(value, list):
        return [] if key in keys else value
    return without_lists(value, keys)


def _workloads(cluster: Cluster) -> tuple[Fact, ...]:
    return tuple(Fact({"workload": _workload(cluster, w)}, w.meta.at, w.meta.ref) for w in cluster.workloads)


def _policies(cluster: Cluster) -> tuple[Fact, ...]:
    return tuple(Fact({"policy": _policy(cluster, p)}, p.meta.at, p.meta.ref) for p in cluster.policies)


class _PlacedRule(NamedTuple):
    policy: NetworkPolicy
    rule: Rule
    variables: dict[str, Any]


def _each_rule(cluster: Cluster) -> tuple[_PlacedRule, ...]:
    return tuple(
        _PlacedRule(policy, rule, {**fact.variables, "rule": _rule(cluster, policy, rule)})
        for fact, policy in zip(facts_of(cluster, "policy"), cluster.policies, strict=True)
        for direction in Direction
        for rule in policy.rules(direction)
    )


def _rules(cluster: Cluster) -> tuple[Fact, ...]:
    placed = cluster.once(_each_rule)
    return tuple(Fact(variables, rule.at, policy.meta.ref) for policy, rule, variables in placed)


def _peers(cluster: Cluster) -> tuple[Fact, ...]:
    return tuple(
        Fact({**variables, "peer": facts}, peer.at, policy.meta.ref)
        for policy, rule, variables in cluster.once(_each_rule)
        for peer, facts in zip(peers_in(rule), variables["rule"]["peers"], strict=True)
    )


def _ports(cluster: Cluster) -> tuple[Fact, ...]:
    return tuple(
        Fact({**variables, "port": facts}, port.at, policy.meta.ref)
        for policy, rule, variables in cluster.once(_each_rule)
        for port, facts in zip(ports_in(rule), variables["rule"]["ports"], strict=True)
    )


def _namespaces(cluster: Cluster) -> tuple[Fact, ...]:
    """Those with a manifest: others have no place to point at."""
    declared = (one for one in cluster.namespaces.values() if one.manifests)
    return tuple(Fact({"ns": _namespace(cluster, n)}, n.manifests[0].at, n.manifests[0].ref) for n in declared)


def _services(cluster: Cluster) -> tuple[Fact, ...]:
    return tuple(Fact({"service": _service(cluster, s)}, s.meta.at, s.meta.ref) for s in cluster.services)


def _units(cluster: Cluster) -> tuple[Fact, ...]:
    """The unit, at the file that says what is deployed, else at its first object."""
    places = [meta.at for meta in cluster.namespace_manifests]
    places += [policy.meta.at for policy in cluster.policies]
    places += [workload.meta.at for workload in cluster.workloads]
    places += [service.meta.at for service in cluster.services]
    if not places:
        return ()
    at = Location(cluster.entry, Span(1, 1, 1, 1)) if cluster.entry else min(places)
    variables = {
        "name": cluster.name,
        "complete": not cluster.is_open,
        "namespaces": list(cluster.namespaces),
        "workloads": _pods(cluster, cluster.workloads),
        "policies": _names(cluster.policies),
        "otherPolicies": [str(meta.ref) for meta in _others(cluster)],
    }
    return (Fact({"unit": variables}, at, NO_OBJECT),)


KINDS: Final[Mapping[str, Callable[[Cluster], tuple[Fact, ...]]]] = {
    "workload": _workloads,
    "policy": _policies,
    "rule": _rules,
    "peer": _peers,
    "port": _ports,
    "namespace": _namespaces,
    "service": _services,
    "unit": _units,
}
"""What `for:` may say."""


def _pods(cluster: Cluster, workloads: Iterable[Workload]) -> list[dict[str, Any]]:
    """Workloads as lists of others name them: the same object for the same workload, however many lists it is in."""
    known = cluster.once(_each_pod)
    return [known[id(workload)] for workload in workloads]


def _each_pod(cluster: Cluster) -> Mapping[int, dict[str, Any]]:
    """By identity: two manifests may say the same name."""
    return {
        id(one): {"kind": one.meta.ref.kind, "namespace": one.namespace, "name": one.name, "labels": dict(one.labels)}
        for one in cluster.workloads
    }


def _workload(cluster: Cluster, one: Workload) -> dict[str, Any]:
    over = {policy.meta.name for direction in Direction for policy in cluster.policies_over(one, direction)}
    return {
        **cluster.once(_each_pod)[id(one)],
        "annotations": as_mapping(one.annotations),
        "ports": [{"name": p.name, "port": p.port, "protocol": p.protocol.value} for p in one.ports],
        "hostNetwork": one.host_network,
        "serviceAccount": one.service_account,
        "isolated": {direction.field: isolated(cluster, one, direction) for direction in Direction},
        "policies": sorted(over),
    }


def _policy(cluster: Cluster, one: NetworkPolicy) -> dict[str, Any]:
    return {
        "namespace": one.meta.namespace,
        "name": one.meta.name,
        "labels": as_mapping(one.meta.labels),
        "annotations": as_mapping(one.meta.annotations),
        "types": [direction.value for direction in Direction if one.isolates(direction)],
        "podSelector": one.pod_selector.as_data(),
        "selects": _pods(cluster, cluster.selected_by(one).certain),
    }


def _rule(cluster: Cluster, policy: NetworkPolicy, rule: Rule) -> dict[str, Any]:
    return {
        "direction": rule.direction.value,
        "everyone": not isinstance(rule.peers, tuple),
        "everyPort": not isinstance(rule.ports, tuple),
        "peers": [_peer(cluster, policy, peer) for peer in peers_in(rule)],
        "ports": [_port(port) for port in ports_in(rule)],
    }


def peers_in(rule: Rule) -> tuple[Peer, ...]:
    """The peers of a rule, none of one that is for everyone."""
    return rule.peers if isinstance(rule.peers, tuple) else ()


def ports_in(rule: Rule) -> tuple[PortEntry, ...]:
    """The entries of a rule's `ports`, none of one that is for every port."""
    return rule.ports if isinstance(rule.ports, tuple) else ()


def _peer(cluster: Cluster, policy: NetworkPolicy, peer: Peer) -> dict[str, Any]:
    """All keys are always there; a selector that is not written is no key of `selectors`.

    Peers that mean the same in the same words are one object, which is then looked at once.
    """
    if isinstance(peer, IPBlock):
        excepted = [str(network) for network, _ in peer.exceptions]
        return {"kind": "ipBlock", "selectors": {}, "cidr": str(peer.cidr), "except": excepted, "pods": []}
    selectors: dict[str, Any] = {}
    if not isinstance(peer.namespaces, SameNamespace):
        selectors["namespaceSelector"] = peer.namespaces.as_data()
    if not isinstance(peer.pods, AnyPod):
        selectors["podSelector"] = peer.pods.as_data()
    known = cluster.once(_peers_by_text)
    key = ("" if "namespaceSelector" in selectors else policy.meta.namespace, str(selectors))
    if key not in known:
        pods = _pods(cluster, cluster.peer_pods(policy, peer).certain)
        known[key] = {"kind": "pods", "selectors": selectors, "cidr": "", "except": [], "pods": pods}
    return known[key]


def _peers_by_text(_cluster: Cluster) -> dict[tuple[str, str], dict[str, Any]]:
    """By the namespace of the policy, if that matters, and the selectors: filled by `_peer`."""
    return {}


def _port(port: PortEntry) -> dict[str, Any]:
    """`port` and `endPort` are 0 and `name` is "" where they do not say anything."""
    numbers = (port.target.first, port.target.last) if isinstance(port.target, PortRange) else (0, 0)
    name = port.target.name if isinstance(port.target, NamedPort) else ""
    return {"protocol": port.protocol.value, "port": numbers[0], "endPort": numbers[1], "name": name}


def _namespace(cluster: Cluster, one: Namespace) -> dict[str, Any]:
    return {
        "name": one.name,
        "labels": dict(one.labels),
        "complete": not cluster.may_hold_more(one.name),
        "workloads": _pods(cluster, cluster.pods_in(one.name)),
        "policies": _names(cluster.policies_in(one.name)),
        "otherPolicies": [str(meta.ref) for meta in _others(cluster) if meta.namespace == one.name],
        "defaultDeny": {direction.field: default_deny(cluster, one.name, direction) for direction in Direction},
    }


def _service(cluster: Cluster, one: Service) -> dict[str, Any]:
    selector = one.selector if one.has_selector else None
    return {
        "namespace": one.meta.namespace,
        "name": one.meta.name,
        "labels": as_mapping(one.meta.labels),
        "annotations": as_mapping(one.meta.annotations),
        "type": one.type,
        "headless": one.headless,
        "ports": [{"name": p.name, "port": p.port, "protocol": p.protocol.value} for p in one.ports],
        "selects": _pods(cluster, cluster.matching(one.meta.namespace, selector).certain) if selector else [],
    }


def _others(cluster: Cluster) -> Iterator[Metadata]:
    """The policies of which there are no facts: rejected ones, and those of other dialects and of the cluster tier."""
    for others in (cluster.rejected, cluster.foreign, cluster.cluster_policies, cluster.rejected_cluster_policies):
        yield from (policy.meta for policy in others)


def _names(policies: Iterable[NetworkPolicy]) -> list[str]:
    return [f"{policy.meta.namespace}/{policy.meta.name}" for policy in policies]
