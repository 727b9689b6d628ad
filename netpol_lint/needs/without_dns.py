"""Workloads that need names and cannot ask whom they would ask for them, or only over UDP."""

from __future__ import annotations

from collections.abc import Hashable, Iterator

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.diagnosis import Matched, Unmatched, diagnoses
from netpol_lint.cluster.isolation import covers_namespace
from netpol_lint.cluster.open_pods import is_meant_by_a_slip
from netpol_lint.connectivity.network import Network
from netpol_lint.needs import names
from netpol_lint.needs.blocking import shows_all_policies
from netpol_lint.needs.dns_pods import PORT
from netpol_lint.needs.need import Need
from netpol_lint.needs.resolvers import servers_of
from netpol_lint.records import NamedTuple
from netpol_lint.resources.policy import Direction, EveryPort, NetworkPolicy, PortRange, Protocol, Rule
from netpol_lint.resources.workload import Workload


class Asking(NamedTuple):
    """Whether a workload may ask for names, for each protocol over all that may answer it."""

    udp_denied: bool
    udp_allowed: bool
    tcp_denied: bool


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
    """Workloads that the same policies let ask over UDP alone."""

    workloads: tuple[Workload, ...]
    policies: tuple[NetworkPolicy, ...]
    """Those with rules for UDP."""

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Their rules for UDP."""
        return tuple(r for policy in self.policies for r in policy.rules(Direction.EGRESS) if _may_be_for_dns(r))


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
    """The workloads that may ask cluster DNS over UDP and not over TCP, by the policies that say so."""
    found: dict[Hashable, tuple[list[Workload], tuple[NetworkPolicy, ...]]] = {}
    for workload in cluster.workloads:
        asked = asking(cluster, workload) if workload.resolver.is_cluster_dns else ()
        if asked and asked.udp_allowed and asked.tcp_denied:
            over = cluster.policies_over(workload, Direction.EGRESS)
            opening = tuple(p for p in over if any(_may_be_for_dns(rule) for rule in p.rules(Direction.EGRESS)))
            key = workload.namespace, *(id(policy) for policy in opening)
            found.setdefault(key, ([], opening))[0].append(workload)
    for workloads, policies in found.values():
        yield UdpOnly(tuple(workloads), policies)


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
    udp_allowed = False
    for server in answering:
        if server.end is pod:
            continue
        outcome = network.traffic(pod, server.end).egress.outcome
        udp_denied = udp_denied and outcome.denied.has("UDP", server.port)
        tcp_denied = tcp_denied and outcome.denied.has("TCP", server.port)
        udp_allowed = udp_allowed or outcome.allowed.has("UDP", server.port)
    return Asking(udp_denied, udp_allowed, tcp_denied)


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
