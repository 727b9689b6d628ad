"""What the API server calls: webhooks and aggregated APIs."""

from __future__ import annotations

from collections.abc import Iterator

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.needs.need import Need


def needs(cluster: Cluster) -> Iterator[Need]:
    """For each Service that the API server calls: the API server to its pods."""
    yield from ()
