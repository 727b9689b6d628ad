"""Services that a workload names and cannot reach, where nothing but a missing rule explains it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from netpol_lint.algebra.ports import NO_PORT, PortSet
from netpol_lint.cluster.closing_causes import is_closing_explained
from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.diagnosis import Matched, Unmatched, all_diagnoses
from netpol_lint.cluster.open_pods import is_meant_by_a_slip
from netpol_lint.cluster.port_troubles import Undeclared, troubles_of
from netpol_lint.connectivity.evaluator import of_ports
from netpol_lint.connectivity.network import Network
from netpol_lint.connectivity.one_sided import one_sided
from netpol_lint.connectivity.unreachable import is_unreachable
from netpol_lint.connectivity.verdicts import Traffic
from netpol_lint.needs.blocking import shows_all_policies
from netpol_lint.needs.references import Reference, called_ports, pods_named, references
from netpol_lint.needs.service_names import Named
from netpol_lint.records import NamedTuple
from netpol_lint.resources.cluster_policy import Action
from netpol_lint.resources.policy import Direction, NetworkPolicy, Protocol
from netpol_lint.resources.service import Service
from netpol_lint.resources.workload import Workload


class BlockedReference(NamedTuple):
    """A Service that a workload names, each of whose pods it cannot reach on any port that is meant."""

    source: Workload
    service: Service
    references: tuple[Reference, ...]
    """Every text that names it so, in order."""
    destinations: tuple[Workload, ...]
    ports: PortSet
    """On the pods."""
    leaving: tuple[str, ...]
    """The policies that do not let it out, by their names; none where others do not matter."""
    entering: tuple[str, ...]
    """Those that do not let it in."""


class _Way(NamedTuple):
    """From a workload's pods to those of one behind the Service."""

    destination: Workload
    ports: PortSet
    out: PortSet
    """The ports that the source's own policies do not let out, as far as they are all shown."""
    into: PortSet
    traffic: Traffic


def blocked_references(cluster: Cluster) -> Iterator[BlockedReference]:
    """The Services that workloads name and cannot reach, in the order of the workloads.

    Left out is what the unit does not show enough of, and what another finding explains or says: a wrong selector or
    port, a peer that only one side admits (NP406), a Service that is open to nobody (NP405).
    """
    found: dict[tuple[str, object, object], list[BlockedReference]] = {}
    for reference in references(cluster):
        meaning = reference.meaning
        if isinstance(meaning, Named) and not reference.workload.refers_to:
            for one in _blocked(cluster, reference, meaning):
                key = one.source.id, one.source.meta.at, one.service.meta.at
                found.setdefault(key, []).append(one)
    for same in found.values():
        ports = NO_PORT
        for one in same:
            ports |= one.ports
        yield same[0]._replace(references=tuple(one.references[0] for one in same), ports=ports)


def _blocked(cluster: Cluster, reference: Reference, named: Named) -> Iterator[BlockedReference]:
    source, service = reference.workload, named.service
    place = service.meta.namespace
    pods = tuple(pod for pod in pods_named(cluster, named) if pod.id != source.id)
    if not pods or len(pods) < len(pods_named(cluster, named)) or cluster.may_hold_more(place):
        return
    if not cluster.cluster_policies and not _is_isolated(cluster, source, pods):
        return
    ways = tuple(_way(cluster, reference, named, pod) for pod in pods)
    if not all(way.ports and not way.ports - (way.out | way.into) for way in ways):
        return
    is_out = any(way.ports & way.out for way in ways)
    is_into = any(way.ports & way.into for way in ways)
    if _is_explained(cluster, source, ways, is_out=is_out, is_into=is_into):
        return
    yield BlockedReference(
        source,
        service,
        (reference,),
        pods,
        _united(way.ports for way in ways),
        _deniers(ways, Direction.EGRESS) if is_out else (),
        _deniers(ways, Direction.INGRESS) if is_into else (),
    )


def _is_isolated(cluster: Cluster, source: Workload, pods: Iterable[Workload]) -> bool:
    if cluster.policies_over(source, Direction.EGRESS):
        return True
    return any(cluster.policies_over(pod, Direction.INGRESS) for pod in pods)


