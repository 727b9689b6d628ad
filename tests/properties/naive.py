"""A second evaluator, as slow and simple as can be: it reads manifests, and asks one question about one port at a time.

It shares no code with the engine. What nobody knows is tried out: every address a pod may have, every order of policies
of equal priority, every choice of labels that no manifest shows.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from ipaddress import ip_address, ip_network
from typing import Any, NamedTuple, TypeAlias

Manifest: TypeAlias = dict[str, Any]
WITNESSES = ("10.1.2.3", "10.200.0.1", "172.16.0.9", "172.20.0.1", "8.8.8.8", "8.9.0.1", "192.168.7.7")
"""Addresses such that any two sets of addresses the generated policies mention are told apart by one of them."""


class End(NamedTuple):
    """One end in one world: everything about it is known."""

    namespace: str
    """"" outside the cluster."""
    namespace_labels: dict[str, str]
    labels: dict[str, str]
    address: str
    ports: list[Manifest]
    host_network: bool
    own_node: bool = False
    """Whether a hostNetwork pod is on the same node as the other end."""


class Question(NamedTuple):
    source: End
    destination: End
    protocol: str
    port: int


def verdicts(question: Question, policies: list[Manifest]) -> set[bool]:
    """Whether it is allowed, with policies of equal priority asked in every order: on each side in one of its own."""
    egress, ingress = (
        {side(question, direction, ordered) for ordered in orders(policies)} for direction in ("egress", "ingress")
    )
    return {leaving and entering for leaving in egress for entering in ingress}


def side(question: Question, direction: str, policies: list[Manifest]) -> bool:
    subject, other = question.source, question.destination
    if direction == "ingress":
        subject, other = other, subject
    if not subject.namespace or subject.host_network:
        return True
    for tier in ("Admin", "NetworkPolicy", "Baseline"):
        if tier == "NetworkPolicy":
            isolating = [policy for policy in network_policies(policies, subject) if direction in types_of(policy)]
            if isolating:
                return other.own_node or any(
                    admits(policy, rule, question, direction)
                    for policy in isolating
                    for rule in rules(policy, direction)
                )
            continue
        verdict = first_decision(of_tier(policies, tier), question, direction, subject)
        if verdict in ("Allow", "Accept"):
            return True
        if verdict == "Deny":
            return False
    return True


# -- NetworkPolicy ------------------------------------------------------------------------------------------------


def network_policies(policies: list[Manifest], subject: End) -> Iterator[Manifest]:
    for policy in policies:
        if policy["kind"] == "NetworkPolicy" and policy["metadata"]["namespace"] == subject.namespace:
            if selects(policy["spec"].get("podSelector") or {}, subject.labels):
                yield policy


def types_of(policy: Manifest) -> set[str]:
    types = policy["spec"].get("policyTypes")
    if types:
        return {name.lower() for name in types}
    return {"ingress", "egress"} if policy["spec"].get("egress") else {"ingress"}


def rules(policy: Manifest, direction: str) -> list[Manifest]:
    return [rule or {} for rule in policy["spec"].get(direction) or ()]


def admits(policy: Manifest, rule: Manifest, question: Question, direction: str) -> bool:
    peers = rule.get("from" if direction == "ingress" else "to")
    other = question.source if direction == "ingress" else question.destination
    if peers and not any(is_peer(policy, peer, other) for peer in peers):
        return False
    ports = rule.get("ports")
    return not ports or any(is_port(port or {}, question) for port in ports)


def is_peer(policy: Manifest, peer: Manifest, other: End) -> bool:
    if "ipBlock" in peer:
        block = peer["ipBlock"]
        return within(other.address, block["cidr"]) and not any(
            within(other.address, x) for x in block.get("except") or ()
        )
    if not other.namespace or other.host_network:
        return False
    if peer.get("namespaceSelector") is None:
        if other.namespace != policy["metadata"]["namespace"]:
            return False
    elif not selects(peer["namespaceSelector"], other.namespace_labels):
        return False
    return peer.get("podSelector") is None or selects(peer["podSelector"], other.labels)


def is_port(port: Manifest, question: Question) -> bool:
    if port.get("protocol", "TCP") != question.protocol:
        return False
    wanted = port.get("port")
    if wanted is None:
        return True
    if isinstance(wanted, str):
        return names_port(wanted, question)
    first, last = int(port["port"]), int(port.get("endPort") or port["port"])
    return first <= question.port <= last


# -- cluster tiers ------------------------------------------------------------------------------------------------


def of_tier(policies: list[Manifest], tier: str) -> list[Manifest]:
    kinds = {"AdminNetworkPolicy": "Admin", "BaselineAdminNetworkPolicy": "Baseline"}
    found = [
        p for p in policies if kinds.get(p["kind"], p["spec"].get("tier")) == tier and p["kind"] != "NetworkPolicy"
    ]
    return sorted(found, key=lambda policy: int(policy["spec"].get("priority", 0)))


def first_decision(policies: list[Manifest], question: Question, direction: str, subject: End) -> str:
    for policy in policies:
        chosen = policy["spec"]["subject"]
        if "namespaces" in chosen:
            applies = selects(chosen["namespaces"], subject.namespace_labels)
        else:
            applies = is_namespaced_pod(chosen["pods"], subject)
        for rule in policy["spec"].get(direction) or () if applies else ():
            action = matching_action(rule, question, direction)
            if action:
                return action
    return ""


def matching_action(rule: Manifest, question: Question, direction: str) -> str:
    peers = rule["from" if direction == "ingress" else "to"]
    action = str(rule["action"])
    if any("future" in peer for peer in peers):
        return "" if action in ("Allow", "Accept") else "Deny"
    other = question.source if direction == "ingress" else question.destination
    ports = rule.get("ports", rule.get("protocols"))
    matches = any(is_cluster_peer(peer, other) for peer in peers) and (
        ports is None or any(is_cluster_port(port, question) for port in ports)
    )
    return action if matches else ""


def is_cluster_peer(peer: Manifest, other: End) -> bool:
    if "networks" in peer:
        return any(within(other.address, network) for network in peer["networks"])
    if not other.namespace or other.host_network:
        return False
    if "namespaces" in peer:
        return selects(peer["namespaces"], other.namespace_labels)
    return is_namespaced_pod(peer["pods"], other)


def is_namespaced_pod(pods: Manifest, end: End) -> bool:
    return selects(pods["namespaceSelector"], end.namespace_labels) and selects(pods["podSelector"], end.labels)


def is_cluster_port(port: Manifest, question: Question) -> bool:
    if "portNumber" in port:
        number = port["portNumber"]
        return (number["protocol"], number["port"]) == (question.protocol, question.port)
    if "portRange" in port:
        span = port["portRange"]
        return bool(span["protocol"] == question.protocol and span["start"] <= question.port <= span["end"])
    if "namedPort" in port or "destinationNamedPort" in port:
        return names_port(port.get("namedPort") or port["destinationNamedPort"], question)
    entry = port.get(question.protocol.lower())
    if entry is None:
        return False
    destination = entry.get("destinationPort")
    if destination is None:
        return True
    if "number" in destination:
        return bool(destination["number"] == question.port)
    return bool(destination["range"]["start"] <= question.port <= destination["range"]["end"])


# -- both ---------------------------------------------------------------------------------------------------------


def names_port(name: str, question: Question) -> bool:
    return any(
        port.get("name") == name and port["protocol"] == question.protocol and port["port"] == question.port
        for port in question.destination.ports
    )


def within(address: str, network: str) -> bool:
    one, block = ip_address(address), ip_network(network)
    return one.version == block.version and one in block


def selects(selector: Manifest, labels: dict[str, str]) -> bool:
    for key, value in (selector.get("matchLabels") or {}).items():
        if labels.get(key) != value:
            return False
    for expression in selector.get("matchExpressions") or ():
        key, operator, values = expression["key"], expression["operator"], expression.get("values") or ()
        holds = {
            "In": key in labels and labels[key] in values,
            "NotIn": key not in labels or labels[key] not in values,
            "Exists": key in labels,
            "DoesNotExist": key not in labels,
        }
        if not holds[operator]:
            return False
    return True


# -- worlds -------------------------------------------------------------------------------------------------------


def orders(policies: list[Manifest]) -> Iterator[list[Manifest]]:
    """The policies in every order that priorities leave open."""
    by_priority: dict[tuple[str, int], list[Manifest]] = {}
    for policy in policies:
        tier = policy["spec"].get("tier", policy["kind"])
        by_priority.setdefault((tier, policy["spec"].get("priority", 0)), []).append(policy)
    clustered = [group for group in by_priority.values() if group[0]["kind"] != "NetworkPolicy"]
    rest = [policy for policy in policies if policy["kind"] == "NetworkPolicy"]
    for ordered in itertools.product(*(itertools.permutations(group) for group in clustered)):
        yield [*rest, *(policy for group in ordered for policy in group)]
