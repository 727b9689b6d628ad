"""Rules for everyone, or for far more ends than anybody could name: everywhere, wide address blocks, all namespaces."""

from __future__ import annotations

from collections.abc import Iterator

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.explained_rules import explained_rules, opened_namespaces
from netpol_lint.cluster.host_network import selects_only_host_network
from netpol_lint.cluster.isolation import is_every_pod, opens_every_port
from netpol_lint.cluster.port_troubles import Undeclared, troubles_of
from netpol_lint.cluster.publishing import is_published
from netpol_lint.cluster.scraped_ports import is_scraped
from netpol_lint.cluster.split_peers import split_peers
from netpol_lint.cluster.split_rules import is_dns, is_for_webhook
from netpol_lint.records import NamedTuple
from netpol_lint.resources.policy import Direction, Everyone, EveryPort, IPBlock, NetworkPolicy, Peer, PodPeer, Rule
from netpol_lint.resources.workload import Workload
from netpol_lint.source.location import Location


class OpenRule(NamedTuple):
    """A rule that lets everyone reach pods that nothing publishes (NP301), or pods reach everything (NP304)."""

    policy: NetworkPolicy
    rule: Rule
    at: Location
    """The empty `from` or `to`, else the rule."""
    pods: tuple[Workload, ...]
    """For ingress, those that nothing publishes."""


class WideRule(NamedTuple):
    """A rule with peers that mean far more than anybody could name (NP302, NP303)."""

    policy: NetworkPolicy
    rule: Rule
    blocks: tuple[IPBlock, ...]
    everywhere: tuple[PodPeer, ...]
    """Peers that are every pod of every namespace. Either these or `blocks` is empty."""
    pods: tuple[Workload, ...]
    """For ingress, those that nothing publishes."""


def open_rules(cluster: Cluster) -> Iterator[OpenRule]:
    """The ingress rules without peers, in source order.

    DNS and webhooks are for everyone on purpose: their clients are every pod, and the API server, which no selector
    picks. Left out is what another rule explains, and what unseen objects of the namespace may publish.
    """
    for policy in cluster.policies:
        rules = [rule for rule in policy.rules(Direction.INGRESS) if isinstance(rule.peers, Everyone)]
        for rule, pods in _unpublished(cluster, policy, rules):
            yield OpenRule(policy, rule, _place(rule), pods)


def open_egress(cluster: Cluster) -> Iterator[OpenRule]:
    """The egress rules to anywhere on every port, or at least on every TCP port, that no other finding explains."""
    for policy in cluster.policies:
        for rule in _egress(cluster, policy):
            if not isinstance(rule.peers, Everyone) or not opens_every_port(rule):
                continue
            explained = explained_rules(cluster, policy, Direction.EGRESS)
            if rule.at not in explained | opened_namespaces(cluster, Direction.EGRESS):
                yield OpenRule(policy, rule, _place(rule), cluster.selected_by(policy).certain)


def wide_blocks(cluster: Cluster, widest: int, widest_of_6: int) -> Iterator[WideRule]:
    """The rules with address blocks whose prefix is shorter than the widest that goes, in source order.

    Egress blocks with exceptions are narrowed by somebody who thought of them.
    """
    for policy in cluster.policies:
        ingress = [rule for rule in policy.rules(Direction.INGRESS) if _wide(rule, widest, widest_of_6)]
        for rule, pods in _unpublished(cluster, policy, ingress):
            yield WideRule(policy, rule, _wide(rule, widest, widest_of_6), (), pods)
        for rule in _egress(cluster, policy):
            blocks = tuple(block for block in _wide(rule, widest, widest_of_6) if not block.exceptions)
            if blocks and not _is_dns(rule) and rule.at not in explained_rules(cluster, policy, Direction.EGRESS):
                yield WideRule(policy, rule, blocks, (), cluster.selected_by(policy).certain)


