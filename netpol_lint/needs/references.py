"""Services and hosts that containers name in variables, arguments and commands, and in the data they read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from netpol_lint.algebra.addresses import NO_ADDRESS
from netpol_lint.algebra.ports import NO_PORT, PortSet, ports
from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.listening import target_on
from netpol_lint.connectivity.addresses import address_set
from netpol_lint.needs.hosts import Form, Written, hosts_in, is_address, is_host_key, stem_of_host, stem_of_port
from netpol_lint.needs.need import Addresses, Need, Reason, Sureness
from netpol_lint.needs.service_names import Meaning, Named, Outside, Unknown, meaning_of
from netpol_lint.needs.texts import Told, texts_of
from netpol_lint.records import NamedTuple
from netpol_lint.resources.service import Service
from netpol_lint.resources.workload import Workload


class Reference(NamedTuple):
    """A host that a workload's containers are told, and what it stands for."""

    workload: Workload
    told: Told
    written: Written
    meaning: Meaning
    port: int
    """0 where nothing says it."""

    @property
    def by_name(self) -> bool:
        """Whether somebody must look the host up."""
        if isinstance(self.meaning, Unknown):
            return self.meaning.in_cluster and "." in self.written.host
        return not is_address(self.written.host)

    @property
    def sureness(self) -> Sureness:
        """A bare word is a host for certain only with a port, or in a URL."""
        is_qualified = isinstance(self.meaning, Named) and self.meaning.qualified
        certain = self.written.form is not Form.NAME or self.port > 0 or is_qualified
        return Sureness.CERTAIN if certain else Sureness.LIKELY


def needs(cluster: Cluster) -> Iterator[Need]:
    """Every reference to a Service or host, resolved to pods and their ports."""
    for reference in references(cluster):
        meaning = reference.meaning
        if isinstance(meaning, Named):
            yield from _of_service(cluster, reference, meaning)
        elif isinstance(meaning, Outside) and reference.port:
            yield from _of_host(reference, meaning.host)


def references(cluster: Cluster) -> tuple[Reference, ...]:
    """Every host that the containers of a unit are told, in the order of its workloads."""
    return cluster.once(_references)


def called_ports(service: Service, port: int, workload: Workload) -> PortSet:
    """The ports of a workload's pods that one of a Service leads to, or all of its ports for 0.

    A headless Service has no address of its own, so clients call the port of the pods themselves.
    """
    if service.headless and port:
        return ports("TCP", port, port)
    found = NO_PORT
    for entry in service.ports:
        if port in (0, entry.port):
            for number in target_on(workload, entry):
                found |= ports(entry.protocol.value, number, number)
    return found


def _references(cluster: Cluster) -> tuple[Reference, ...]:
    return tuple(found for workload in cluster.workloads for found in _of_workload(cluster, workload))


def _of_workload(cluster: Cluster, workload: Workload) -> Iterator[Reference]:
    texts = texts_of(cluster, workload)
    pairs = _ports_by_stem(texts)
    for told in texts:
        for written in hosts_in(told.text, told.key):
            meaning = meaning_of(cluster, written.host, workload.namespace)
            port = written.port or (0 if written.in_file else pairs.get((told.container, stem_of_host(told.key)), 0))
            if isinstance(meaning, Outside) and written.in_file:
                continue  # files are full of links that nobody follows
            if not _is_bare(written, meaning) or is_host_key(written.key):
                yield Reference(workload, told, written, meaning, port)


def _is_bare(written: Written, meaning: Meaning) -> bool:
    """Whether nothing but its key says that a word is a host."""
    return written.form is Form.NAME and (isinstance(meaning, Outside) or "." not in written.host)


def _ports_by_stem(texts: tuple[Told, ...]) -> Mapping[tuple[str, str], int]:
    """The ports that variables name for hosts, by container and what their names have in common: `db`, DB_PORT."""
    found: dict[tuple[str, str], int] = {}
    for told in texts:
        text = told.text.strip()
        if len(text) < 6 and text.isascii() and text.isdigit() and 0 < int(text) < 65536:
            stem = stem_of_port(told.key)
            if stem:
                found[told.container, stem] = int(text)
    return found


def _of_service(cluster: Cluster, reference: Reference, named: Named) -> Iterator[Need]:
    service, source = named.service, reference.workload
    place = f"{service.meta.namespace}/{service.meta.name}"
    port = f":{reference.port}" if reference.port else ""
    shown_by = f"{reference.told.source} names Service {place}{port}"
    for destination in pods_named(cluster, named):
        wanted = called_ports(service, reference.port, destination)
        if wanted and destination.id != source.id:
            told = reference.told
            yield Need(Reason.REFERENCE, source, destination, wanted, told.at, shown_by, told.about, reference.sureness)


def pods_named(cluster: Cluster, named: Named) -> tuple[Workload, ...]:
    """The workloads behind a Service; of those, the one whose pod the name says."""
    service = named.service
    if not service.has_selector:
        return ()
    certain, possible = cluster.matching(service.meta.namespace, service.selector)
    found = tuple(workload for workload in (*certain, *possible) if not workload.is_opaque)
    meant = tuple(workload for workload in found if named.pod and named.pod.rpartition("-")[0] == workload.name)
    return meant or found


def _of_host(reference: Reference, host: str) -> Iterator[Need]:
    told = reference.told
    if told.secret:
        return  # its name is a part of the Secret
    blocks = address_set(host) if is_address(host) else NO_ADDRESS
    port = ports("TCP", reference.port, reference.port)
    shown_by = f"{told.source} names host {host}:{reference.port}"
    destination = Addresses(host, blocks)
    yield Need(Reason.OUTSIDE, reference.workload, destination, port, told.at, shown_by, told.about, reference.sureness)
