"""Who calls the API server: pods whose ServiceAccount is bound to a role."""

from __future__ import annotations

from collections.abc import Iterator

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.needs.need import Need


def needs(cluster: Cluster) -> Iterator[Need]:
    """For each such workload: the API server."""
    yield from ()
