"""Pods that somebody calls who is no pod of the unit, by way of a Service, with the ports on which they answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from netpol_lint.algebra.ports import NO_PORT, PortSet, ports
from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.listening import target_on
from netpol_lint.needs.need import Need, Party, Reason, Sureness
from netpol_lint.records import NamedTuple
from netpol_lint.resources.metadata import Metadata
from netpol_lint.resources.policy import Protocol
from netpol_lint.resources.service import Service, ServicePort
from netpol_lint.resources.workload import Workload
from netpol_lint.source.location import Location


class Target(NamedTuple):
    """A workload with the ports that are called on its pods."""

    workload: Workload
    ports: PortSet
    numbers: tuple[int, ...]
    """The same as numbers."""


class Backing(NamedTuple):
    """Pods that somebody calls who is no pod of the unit, with the text that shows it."""

    about: Metadata
    """The object that shows it: an Ingress, a webhook configuration, a monitor, the Service itself."""
    at: Location
    """The text that names the Service or port."""
    shown_by: str
    """`Ingress shop/web sends clients outside to Service shop/api`."""
    port: str
    """What is called, `TCP 80` of a Service; "" where it is just the pods' ports."""
    behind: Metadata
    """The Service before the pods; of a monitor, the monitor itself."""
    targets: tuple[Target, ...]
    """Those that are surely meant; what an operator makes may be as well."""
    gateways: tuple[str, ...] = ()
    """Namespaces of which every pod may be the caller."""
    failure_ignored: bool = False
    """Whether what calls goes on where the call fails."""

    def needs(self, reason: Reason, source: Party, sureness: Sureness = Sureness.CERTAIN) -> Iterator[Need]:
        """That the caller reaches each of the workloads."""
        shown_by = f"{self.shown_by} on {self.port}" if self.port else self.shown_by
        for target in self.targets:
            yield Need(reason, source, target.workload, target.ports, self.at, shown_by, self.about, sureness)


def of_service(
    cluster: Cluster, about: Metadata, at: Location, shown_by: str, service: Service, port: ServicePort
) -> Backing:
    """What is behind one port of a Service."""
    called = f"{port.protocol.value} {port.port}"
    return Backing(about, at, shown_by, called, service.meta, targets_of(cluster, service, port))


def services_named(cluster: Cluster, namespace: str, name: str) -> tuple[Service, ...]:
    """The Services of this name that pick pods; several, if it is defined more than once."""
    return cluster.once(_services).get((namespace, name), ())


def _services(cluster: Cluster) -> Mapping[tuple[str, str], tuple[Service, ...]]:
    found: dict[tuple[str, str], tuple[Service, ...]] = {}
    for service in cluster.services:
        if service.has_selector:
            place = service.meta.namespace, service.meta.name
            found[place] = (*found.get(place, ()), service)
    return found


def targets_of(cluster: Cluster, service: Service, port: ServicePort) -> tuple[Target, ...]:
    """The workloads that a Service's port leads to, with the port on each.

    Of the pods that the Service picks, those that declare the port, if any do: a selector may be wider than what
    listens. One without a port of the name that is the target is sent nothing.
    """
    picked = cluster.matching(service.meta.namespace, service.selector).certain
    declaring = tuple(w for w in picked if any((p.port, p.protocol) == (port.target, port.protocol) for p in w.ports))
    targets = (target_at(workload, port.protocol, target_on(workload, port)) for workload in declaring or picked)
    return tuple(target for target in targets if target.ports)


def target_at(workload: Workload, protocol: Protocol, numbers: tuple[int, ...]) -> Target:
    """A workload with some ports of one protocol."""
    found = NO_PORT
    for number in numbers:
        found |= ports(protocol.value, number, number)
    return Target(workload, found, numbers)
