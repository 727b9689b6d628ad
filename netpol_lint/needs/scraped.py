"""What Prometheus scrapes: monitors and annotations."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.label_index import LabelIndex, Labelled, asks_for_label
from netpol_lint.needs.backings import Backing, Target, target_at, targets_of
from netpol_lint.needs.need import Need, Reason, Role, Sureness
from netpol_lint.records import NamedTuple
from netpol_lint.resources.decode.monitors import OF_SERVICES
from netpol_lint.resources.evidence import Endpoint, Monitor
from netpol_lint.resources.metadata import Label, Metadata, as_mapping
from netpol_lint.resources.policy import Protocol
from netpol_lint.resources.service import Service
from netpol_lint.resources.workload import Workload
from netpol_lint.source.location import Location

_SCRAPE: Final = "prometheus.io/scrape"
_PORT: Final = "prometheus.io/port"


def needs(cluster: Cluster) -> Iterator[Need]:
    """For each scrape target: Prometheus to its pods. Charts carry annotations for whoever may want them."""
    for backing in monitored(cluster):
        yield from backing.needs(Reason.SCRAPED, Role.SCRAPER)
    for backing in annotated(cluster):
        yield from backing.needs(Reason.SCRAPED, Role.SCRAPER, Sureness.LIKELY)


def monitored(cluster: Cluster) -> tuple[Backing, ...]:
    """What ServiceMonitors and PodMonitors name, in source order: one for each port of a Service or workload."""
    return cluster.once(_monitored)


def annotated(cluster: Cluster) -> tuple[Backing, ...]:
    """Services and pods that ask by annotation to be scraped, where it is clear on which port."""
    return cluster.once(_annotated)


# -- monitors -----------------------------------------------------------------------------------------------


class _Services(NamedTuple):
    """The Services of a cluster, to be found by their labels."""

    all: tuple[Service, ...]
    by_labels: LabelIndex

    def of(self, monitor: Monitor) -> Iterator[Service]:
        selector = monitor.selector.selector
        namespaces = frozenset(s.meta.namespace for s in self.all) if monitor.any_namespace else monitor.namespaces
        if any(map(asks_for_label, selector.requirements)):
            found = self.by_labels.fulfilling_all(selector, frozenset(namespaces))
            yield from (self.all[position] for position in found)
            return
        for service in self.all:
            if service.meta.namespace in namespaces and selector.matches(as_mapping(service.meta.labels)):
                yield service


def _services(cluster: Cluster) -> _Services:
    services = tuple(service for service in cluster.services if service.has_selector)
    items = (Labelled(as_mapping(s.meta.labels), s.meta.name, s.meta.namespace) for s in services)
    return _Services(services, LabelIndex(items))


def _monitored(cluster: Cluster) -> tuple[Backing, ...]:
    monitors = [found for found in cluster.evidence if isinstance(found, Monitor)]
    return tuple(backing for monitor in monitors for backing in _of_monitor(cluster, monitor))


def _of_monitor(cluster: Cluster, monitor: Monitor) -> Iterator[Backing]:
    meta = monitor.meta
    behind = _behind_services if meta.ref.kind == OF_SERVICES else _on_pods
    for endpoint in monitor.endpoints:
        for targets in behind(cluster, monitor, endpoint):
            shown_by = f"{meta.ref} has Prometheus scrape its targets"
            yield Backing(meta, endpoint.at, shown_by, "", meta, targets)


def _behind_services(cluster: Cluster, monitor: Monitor, endpoint: Endpoint) -> Iterator[tuple[Target, ...]]:
    for service in cluster.once(_services).of(monitor):
        if endpoint.of_container:
            picked = cluster.matching(service.meta.namespace, service.selector).certain
            yield tuple(_of_container(picked, endpoint))
        for port in service.ports if endpoint.port and not endpoint.of_container else ():
            if port.name == endpoint.port:
                yield targets_of(cluster, service, port)


def _on_pods(cluster: Cluster, monitor: Monitor, endpoint: Endpoint) -> Iterator[tuple[Target, ...]]:
    namespaces = cluster.namespaces if monitor.any_namespace else monitor.namespaces
    for namespace in namespaces:
        for workload in cluster.matching(namespace, monitor.selector).certain:
            yield tuple(_of_container((workload,), endpoint))


def _of_container(workloads: tuple[Workload, ...], endpoint: Endpoint) -> Iterator[Target]:
    for workload in workloads:
        named = tuple(p.port for p in workload.ports if p.name == endpoint.port and p.protocol is Protocol.TCP)
        numbers = (endpoint.number,) if endpoint.number else named
        if numbers:
            yield target_at(workload, Protocol.TCP, numbers)


# -- annotations --------------------------------------------------------------------------------------------


def _annotated(cluster: Cluster) -> tuple[Backing, ...]:
    services = (backing for service in cluster.services for backing in _of_service(cluster, service))
    pods = (backing for workload in cluster.workloads for backing in _of_workload(workload))
    return (*services, *pods)


def _of_service(cluster: Cluster, service: Service) -> Iterator[Backing]:
    for scrape, number in _asks(service.meta.annotations) if service.has_selector else ():
        if number:
            picked = cluster.matching(service.meta.namespace, service.selector).certain
            targets = tuple(target_at(workload, Protocol.TCP, (number,)) for workload in picked)
            yield _asking(service.meta, scrape.at, targets)
        elif len(service.ports) == 1:
            yield _asking(service.meta, scrape.at, targets_of(cluster, service, service.ports[0]))


def _of_workload(workload: Workload) -> Iterator[Backing]:
    for scrape, number in _asks(workload.annotations):
        declared = tuple(port.port for port in workload.ports if port.protocol is Protocol.TCP)
        numbers = (number,) if number else declared
        if len(numbers) == 1:
            yield _asking(workload.meta, scrape.at, (target_at(workload, Protocol.TCP, numbers),))


def _asks(annotations: tuple[Label, ...]) -> Iterator[tuple[Label, int]]:
    """The annotation that asks to be scraped, with the port that another gives, 0 without it."""
    written = {annotation.key: annotation for annotation in annotations}
    scrape = written.get(_SCRAPE)
    if scrape and scrape.value == "true":
        number = written[_PORT].value if _PORT in written else "0"
        if number.isascii() and number.isdigit() and len(number) < 6:
            yield scrape, int(number)


def _asking(about: Metadata, at: Location, targets: tuple[Target, ...]) -> Backing:
    shown_by = f"an annotation of {about.ref} asks Prometheus to scrape it"
    return Backing(about, at, shown_by, "", about, targets)
