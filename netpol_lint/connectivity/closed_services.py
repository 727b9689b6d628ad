"""Services that nobody can reach, where nothing but a missing rule explains it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from netpol_lint.cluster.closing_causes import is_closing_explained
from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.published_services import is_published_port
from netpol_lint.connectivity.unreachable import UnreachablePort, unreachable_ports
from netpol_lint.records import NamedTuple
from netpol_lint.resources.policy import Protocol
from netpol_lint.resources.service import Service


class ClosedService(NamedTuple):
    """A Service with the ports of it that nobody can open (NP405)."""

    service: Service
    ports: tuple[UnreachablePort, ...]
    others: tuple[Service, ...]
    """Further Services over the same pods whose ports lead to the same."""


class _Behind(NamedTuple):
    """What is behind a port of a Service."""

    pods: tuple[str, ...]
    protocol: Protocol
    targets: tuple[int, ...]


def closed_services(cluster: Cluster) -> Iterator[ClosedService]:
    """The Services with ports that no policy opens; a port of the same pods is told once, not of a headless Service.

    Left out is what is published (NP504, NP506), replicas that look for each other (NP508), what a policy closes on
    purpose, and what a port or selector explains that is written wrongly.
    """
    found: dict[_Behind, list[UnreachablePort]] = {}
    for one in unreachable_ports(cluster):
        if not is_published_port(cluster, one.service, one.port) and not _is_for_peers(one):
            behind = _Behind(tuple(pod.id for pod in one.pods), one.port.protocol, one.targets)
            found.setdefault(behind, []).append(one)
    closed_of_pods = Counter(behind.pods for behind in found)
    told: dict[int, list[list[UnreachablePort]]] = {}
    for behind, same in found.items():
        same.sort(key=lambda one: one.service.headless)
        one, alone = same[0], closed_of_pods[behind.pods] == 1
        if not is_closing_explained(cluster, one.pods, one.targets, one.policies, alone=alone):
            told.setdefault(id(same[0].service), []).append(same)
    for ports in told.values():
        service = ports[0][0].service
        others = {id(one.service): one.service for same in ports for one in same if one.service is not service}
        yield ClosedService(service, tuple(same[0] for same in ports), tuple(others.values()))


def _is_for_peers(found: UnreachablePort) -> bool:
    """Whether it is the Service by which the replicas of a StatefulSet find each other."""
    name = found.service.meta.name
    return found.service.headless and any(pod.governing_service == name and pod.replicas > 1 for pod in found.pods)
