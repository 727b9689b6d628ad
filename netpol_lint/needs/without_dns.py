"""Workloads that need names and cannot ask whom they would ask for them, or only over UDP."""

from __future__ import annotations

from collections.abc import Hashable, Iterator

from netpol_lint.algebra.ports import PortSet, ports
from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.diagnosis import Matched, Unmatched, diagnoses
from netpol_lint.cluster.isolation import covers_namespace
from netpol_lint.cluster.open_pods import is_meant_by_a_slip
from netpol_lint.connectivity.evaluator import Decided, of_ports
from netpol_lint.connectivity.network import Network
from netpol_lint.needs import names
from netpol_lint.needs.blocking import shows_all_policies
from netpol_lint.needs.dns_pods import PORT
from netpol_lint.needs.need import Need
from netpol_lint.needs.resolvers import servers_of
from netpol_lint.records import NamedTuple
from netpol_lint.resources.cluster_policy import Action, ClusterPolicy, ClusterRule
from netpol_lint.resources.policy import Direction, EveryPort, NetworkPolicy, PortRange, Protocol, Rule
from netpol_lint.resources.workload import Workload


class Asking(NamedTuple):
    """Whether a workload may ask for names, for each protocol over all that may answer it."""

    udp_denied: bool
    tcp_denied: bool
    lets_udp: tuple[Decided[PortSet], ...]
    """The rules that let it ask over UDP."""


class WithoutDns(NamedTuple):
    """Workloads that the same policies keep from cluster DNS, or from the same other name servers."""

    needs: tuple[Need, ...]
    """Of each of them."""
    workloads: tuple[Workload, ...]
    policies: tuple[NetworkPolicy, ...]
    """Those over the first of them."""
    has_tcp: bool
    """Whether they may ask over TCP, which is not how one begins."""

    @property
    def asked(self) -> tuple[str, ...]:
        """The name servers that they ask instead of cluster DNS."""
        return self.workloads[0].resolver.only


class UdpOnly(NamedTuple):
    """Workloads that the same rules let ask over UDP alone."""

    workloads: tuple[Workload, ...]
    policies: tuple[NetworkPolicy | ClusterPolicy, ...]
    rules: tuple[Rule | ClusterRule, ...]
    """The rules of these policies that do so."""


def without_dns(cluster: Cluster) -> Iterator[WithoutDns]:
    """The workloads that must resolve names and that no rule lets ask for them, by what denies it to them.

    Pods of one namespace with a policy that denies egress to all of them are told together. Left out are those of which
    a wrong selector explains it.
    """
    found: dict[Hashable, list[tuple[Need, Workload, bool]]] = {}
    for need in names.needs(cluster):
        workload = need.source
        if not isinstance(workload, Workload) or is_meant_by_a_slip(cluster, workload, Direction.EGRESS):
            continue
        asked = asking(cluster, workload)
        if asked and asked.udp_denied and not _is_explained(cluster, workload):
            same = workload.resolver, _denier(cluster, workload)
            found.setdefault(same, []).append((need, workload, not asked.tcp_denied))
    for together in found.values():
        needs, workloads, has_tcp = zip(*together, strict=True)
        over = cluster.policies_over(workloads[0], Direction.EGRESS)
        yield WithoutDns(needs, workloads, over, all(has_tcp))


def udp_only(cluster: Cluster) -> Iterator[UdpOnly]:
    """The workloads that may ask cluster DNS over UDP and not over TCP, by the rules that say so."""
    found: dict[Hashable, list[tuple[Workload, Asking]]] = {}
    for workload in cluster.workloads:
        asked = asking(cluster, workload) if workload.resolver.is_cluster_dns else ()
        if asked and asked.lets_udp and asked.tcp_denied:
            key = workload.namespace, frozenset(one.rule.at for one in asked.lets_udp)
            found.setdefault(key, []).append((workload, asked))
    for together in found.values():
        workloads, answers = zip(*together, strict=True)
        lets = {one.rule.at for one in answers[0].lets_udp}
        own = cluster.policies_over(workloads[0], Direction.EGRESS)
        over: tuple[NetworkPolicy | ClusterPolicy, ...] = (*own, *cluster.cluster_policies)
        rules = [(policy, rule) for policy in over for rule in policy.rules(Direction.EGRESS) if rule.at in lets]
        policies = {id(policy): policy for policy, _ in rules}
        yield UdpOnly(workloads, tuple(policies.values()), tuple(rule for _, rule in rules))


def asking(cluster: Cluster, workload: Workload) -> Asking | tuple[()]:
    """What a workload's policies say of asking for names.

    Nothing where they leave it open or are not all shown, and where it is not known who is asked.
    """
    if cluster.is_exempt(workload) or workload.is_opaque or not cluster.policies_over(workload, Direction.EGRESS):
        return ()
    if not shows_all_policies(cluster, workload, Direction.EGRESS):
        return ()
    network = Network.of(cluster)
    pod = network.pods[workload.id]
    answering = servers_of(cluster, workload)
    if not answering:
        return ()
    udp_denied = tcp_denied = True
    lets_udp: list[Decided[PortSet]] = []
    for server in answering:
        if server.end is pod:
            continue
        side = network.traffic(pod, server.end).egress
        outcome = side.outcome
        udp_denied = udp_denied and outcome.denied.has("UDP", server.port)
        tcp_denied = tcp_denied and outcome.denied.has("TCP", server.port)
        if outcome.allowed.has("UDP", server.port):
            on_udp = of_ports(side.decided, ports("UDP", server.port, server.port))
            lets_udp += (one for one in on_udp if one.action is Action.ALLOW)
    return Asking(udp_denied, tcp_denied, tuple(lets_udp))


def _denier(cluster: Cluster, workload: Workload) -> Hashable:
    over = cluster.policies_over(workload, Direction.EGRESS)
    covering = [id(policy) for policy in over if covers_namespace(policy, Direction.EGRESS)]
    return (workload.namespace, *(covering[:1] or map(id, over)))


def _is_explained(cluster: Cluster, workload: Workload) -> bool:
    """Whether a policy with a rule that may be for DNS has a peer that certainly picks nothing."""
    return any(
        id(policy) in cluster.once(_ill) and any(_may_be_for_dns(rule) for rule in policy.rules(Direction.EGRESS))
        for policy in cluster.policies_over(workload, Direction.EGRESS)
    )


def _ill(cluster: Cluster) -> frozenset[int]:
    return frozenset(
        id(policy)
        for policy, _, cause in diagnoses(cluster).peers
        if not (isinstance(cause, Matched) or (isinstance(cause, Unmatched) and not cause.proven))
    )


def _may_be_for_dns(rule: Rule) -> bool:
    if isinstance(rule.ports, EveryPort):
        return True
    return any(
        entry.protocol is Protocol.UDP
        and (not isinstance(entry.target, PortRange) or entry.target.first <= PORT <= entry.target.last)
        for entry in rule.ports
    )
