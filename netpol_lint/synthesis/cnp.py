"""A planned policy as a CiliumNetworkPolicy, whose entities and names say what addresses cannot."""

from __future__ import annotations

from typing import Any, Final

from netpol_lint.algebra.ports import EVERY_PORT, HIGHEST, PortSet
from netpol_lint.needs.need import Addresses, Role
from netpol_lint.resources.policy import Direction
from netpol_lint.source.writing import COMMENT
from netpol_lint.synthesis.networking import MONITORING
from netpol_lint.synthesis.plan import Labels, Peer, Pods, Policy, Rule

_NAMESPACE: Final = "k8s:io.kubernetes.pod.namespace"
_API_SERVER: Final = ("kube-apiserver", "host", "remote-node")
"""Cilium gives it the first identity where it knows its address, else that of the node it runs on."""


def manifest(policy: Policy) -> dict[str, Any]:
    """The manifest as plain data, in the order it is written."""
    spec: dict[str, Any] = {"endpointSelector": _selector(policy.pods.labels)}
    for direction in policy.types:
        rules = policy.ingress if direction is Direction.INGRESS else policy.egress
        spec[direction.field] = [_rule(rule, direction, policy.pods.namespace) for rule in rules] or [{}]
    return {
        "apiVersion": "cilium.io/v2",
        "kind": "CiliumNetworkPolicy",
        "metadata": {"name": policy.name, "namespace": policy.pods.namespace},
        "spec": spec,
    }


def _rule(rule: Rule, direction: Direction, namespace: str) -> dict[str, Any]:
    data: dict[str, Any] = {COMMENT: list(rule.reasons)}
    data |= _peer(rule.peer, direction, namespace)
    if rule.ports != EVERY_PORT:
        entry: dict[str, Any] = {"ports": _ports(rule.ports)}
        if rule.peer is Role.DNS:
            entry["rules"] = {"dns": [{"matchPattern": "*"}]}  # what `toFQDNs` learns addresses from
        data["toPorts"] = [entry]
    return data


def _peer(peer: Peer, direction: Direction, namespace: str) -> dict[str, Any]:
    side = direction.peers_field
    match peer:
        case Pods(other, labels):
            return {f"{side}Endpoints": [_endpoint(other, labels, namespace)]}
        case Addresses(name, blocks):
            known = [str(block) for block in blocks.blocks()]
            return {f"{side}CIDR": known} if known else {f"{side}FQDNs": [{"matchName": name}]}
        case Role.DNS:
            return {f"{side}Endpoints": [_endpoint("kube-system", (("k8s-app", "kube-dns"),), namespace)]}
        case Role.SCRAPER:
            return {f"{side}Endpoints": [_endpoint(MONITORING, (), namespace)]}
        case Role.API_SERVER:
            return {f"{side}Entities": list(_API_SERVER)}
        case Role.WORLD:
            return {f"{side}Entities": ["all"]}


def _endpoint(namespace: str, labels: Labels, own: str) -> dict[str, Any]:
    return _selector(labels if namespace == own else ((_NAMESPACE, namespace), *labels))


def _selector(labels: Labels) -> dict[str, Any]:
    return {"matchLabels": dict(labels)} if labels else {}


def _ports(ports: PortSet) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = []
    for protocol, first, last in ports.port_spans():
        whole = (first, last) == (1, HIGHEST)
        entry: dict[str, Any] = {"port": "0" if whole else str(first), "protocol": protocol}
        entries.append({**entry, "endPort": last} if last > first and not whole else entry)
    return entries
