"""A planned policy as a NetworkPolicy of `networking.k8s.io/v1`."""

from __future__ import annotations

from typing import Any, Final

from netpol_lint.algebra.ports import EVERY_PORT, HIGHEST, NO_PORT, PortSet
from netpol_lint.needs.need import Addresses, Role
from netpol_lint.resources.namespace import NAME_LABEL
from netpol_lint.resources.policy import Direction
from netpol_lint.source.writing import COMMENT
from netpol_lint.synthesis.plan import Labels, Peer, Pods, Policy, Rule

_METADATA_SERVICE: Final = "169.254.169.254/32"
_PRIVATE: Final = ("10.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16")
_UNSELECTABLE: Final = (Role.WORLD, Role.API_SERVER)
MONITORING: Final = "monitoring"
"""Stands for the namespace of a Prometheus that the manifests do not show."""


def manifest(policy: Policy) -> dict[str, Any]:
    """The manifest as plain data, in the order it is written."""
    spec: dict[str, Any] = {
        "podSelector": _selector(policy.pods.labels),
        "policyTypes": [direction.value for direction in policy.types],
    }
    for direction, rules in ((Direction.INGRESS, policy.ingress), (Direction.EGRESS, policy.egress)):
        if rules:
            kept = _united(rules) if direction is Direction.INGRESS else rules
            spec[direction.field] = [_rule(rule, direction, policy.pods.namespace) for rule in kept]
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": policy.name, "namespace": policy.pods.namespace},
        "spec": spec,
    }


def _united(rules: tuple[Rule, ...]) -> list[Rule]:
    """The same with one rule for everyone, who stands for all that no selector picks, and only what it does not admit.

    What is left out has its reasons there: a port that is open to everyone need not be opened to anybody else.
    """
    for_all = [rule for rule in rules if rule.peer in _UNSELECTABLE]
    if not for_all:
        return list(rules)
    open_ports = NO_PORT
    for rule in for_all:
        open_ports |= rule.ports
    others = [rule for rule in rules if rule.peer not in _UNSELECTABLE]
    covered = [reason for rule in (*for_all, *others) if rule.ports & open_ports for reason in rule.reasons]
    rest = [rule._replace(ports=rule.ports - open_ports) for rule in others if rule.ports - open_ports]
    return [*rest, Rule(for_all[0].peer, open_ports, tuple(dict.fromkeys(covered)))]


def _rule(rule: Rule, direction: Direction, namespace: str) -> dict[str, Any]:
    data: dict[str, Any] = {COMMENT: _comments(rule, direction)}
    peers = _peers(rule.peer, direction, namespace)
    if peers:
        data[direction.peers_field] = peers
    if rule.ports != EVERY_PORT:
        data["ports"] = _ports(rule.ports)
    return data


def _comments(rule: Rule, direction: Direction) -> list[str]:
    """The needs a rule serves, and what stands for a peer that no selector picks."""
    match rule.peer:
        case Addresses(name, blocks) if not blocks:
            return [*rule.reasons, f"every public address, as those of {name} are not known"]
        case Role.SCRAPER:
            return [*rule.reasons, f"Prometheus is not in these manifests: namespace {MONITORING} stands for it"]
        case Role.API_SERVER if direction is Direction.EGRESS:
            return [*rule.reasons, "every address, as the API server's is not known"]
        case Role.API_SERVER | Role.WORLD:
            return [*rule.reasons, "everyone, as no selector picks who comes from outside"]
        case _:
            return list(rule.reasons)


def _peers(peer: Peer, direction: Direction, namespace: str) -> list[dict[str, Any]]:
    match peer:
        case Pods(other, labels):
            return [_pods(other, labels, namespace)]
        case Addresses(_, blocks):
            known = [{"ipBlock": {"cidr": str(block)}} for block in blocks.blocks()]
            return known or [{"ipBlock": {"cidr": "0.0.0.0/0", "except": list(_PRIVATE)}}]
        case Role.DNS:
            return [_pods("kube-system", (("k8s-app", "kube-dns"),), namespace)]
        case Role.SCRAPER:
            return [{"namespaceSelector": {"matchLabels": {NAME_LABEL: MONITORING}}}]
        case Role.API_SERVER if direction is Direction.EGRESS:
            return [{"ipBlock": {"cidr": "0.0.0.0/0", "except": [_METADATA_SERVICE]}}]
        case Role.API_SERVER | Role.WORLD:
            return []


def _pods(namespace: str, labels: Labels, own: str) -> dict[str, Any]:
    pods = {"podSelector": _selector(labels)}
    if namespace == own:
        return pods
    return {"namespaceSelector": {"matchLabels": {NAME_LABEL: namespace}}, **pods}


def _selector(labels: Labels) -> dict[str, Any]:
    return {"matchLabels": dict(labels)} if labels else {}


def _ports(ports: PortSet) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = []
    for protocol, first, last in ports.port_spans():
        entry: dict[str, Any] = {"protocol": protocol}
        if (first, last) != (1, HIGHEST):
            entry["port"] = first
            if last > first:
                entry["endPort"] = last
        entries.append(entry)
    return entries
