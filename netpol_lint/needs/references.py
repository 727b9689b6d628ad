"""Services and hosts that containers name in variables, arguments and commands, and in the data they read."""

from __future__ import annotations

from collections.abc import Iterator

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.needs.need import Need


def needs(cluster: Cluster) -> Iterator[Need]:
    """Every reference to a Service or host, resolved to pods and their ports."""
    yield from ()
