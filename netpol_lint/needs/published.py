"""What an Ingress, a route or a Service publishes to clients outside."""

from __future__ import annotations

from collections.abc import Iterator

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.needs.need import Need


def needs(cluster: Cluster) -> Iterator[Need]:
    """For each published Service: clients outside to its pods."""
    yield from ()
