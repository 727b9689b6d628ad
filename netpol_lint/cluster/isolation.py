"""What a policy denies by default: whom it isolates, and whether it then admits everyone again."""

from __future__ import annotations

from collections.abc import Iterator

from netpol_lint.resources.policy import (
    AnyPod,
    Direction,
    Everyone,
    EveryPort,
    IPBlock,
    NetworkPolicy,
    Peer,
    Rule,
    SameNamespace,
)


def is_default_deny(policy: NetworkPolicy, direction: Direction) -> bool:
    """Whether it isolates every pod of its namespace, future ones included, and does not admit everyone.

    One that admits only its own namespace counts: it denies by default what comes from elsewhere.
    """
    if not policy.pod_selector.selects_everything or not policy.isolates(direction):
        return False
    return not any(True for _ in rules_for_everyone(policy, direction))


def rules_for_everyone(policy: NetworkPolicy, direction: Direction) -> Iterator[Rule]:
    """The rules that admit every port from (or to) everyone, or every pod of every namespace."""
    for rule in policy.rules(direction):
        if isinstance(rule.ports, EveryPort) and admits_everyone(rule):
            yield rule


def admits_everyone(rule: Rule) -> bool:
    """Whether a rule's peers are everyone, or at least every pod of every namespace."""
    return isinstance(rule.peers, Everyone) or any(means_everyone(peer) for peer in rule.peers)


def means_everyone(peer: Peer) -> bool:
    """Whether one peer is every pod of every namespace, or every address of a family."""
    if isinstance(peer, IPBlock):
        return peer.cidr.prefixlen == 0 and not peer.exceptions
    if isinstance(peer.namespaces, SameNamespace) or not peer.namespaces.selects_everything:
        return False
    return isinstance(peer.pods, AnyPod) or peer.pods.selects_everything
