"""Replicas that know each other: those of a StatefulSet behind a headless Service."""

from __future__ import annotations

from collections.abc import Iterator

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.needs.need import Need


def needs(cluster: Cluster) -> Iterator[Need]:
    """For each such StatefulSet: its pods to each other."""
    yield from ()
