"""Who resolves names, and where cluster DNS answers."""

from __future__ import annotations

from collections.abc import Iterator

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.needs.need import Need


def needs(cluster: Cluster) -> Iterator[Need]:
    """For each workload that must resolve names: cluster DNS."""
    yield from ()
