"""Replicas that know each other: those of a StatefulSet behind a headless Service."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from netpol_lint.algebra.ports import NO_PORT, PortSet, ports
from netpol_lint.cluster.cluster import Cluster
from netpol_lint.needs.need import Need, Reason, Sureness
from netpol_lint.resources.service import Service
from netpol_lint.resources.workload import Workload

_SSH: Final = ports("TCP", 22, 22)


def needs(cluster: Cluster) -> Iterator[Need]:
    """For each StatefulSet of several replicas that its headless Service gives names: its pods to each other.

    The ports are the Service's, as its pods have them, but for SSH, by which others give them orders. It is likely, not
    certain, that replicas use the names they get.
    """
    for workload in cluster.workloads:
        if workload.meta.ref.kind == "StatefulSet" and workload.governing_service and workload.replicas > 1:
            for service in cluster.services_over(workload):
                if service.headless and service.meta.name == workload.governing_service:
                    wanted = _targets(service, workload) - _SSH
                    if not wanted:
                        continue
                    shown_by = f"headless Service {service.meta.name} gives each replica a name"
                    yield Need(
                        Reason.PEERS,
                        workload,
                        workload,
                        wanted,
                        service.meta.at,
                        shown_by,
                        service.meta,
                        Sureness.LIKELY,
                    )


def _targets(service: Service, workload: Workload) -> PortSet:
    """The ports of a Service on a workload's pods; what its names stand for there."""
    found = NO_PORT
    for entry in service.ports:
        if isinstance(entry.target, int):
            found |= ports(entry.protocol.value, entry.target, entry.target)
            continue
        for declared in workload.ports:
            if (declared.name, declared.protocol) == (entry.target, entry.protocol):
                found |= ports(declared.protocol.value, declared.port, declared.port)
    return found
