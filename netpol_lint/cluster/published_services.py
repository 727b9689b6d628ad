"""Which ports of a Service are published: those that an Ingress, a route, a webhook or the Service itself opens."""

from __future__ import annotations

from collections.abc import Mapping

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.resources.publishing import Backend
from netpol_lint.resources.service import Service, ServicePort


def is_published_port(cluster: Cluster, service: Service, port: ServicePort) -> bool:
    """Whether something sends traffic from outside the pod network to a port of a Service, in this unit or another."""
    if service.is_external:
        return True
    backends = cluster.once(_backends).get((service.meta.namespace, service.meta.name), ())
    if any(backend.port in (0, port.port, port.name, port.target) for backend in backends):
        return True
    if not cluster.elsewhere:
        return False
    pods = cluster.matching(service.meta.namespace, service.selector).certain
    return any(cluster.elsewhere.may_publish(workload, (service,)) for workload in pods)


def _backends(cluster: Cluster) -> Mapping[tuple[str, str], tuple[Backend, ...]]:
    found: dict[tuple[str, str], tuple[Backend, ...]] = {}
    for publisher in cluster.publishers:
        for backend in publisher.backends:
            key = backend.namespace, backend.service
            found[key] = (*found.get(key, ()), backend)
    return found
