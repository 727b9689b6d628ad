"""What Prometheus scrapes: monitors and annotations."""

from __future__ import annotations

from collections.abc import Iterator

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.needs.need import Need


def needs(cluster: Cluster) -> Iterator[Need]:
    """For each scrape target: Prometheus to its pods."""
    yield from ()
