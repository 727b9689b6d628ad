"""What an Ingress, a route or a Service publishes to clients outside."""

from __future__ import annotations

from collections.abc import Iterator

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.needs import called
from netpol_lint.needs.backings import Backing, of_service, services_named
from netpol_lint.needs.need import Need, Reason, Role
from netpol_lint.resources.decode.publishing import OPENSHIFT
from netpol_lint.resources.publishing import Backend, Publisher
from netpol_lint.resources.service import Service, ServicePort


def needs(cluster: Cluster) -> Iterator[Need]:
    """For each published Service: clients outside to its pods."""
    for backing in published(cluster):
        yield from backing.needs(Reason.PUBLISHED, Role.WORLD)


def published(cluster: Cluster) -> tuple[Backing, ...]:
    """The published ports: those behind Ingresses and routes, then those of Services that are published themselves.

    A Service behind an Ingress or a route has a node port for its controller's sake, and is told with it alone.
    """
    return cluster.once(_published)


def _published(cluster: Cluster) -> tuple[Backing, ...]:
    found = [backing for publisher in cluster.publishers for backing in _behind(cluster, publisher)]
    told = {backing.behind.at for backing in found}
    for service in cluster.services:
        if service.is_external and service.has_selector and service.meta.at not in told:
            kind = service.type if service.type in ("LoadBalancer", "NodePort") else "external"
            shown_by = f"{kind} Service {service.meta.namespace}/{service.meta.name} is there for addresses outside"
            found.extend(of_service(cluster, service.meta, p.at, shown_by, service, p) for p in service.ports)
    return tuple(found)


def _behind(cluster: Cluster, publisher: Publisher) -> Iterator[Backing]:
    meta = publisher.meta
    backends = {backend[:3]: backend for backend in reversed(publisher.backends)}
    for backend in reversed(backends.values()) if meta.ref.group not in called.GROUPS else ():
        shown_by = f"{meta.ref} sends clients outside to Service {backend.namespace}/{backend.service}"
        for service in services_named(cluster, backend.namespace, backend.service):
            for port in _ports(publisher, backend, service):
                found = of_service(cluster, meta, backend.at, shown_by, service, port)
                yield found._replace(gateways=publisher.gateways)


def _ports(publisher: Publisher, backend: Backend, service: Service) -> Iterator[ServicePort]:
    """The ports of a Service that a backend means: by number or name, all if it gives none.

    A Route of OpenShift means a target: a port of the pods, or the name of the Service's port.
    """
    is_target = publisher.meta.ref.group == OPENSHIFT
    for port in service.ports:
        names = (port.name, port.target) if is_target else (port.name, port.port)
        if not backend.port or backend.port in names:
            yield port
