"""On which ports pods are known to listen: their containers' ports, the targets of Services, probes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Final, TypeAlias

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.records import NamedTuple
from netpol_lint.resources.policy import Protocol
from netpol_lint.resources.service import Service, ServicePort
from netpol_lint.resources.workload import ContainerPort, Workload

Port: TypeAlias = tuple[Protocol, int]
_SIDECAR_PORTS: Final = frozenset(
    (4143, 4190, 4191, 9901, 15000, 15001, 15004, 15006, 15008, 15020, 15021, 15053, 15090)
)
"""Of the proxies that Istio, Linkerd and other meshes put into pods when they are admitted."""
_SIDECAR_NAMES: Final = frozenset(("http-envoy-prom", "linkerd-proxy", "linkerd-admin", "status-port"))
_SCRAPED_PORT: Final = "prometheus.io/port"


class Exposed(NamedTuple):
    """A port of a Service over some pods."""

    service: Service
    port: ServicePort


class Listeners:
    """Some workloads' pods, as far as it is known on which ports they listen."""

    def __init__(self, cluster: Cluster, workloads: tuple[Workload, ...]) -> None:
        self._cluster = cluster
        self.workloads = workloads

    @cached_property
    def ports(self) -> frozenset[Port]:
        """Where one of them is known to listen."""
        return frozenset(port for workload in self.workloads for port in known_ports(self._cluster, workload))

    def says(self, protocol: Protocol, number: int) -> bool:
        """Whether somebody has written that they listen there with this protocol, and not just left it out."""
        return (
            any(port.protocol is protocol and port.protocol_written for port in self.declared(number))
            or (protocol is Protocol.TCP and any(number in workload.probed for workload in self.workloads))
            or any(one.port.protocol is protocol and number in self.targets(one.port) for one in self.exposed)
        )

    @cached_property
    def all_known(self) -> bool:
        """Whether something is known of each of them."""
        return all(known_ports(self._cluster, workload) for workload in self.workloads)

    @cached_property
    def all_declare(self) -> bool:
        """Whether the containers of each of them declare ports."""
        return all(workload.ports for workload in self.workloads)

    @cached_property
    def names(self) -> Mapping[str, frozenset[Protocol]]:
        """The names of container ports, each with the protocols that it stands for."""
        found: dict[str, frozenset[Protocol]] = {}
        for workload in self.workloads:
            for port in workload.ports:
                if port.name:
                    found[port.name] = found.get(port.name, frozenset()) | {port.protocol}
        return found

    def may_listen(self, protocol: Protocol, port: int) -> bool:
        """Whether one of them listens on a port, or its text or the proxy that a mesh adds to it says that it may."""
        if (protocol, port) in self.ports:
            return True
        return protocol is Protocol.TCP and (
            port in _SIDECAR_PORTS or any(_mentions(workload, port) for workload in self.workloads)
        )

    def may_have(self, name: str) -> bool:
        """Whether one of them has a container port of this name, or a mesh adds one."""
        return name in self.names or name in _SIDECAR_NAMES

    def declared(self, number: int) -> Iterator[ContainerPort]:
        """The container ports with this number."""
        return (port for workload in self.workloads for port in workload.ports if port.port == number)

    @cached_property
    def exposed(self) -> tuple[Exposed, ...]:
        """The ports of the Services over them, in source order."""
        found = (one for workload in self.workloads for one in exposed(self._cluster, workload))
        return tuple({(one.service.meta.at, one.port.at): one for one in found}.values())

    def targets(self, port: ServicePort) -> frozenset[int]:
        """What the target of a Service's port stands for on these pods."""
        return frozenset(number for workload in self.workloads for number in target_on(workload, port))


def known_ports(cluster: Cluster, workload: Workload) -> frozenset[Port]:
    """Where a workload's pods are known to listen."""
    return cluster.once(_known_ports).get(workload.id, frozenset())


def exposed(cluster: Cluster, workload: Workload) -> tuple[Exposed, ...]:
    """The ports of the Services that pick a workload's pods."""
    return cluster.once(_exposed).get(workload.id, ())


def target_on(workload: Workload, port: ServicePort) -> tuple[int, ...]:
    """The port that a Service's target is on a workload's pods; none for a name that they do not define."""
    if isinstance(port.target, int):
        return (port.target,)
    return tuple(p.port for p in workload.ports if p.name == port.target and p.protocol is port.protocol)


def all_known_pods(workloads: Iterable[Workload]) -> bool:
    """Whether nothing but the manifests decides what containers these pods have."""
    return all(w.labels_complete and not w.by_operator and not w.partial and not w.refers_to for w in workloads)


def _known_ports(cluster: Cluster) -> Mapping[str, frozenset[Port]]:
    found: dict[str, frozenset[Port]] = {}
    for workload in cluster.workloads:
        own = [(port.protocol, port.port) for port in workload.ports]
        own += [(Protocol.TCP, number) for number in workload.probed]
        for _, port in exposed(cluster, workload):
            own += [(port.protocol, number) for number in target_on(workload, port)]
        found[workload.id] = found.get(workload.id, frozenset()).union(own)
    return found


def _exposed(cluster: Cluster) -> Mapping[str, tuple[Exposed, ...]]:
    found: dict[str, list[Exposed]] = {}
    for service in cluster.services:
        if service.has_selector:
            ports = [Exposed(service, port) for port in service.ports]
            for workload in cluster.matching(service.meta.namespace, service.selector).certain:
                found.setdefault(workload.id, []).extend(ports)
    return {name: tuple(exposed) for name, exposed in found.items()}


def _mentions(workload: Workload, port: int) -> bool:
    """Whether a variable, an argument or an annotation gives a number as the pods' own port, not as another host's."""
    if any(label.key == _SCRAPED_PORT and label.value == str(port) for label in workload.annotations):
        return True
    digits = str(port)
    own = rf"(?<![\w.:])(?:0\.0\.0\.0|127\.0\.0\.1|localhost|\[::\])?:?{digits}(?![\w.])"
    return any(digits in mention.text and re.search(own, mention.text) for mention in workload.mentions)
