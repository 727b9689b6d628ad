"""Ports that monitors scrape, by what containers, Services and annotations call them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.listening import exposed, target_on
from netpol_lint.resources.policy import NamedPort, PortEntry, PortRange
from netpol_lint.resources.workload import Workload

_NAMES: Final = ("metric", "prom", "exporter", "monitoring")
"""What stands in the names of ports that monitors scrape."""
_ANNOTATION: Final = "prometheus.io/port"


def is_scraped(cluster: Cluster, entry: PortEntry, pods: Iterable[Workload]) -> bool:
    """Whether a rule's port is one that monitors scrape on some of the pods."""
    match entry.target:
        case NamedPort(name):
            return _is_name(name)
        case PortRange(first, last):
            return first == last and any(_scrapes(cluster, pod, first) for pod in pods)
        case _:
            return False


def _scrapes(cluster: Cluster, workload: Workload, number: int) -> bool:
    if any(label.key == _ANNOTATION and label.value == str(number) for label in workload.annotations):
        return True
    if any(port.port == number and _is_name(port.name) for port in workload.ports):
        return True
    return any(_is_name(port.name) and number in target_on(workload, port) for _, port in exposed(cluster, workload))


def _is_name(name: str) -> bool:
    return any(word in name for word in _NAMES)
