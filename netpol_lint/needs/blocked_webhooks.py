"""What the API server calls, and the policies keep it from."""

from __future__ import annotations

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.needs.called import called
from netpol_lint.needs.cut_off import CutOff, cut_off
from netpol_lint.needs.strangers import api_servers


def blocked_webhooks(cluster: Cluster) -> tuple[CutOff, ...]:
    """The Services that the API server cannot reach although it is told to call them (NP506)."""
    return cluster.once(_blocked)


def _blocked(cluster: Cluster) -> tuple[CutOff, ...]:
    return tuple(cut_off(cluster, called(cluster), lambda _, pod: api_servers(cluster, pod)))
