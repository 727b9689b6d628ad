"""What the API server calls: webhooks and aggregated APIs."""

from __future__ import annotations

from collections.abc import Iterator

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.needs.backings import Backing, of_service, services_named
from netpol_lint.needs.need import Need, Reason, Role
from netpol_lint.resources.decode.publishing import ADMISSION, AGGREGATION, EXTENSIONS
from netpol_lint.resources.metadata import Metadata
from netpol_lint.resources.publishing import Backend
from netpol_lint.source.location import Location

GROUPS = (ADMISSION, AGGREGATION, EXTENSIONS)
"""Of the objects that make the API server call Services."""


def needs(cluster: Cluster) -> Iterator[Need]:
    """For each Service that the API server calls: the API server to its pods."""
    for backing in called(cluster):
        yield from backing.needs(Reason.CALLED, Role.API_SERVER)


def called(cluster: Cluster) -> tuple[Backing, ...]:
    """The ports of Services that webhooks and aggregated APIs are behind, each once for each object that says so."""
    return cluster.once(_called)


def _called(cluster: Cluster) -> tuple[Backing, ...]:
    found: dict[tuple[Location, Location, str], Backing] = {}
    for publisher in cluster.publishers:
        for backend in publisher.backends if publisher.meta.ref.group in GROUPS else ():
            for backing in _behind(cluster, publisher.meta, backend):
                key = backing.about.at, backing.behind.at, backing.port
                if key not in found or not backing.failure_ignored:  # one that must succeed tells more
                    found[key] = backing
    return tuple(found.values())


def _behind(cluster: Cluster, about: Metadata, backend: Backend) -> Iterator[Backing]:
    shown_by = f"{about.ref} makes the API server call Service {backend.namespace}/{backend.service}"
    for service in services_named(cluster, backend.namespace, backend.service):
        for port in service.ports:
            if port.port == backend.port:
                found = of_service(cluster, about, backend.at, shown_by, service, port)
                yield found._replace(failure_ignored=backend.failure_ignored)
