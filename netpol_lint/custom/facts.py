"""What custom rules may ask about: objects of a cluster as plain data, each with its place (docs/custom-rules.md)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.findings import NO_OBJECT
from netpol_lint.resources.metadata import ObjectRef, as_mapping
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
    """The facts of a kind, one of `KINDS`, in source order."""
    return tuple(KINDS[what](cluster))


def _workloads(cluster: Cluster) -> Iterator[Fact]:
    for one in cluster.workloads:
        yield Fact({"workload": _workload(cluster, one)}, one.meta.at, one.meta.ref)


def _policies(cluster: Cluster) -> Iterator[Fact]:
    for one in cluster.policies:
        yield Fact({"policy": _policy(cluster, one)}, one.meta.at, one.meta.ref)


def _rules(cluster: Cluster) -> Iterator[Fact]:
    for policy, rule, variables in _each_rule(cluster):
        yield Fact(variables, rule.at, policy.meta.ref)


def _peers(cluster: Cluster) -> Iterator[Fact]:
    for policy, rule, variables in _each_rule(cluster):
        for peer in rule.peers if isinstance(rule.peers, tuple) else ():
            yield Fact({**variables, "peer": _peer(cluster, policy, peer)}, peer.at, policy.meta.ref)


def _ports(cluster: Cluster) -> Iterator[Fact]:
    for policy, rule, variables in _each_rule(cluster):
        for port in rule.ports if isinstance(rule.ports, tuple) else ():
            yield Fact({**variables, "port": _port(port)}, port.at, policy.meta.ref)


def _namespaces(cluster: Cluster) -> Iterator[Fact]:
    """Those with a manifest: others have no place to point at."""
    for one in cluster.namespaces.values():
        if one.manifests:
            meta = one.manifests[0]
            yield Fact({"ns": _namespace(cluster, one)}, meta.at, meta.ref)


def _services(cluster: Cluster) -> Iterator[Fact]:
    for one in cluster.services:
        yield Fact({"service": _service(one)}, one.meta.at, one.meta.ref)


def _units(cluster: Cluster) -> Iterator[Fact]:
    metas = [*cluster.namespace_manifests, *(p.meta for p in cluster.policies), *(w.meta for w in cluster.workloads)]
    if metas:
        path = min(meta.at.path for meta in metas)
        variables = {
            "name": cluster.name,
            "namespaces": list(cluster.namespaces),
            "workloads": [one.id for one in cluster.workloads],
            "policies": _names(cluster.policies),
        }
        yield Fact({"unit": variables}, Location(path, Span(1, 1, 1, 1)), NO_OBJECT)


KINDS: Final[Mapping[str, Callable[[Cluster], Iterable[Fact]]]] = {
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


def _each_rule(cluster: Cluster) -> Iterator[tuple[NetworkPolicy, Rule, dict[str, Any]]]:
    for policy in cluster.policies:
        own = _policy(cluster, policy)
        for direction in Direction:
            for rule in policy.rules(direction):
                yield policy, rule, {"policy": own, "rule": _rule(cluster, policy, rule)}


def _workload(cluster: Cluster, one: Workload) -> dict[str, Any]:
    over = {direction.field: cluster.policies_over(one, direction) for direction in Direction}
    return {
        "kind": one.meta.ref.kind,
        "namespace": one.namespace,
        "name": one.name,
        "labels": dict(one.labels),
        "annotations": as_mapping(one.annotations),
        "ports": [{"name": p.name, "port": p.port, "protocol": p.protocol.value} for p in one.ports],
        "hostNetwork": one.host_network,
        "serviceAccount": one.service_account,
        "isolated": {field: bool(policies) for field, policies in over.items()},
        "policies": sorted({policy.meta.name for policies in over.values() for policy in policies}),
    }


def _policy(cluster: Cluster, one: NetworkPolicy) -> dict[str, Any]:
    return {
        "namespace": one.meta.namespace,
        "name": one.meta.name,
        "labels": as_mapping(one.meta.labels),
        "annotations": as_mapping(one.meta.annotations),
        "types": [direction.value for direction in Direction if one.isolates(direction)],
        "podSelector": one.pod_selector.as_data(),
        "selects": [workload.id for workload in cluster.selected_by(one).certain],
    }


def _rule(cluster: Cluster, policy: NetworkPolicy, rule: Rule) -> dict[str, Any]:
    peers = rule.peers if isinstance(rule.peers, tuple) else ()
    return {
        "direction": rule.direction.value,
        "everyone": not isinstance(rule.peers, tuple),
        "everyPort": not isinstance(rule.ports, tuple),
        "peers": [_peer(cluster, policy, peer) for peer in peers],
        "ports": [_port(port) for port in rule.ports] if isinstance(rule.ports, tuple) else [],
    }


def _peer(cluster: Cluster, policy: NetworkPolicy, peer: Peer) -> dict[str, Any]:
    """All keys are always there; a selector that is not written is no key of `selectors`."""
    if isinstance(peer, IPBlock):
        excepted = [str(network) for network, _ in peer.exceptions]
        return {"kind": "ipBlock", "selectors": {}, "cidr": str(peer.cidr), "except": excepted, "pods": []}
    selectors: dict[str, Any] = {}
    if not isinstance(peer.namespaces, SameNamespace):
        selectors["namespaceSelector"] = peer.namespaces.as_data()
    if not isinstance(peer.pods, AnyPod):
        selectors["podSelector"] = peer.pods.as_data()
    pods = [workload.id for workload in cluster.peer_pods(policy, peer).certain]
    return {"kind": "pods", "selectors": selectors, "cidr": "", "except": [], "pods": pods}


def _port(port: PortEntry) -> dict[str, Any]:
    """`port` and `endPort` are 0 and `name` is "" where they do not say anything."""
    numbers = (port.target.first, port.target.last) if isinstance(port.target, PortRange) else (0, 0)
    name = port.target.name if isinstance(port.target, NamedPort) else ""
    return {"protocol": port.protocol.value, "port": numbers[0], "endPort": numbers[1], "name": name}


def _namespace(cluster: Cluster, one: Namespace) -> dict[str, Any]:
    policies = cluster.policies_in(one.name)
    return {
        "name": one.name,
        "labels": dict(one.labels),
        "workloads": [workload.id for workload in cluster.pods_in(one.name)],
        "policies": _names(policies),
        "defaultDeny": {d.field: any(_denies_all(policy, d) for policy in policies) for d in Direction},
    }


def _service(one: Service) -> dict[str, Any]:
    return {
        "namespace": one.meta.namespace,
        "name": one.meta.name,
        "labels": as_mapping(one.meta.labels),
        "annotations": as_mapping(one.meta.annotations),
        "type": one.type,
        "headless": one.headless,
        "ports": [{"name": p.name, "port": p.port, "protocol": p.protocol.value} for p in one.ports],
    }


def _denies_all(policy: NetworkPolicy, direction: Direction) -> bool:
    """Whether it is the namespace's default deny: it selects every pod and has no rule."""
    return policy.isolates(direction) and policy.pod_selector.selects_everything and not policy.rules(direction)


def _names(policies: Iterable[NetworkPolicy]) -> list[str]:
    return [f"{policy.meta.namespace}/{policy.meta.name}" for policy in policies]