def _way(cluster: Cluster, reference: Reference, named: Named, destination: Workload) -> _Way:
    network = Network.of(cluster)
    source = reference.workload
    traffic = network.traffic(network.pods[source.id], network.pods[destination.id])
    out, into = traffic.egress.outcome.denied, traffic.ingress.outcome.denied
    return _Way(
        destination,
        called_ports(named.service, reference.port, destination),
        out if out and shows_all_policies(cluster, source, Direction.EGRESS) else NO_PORT,
        into if into and shows_all_policies(cluster, destination, Direction.INGRESS) else NO_PORT,
        traffic,
    )


def _united(parts: Iterable[PortSet]) -> PortSet:
    found = NO_PORT
    for part in parts:
        found |= part
    return found


def _deniers(ways: Iterable[_Way], direction: Direction) -> tuple[str, ...]:
    """The policies that deny, by name; an isolation denies because no rule matches."""
    sides = ((way.traffic.egress if direction is Direction.EGRESS else way.traffic.ingress, way.ports) for way in ways)
    decided = (one for side, ports in sides for one in of_ports(side.decided, ports))
    return tuple(dict.fromkeys(one.policy.name for one in decided if one.action is Action.DENY))


def _is_explained(cluster: Cluster, source: Workload, ways: tuple[_Way, ...], *, is_out: bool, is_into: bool) -> bool:
    pods = tuple(way.destination for way in ways)
    if is_out:
        leaving = cluster.policies_over(source, Direction.EGRESS)
        if is_meant_by_a_slip(cluster, source, Direction.EGRESS) or _are_ill(cluster, leaving):
            return True
        if _have_wrong_ports(cluster, leaving):
            return True
    if is_into:
        entering = {id(p): p for pod in pods for p in cluster.policies_over(pod, Direction.INGRESS)}
        numbers = {n for way in ways for span in way.ports.port_spans() for n in range(span.first, span.last + 1)}
        if is_closing_explained(cluster, pods, numbers, entering.values(), alone=False):
            return True
        if _are_ill(cluster, entering.values()):
            return True
    if not is_out and all(_is_open_to_nobody(cluster, way) for way in ways):
        return True
    return is_out != is_into and all((source.id, pod.id) in cluster.once(_one_sided_pairs) for pod in pods)


def _are_ill(cluster: Cluster, policies: Iterable[NetworkPolicy]) -> bool:
    """Whether a selector in one of them is wrong, so that nobody knows whom it was to admit."""
    return any(id(policy) in cluster.once(_ill) for policy in policies)


def _have_wrong_ports(cluster: Cluster, policies: Iterable[NetworkPolicy]) -> bool:
    """Whether a port of a rule for egress means something else than what it was to open."""
    return any(
        trouble.rule.direction is Direction.EGRESS and not isinstance(trouble.cause, Undeclared)
        for policy in policies
        for trouble in troubles_of(cluster, policy)
    )


def _ill(cluster: Cluster) -> frozenset[int]:
    """The policies with a selector that certainly picks nothing."""
    return frozenset(
        id(policy)
        for policy, _, cause in all_diagnoses(cluster)
        if not (isinstance(cause, Matched) or (isinstance(cause, Unmatched) and not cause.proven))
    )


def _is_open_to_nobody(cluster: Cluster, way: _Way) -> bool:
    return all(
        is_unreachable(cluster, way.destination, Protocol(span.protocol), number)
        for span in way.ports.port_spans()
        for number in range(span.first, span.last + 1)
    )


def _one_sided_pairs(cluster: Cluster) -> frozenset[tuple[str, str]]:
    """The sources and destinations of which NP406 says that they never speak."""
    pairs: set[tuple[str, str]] = set()
    for found in one_sided(cluster):
        for own in found.pods:
            for other in found.others:
                ingress = found.rule.direction is Direction.INGRESS
                pairs.add((other.id, own.id) if ingress else (own.id, other.id))
    return frozenset(pairs)
