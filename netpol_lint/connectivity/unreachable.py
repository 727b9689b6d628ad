"""Ports of Services on which no policy lets anybody reach the pods."""

from __future__ import annotations

from collections.abc import Iterator

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.further_policies import further_policies, is_out_of_sight
from netpol_lint.cluster.listening import all_known_pods, target_on
from netpol_lint.cluster.selection import is_run_time_key
from netpol_lint.cluster.unseen import is_partly_known
from netpol_lint.connectivity.endpoints import End, Outside, Pod
from netpol_lint.connectivity.exposure import newcomers
from netpol_lint.connectivity.network import Network
from netpol_lint.records import NamedTuple
from netpol_lint.resources.policy import Direction, EveryPort, NamedPort, NetworkPolicy, PortEntry, PortRange, Protocol
from netpol_lint.resources.selectors import LabelSelector
from netpol_lint.resources.service import Service, ServicePort
from netpol_lint.resources.workload import Workload


class UnreachablePort(NamedTuple):
    """A port of a Service that nobody can open: no pod there is or that policies speak of, and no address outside."""

    service: Service
    port: ServicePort
    pods: tuple[Workload, ...]
    """All pods of the Service."""
    targets: tuple[int, ...]
    """What its target is on them, sorted."""
    policies: tuple[NetworkPolicy, ...]
    """Those that isolate the pods."""


def unreachable_ports(cluster: Cluster) -> tuple[UnreachablePort, ...]:
    """The ports of Services that nobody can open, in source order; computed once per cluster.

    Left out is what the unit does not show enough of: pods that may have other labels or ports, namespaces where there
    may be other policies. A port that some policy admits is reachable, whatever a policy of a higher tier says to that.
    """
    return cluster.once(_unreachable_ports)


def is_unreachable(cluster: Cluster, workload: Workload, protocol: Protocol, number: int) -> bool:
    """Whether nobody can open a port of a Service on a workload's pods."""
    return (workload.id, protocol, number) in cluster.once(_by_pods)


def _by_pods(cluster: Cluster) -> frozenset[tuple[str, Protocol, int]]:
    return frozenset(
        (workload.id, one.port.protocol, number)
        for one in unreachable_ports(cluster)
        for workload in one.pods
        for number in target_on(workload, one.port)
    )


def _unreachable_ports(cluster: Cluster) -> tuple[UnreachablePort, ...]:
    asked = _Asked(cluster)
    return tuple(found for service in cluster.services for found in _of_service(cluster, service, asked))


def _of_service(cluster: Cluster, service: Service, asked: _Asked) -> Iterator[UnreachablePort]:
    namespace = service.meta.namespace
    if not service.has_selector or cluster.may_hold_more(namespace):
        return
    pods, possible = cluster.matching(namespace, service.selector)
    if not pods or possible or not all_known_pods(pods) or not all(asked.may_be_closed(pod) for pod in pods):
        return
    for port in service.ports:
        targets = [(pod, target_on(pod, port)) for pod in pods]
        if not all(numbers for _, numbers in targets):
            continue
        if all(asked.is_closed(pod, port.protocol, number) for pod, numbers in targets for number in numbers):
            policies = {id(p): p for pod in pods for p in cluster.policies_over(pod, Direction.INGRESS)}
            all_targets = tuple(sorted({number for _, numbers in targets for number in numbers}))
            yield UnreachablePort(service, port, pods, all_targets, tuple(policies.values()))


class _Asked:
    """Answers about single ports of pods, each worked out once."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._closed: dict[tuple[str, Protocol, int], bool] = {}
        self._pods: tuple[Pod, ...] = ()

    def may_be_closed(self, workload: Workload) -> bool:
        """Whether something isolates a workload's pods, and nothing else may that is not there to be seen."""
        cluster = self._cluster
        if cluster.is_exempt(workload):
            return False
        if not cluster.policies_over(workload, Direction.INGRESS):  # no other tier keeps addresses out
            return False
        return not is_out_of_sight(cluster, workload, Direction.INGRESS)

    def is_closed(self, workload: Workload, protocol: Protocol, number: int) -> bool:
        """Whether nobody can open a port of these pods."""
        key = workload.id, protocol, number
        if key not in self._closed:
            own = self._cluster.policies_over(workload, Direction.INGRESS)
            over = (*own, *further_policies(self._cluster, workload, Direction.INGRESS))
            admits = any(_admits(policy, workload, protocol, number) for policy in over)
            self._closed[key] = not admits and (
                self._are_all_told(own) or self._is_denied_to_all(workload, protocol, number)
            )
        return self._closed[key]

    def _are_all_told(self, policies: tuple[NetworkPolicy, ...]) -> bool:
        """Whether there are NetworkPolicies alone, one of which isolates for certain: no need to ask who may call."""
        cluster = self._cluster
        if cluster.cluster_policies or cluster.rejected_cluster_policies or cluster.foreign or cluster.rejected:
            return False
        return any(_is_plain(policy.pod_selector) for policy in policies)

    def _is_denied_to_all(self, workload: Workload, protocol: Protocol, number: int) -> bool:
        network = Network.of(self._cluster)
        destination = network.pods[workload.id]
        self._pods = self._pods or tuple(_pods(network))
        sources: tuple[End, ...] = (*_addresses(network, destination), *self._pods)
        return all(
            network.traffic(source, destination).ingress.outcome.denied.has(protocol.value, number)
            for source in sources
            if source is not destination
        )


def _is_plain(selector: LabelSelector) -> bool:
    """Whether a selector asks for nothing but labels that manifests show."""
    keys = (requirement.key for requirement in selector.selector.requirements)
    return not is_partly_known(selector) and not any(is_run_time_key(key) for key in keys)


def _addresses(network: Network, destination: Pod) -> Iterator[Outside]:
    """Every address that policies tell apart; the node of a pod always reaches it, which is no use to anybody else."""
    nodes = network.ranges.nodes
    outside = network.outside_of(destination, Direction.INGRESS)
    return (one for one in outside if not network.ranges.nodes_known or nodes.disjoint(one.addresses))


def _pods(network: Network) -> Iterator[Pod]:
    """Every pod that can be told apart from others.

    Where there are NetworkPolicies alone and none of them admits a port, they treat all alike.
    """
    yield network.future_pod("any pod", "any-namespace", {})
    if network.cluster.cluster_policies:
        yield from (one.pod for one in newcomers(network))
        yield from (pod for pod in network.pods.values() if not pod.exempt)


def _admits(policy: NetworkPolicy, workload: Workload, protocol: Protocol, number: int) -> bool:
    return any(
        isinstance(rule.ports, EveryPort) or any(_means(entry, workload, protocol, number) for entry in rule.ports)
        for rule in policy.rules(Direction.INGRESS)
    )


def _means(entry: PortEntry, workload: Workload, protocol: Protocol, number: int) -> bool:
    if entry.protocol is not protocol:
        return False
    match entry.target:
        case PortRange(first, last):
            return first <= number <= last
        case NamedPort(name):
            return any((port.name, port.protocol, port.port) == (name, protocol, number) for port in workload.ports)
        case _:
            return True
