"""What is published to clients outside, and kept from them by the policies."""

from __future__ import annotations

from collections.abc import Iterable

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.connectivity.endpoints import End, Pod
from netpol_lint.needs.backings import Backing
from netpol_lint.needs.cut_off import CutOff, cut_off
from netpol_lint.needs.published import published
from netpol_lint.needs.strangers import clients_outside


def blocked_backends(cluster: Cluster) -> tuple[CutOff, ...]:
    """The Services that nothing outside may reach although something publishes them (NP504)."""
    return cluster.once(_blocked)


def _blocked(cluster: Cluster) -> tuple[CutOff, ...]:
    def callers(backing: Backing, pod: Pod) -> Iterable[End]:
        through_pods = backing.about is not backing.behind
        return clients_outside(cluster, pod, backing.gateways, through_pods=through_pods)

    return tuple(cut_off(cluster, published(cluster), callers))