def open_to_namespaces(cluster: Cluster) -> Iterator[WideRule]:
    """The rules with a peer that is every pod of every namespace, in source order.

    Left out are those that admit every address besides, and so more than that (NP302); what monitors scrape, as they
    may run anywhere; and egress on every port, which is how one keeps pods inside the cluster.
    """
    for policy in cluster.policies:
        ingress = [rule for rule in policy.rules(Direction.INGRESS) if _everywhere(rule)]
        for rule, pods in _unpublished(cluster, policy, ingress):
            if not _is_for_monitors(cluster, policy, rule, pods):
                yield from _not_split(cluster, WideRule(policy, rule, (), _everywhere(rule), pods))
        for rule in _egress(cluster, policy):
            peers = () if isinstance(rule.ports, EveryPort) else _everywhere(rule)
            if peers and not _is_dns(rule) and rule.at not in explained_rules(cluster, policy, Direction.EGRESS):
                pods = cluster.selected_by(policy).certain
                yield from _not_split(cluster, WideRule(policy, rule, (), peers, pods))


def _egress(cluster: Cluster, policy: NetworkPolicy) -> tuple[Rule, ...]:
    """The egress rules of a policy, if it applies to anything (NP205)."""
    rules = policy.rules(Direction.EGRESS)
    return () if rules and selects_only_host_network(cluster, policy) else rules


def _not_split(cluster: Cluster, found: WideRule) -> Iterator[WideRule]:
    """The rule without the peers that only a dash made so wide (NP108)."""
    split = [one.namespaces for one in split_peers(cluster, found.policy, found.rule)]
    peers = tuple(peer for peer in found.everywhere if not any(peer.namespaces is one for one in split))
    if peers:
        yield found._replace(everywhere=peers)


def _unpublished(
    cluster: Cluster, policy: NetworkPolicy, rules: list[Rule]
) -> Iterator[tuple[Rule, tuple[Workload, ...]]]:
    """The ingress rules that open something, not for everyone on purpose, with the pods that nothing publishes."""
    if not rules or cluster.may_hold_more(policy.meta.namespace):
        return
    selected = cluster.selected_by(policy).certain
    pods = tuple(workload for workload in selected if not is_published(cluster, workload))
    explained = explained_rules(cluster, policy, Direction.INGRESS) if pods else frozenset()
    for rule in rules if pods else ():
        if rule.at not in explained and not _is_for_all(policy, rule, pods):
            if not _opens_nothing(cluster, policy, rule):
                yield rule, pods


def _is_for_monitors(cluster: Cluster, policy: NetworkPolicy, rule: Rule, pods: tuple[Workload, ...]) -> bool:
    if isinstance(rule.ports, EveryPort):
        return False
    return all(is_scraped(cluster, entry, pods) or is_for_webhook(policy, (entry,), pods) for entry in rule.ports)


def _place(rule: Rule) -> Location:
    return rule.peers.at if isinstance(rule.peers, Everyone) else rule.at


def _wide(rule: Rule, widest: int, widest_of_6: int) -> tuple[IPBlock, ...]:
    return tuple(
        peer
        for peer in _peers(rule)
        if isinstance(peer, IPBlock) and peer.cidr.prefixlen < (widest if peer.cidr.version == 4 else widest_of_6)
    )


def _everywhere(rule: Rule) -> tuple[PodPeer, ...]:
    peers = _peers(rule)
    if any(isinstance(peer, IPBlock) and not peer.cidr.prefixlen and not peer.exceptions for peer in peers):
        return ()
    return tuple(peer for peer in peers if isinstance(peer, PodPeer) and is_every_pod(peer))


def _peers(rule: Rule) -> tuple[Peer, ...]:
    return rule.peers if isinstance(rule.peers, tuple) else ()


def _is_dns(rule: Rule) -> bool:
    return not isinstance(rule.ports, EveryPort) and all(is_dns(entry) for entry in rule.ports)


def _is_for_all(policy: NetworkPolicy, rule: Rule, pods: tuple[Workload, ...]) -> bool:
    if isinstance(rule.ports, EveryPort):
        return False
    return _is_dns(rule) or is_for_webhook(policy, rule.ports, pods)


def _opens_nothing(cluster: Cluster, policy: NetworkPolicy, rule: Rule) -> bool:
    """Whether the pods surely listen on none of a rule's ports, and NP402, NP403 or NP404 says why."""
    if isinstance(rule.ports, EveryPort):
        return False
    of_rule = (t for t in troubles_of(cluster, policy) if t.rule is rule and not isinstance(t.cause, Undeclared))
    void = {id(trouble.entry) for trouble in of_rule}
    return all(id(entry) in void for entry in rule.ports)
