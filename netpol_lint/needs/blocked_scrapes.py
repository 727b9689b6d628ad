"""What Prometheus is told to scrape, and the policies keep it from."""

from __future__ import annotations

from collections.abc import Iterator

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.needs.backings import Backing
from netpol_lint.needs.cut_off import CutOff, cut_off
from netpol_lint.needs.scraped import annotated, monitored
from netpol_lint.needs.strangers import prometheus, scrapers
from netpol_lint.resources.workload import Workload


def blocked_scrapes(cluster: Cluster) -> tuple[CutOff, ...]:
    """What Prometheus cannot scrape although a monitor, or where the unit shows one an annotation, says so (NP505)."""
    return cluster.once(_blocked)


def _blocked(cluster: Cluster) -> tuple[CutOff, ...]:
    return tuple(cut_off(cluster, _once_for_each_port(cluster), lambda _, pod: scrapers(cluster, pod)))


def is_told_as_target(cluster: Cluster, workload: Workload, number: int) -> bool:
    """Whether NP505 says of a port of a workload's pods that it is closed."""
    return (workload.id, number) in cluster.once(_told)


def _told(cluster: Cluster) -> frozenset[tuple[str, int]]:
    backings = (backing for found in blocked_scrapes(cluster) for backing in found.backings)
    return frozenset((target.workload.id, n) for b in backings for target in b.targets for n in target.numbers)


def _once_for_each_port(cluster: Cluster) -> Iterator[Backing]:
    """Monitors first: that a pod or its Service asks for the same besides is not told again.

    Annotations are left behind where nobody reads them, so they count beside a Prometheus alone.
    """
    asked = (*monitored(cluster), *(annotated(cluster) if prometheus(cluster) else ()))
    told: set[tuple[str, int]] = set()
    for backing in asked:
        ports = {(target.workload.id, number) for target in backing.targets for number in target.numbers}
        if not ports <= told:
            told |= ports
            yield backing
