"""What the manifests show that workloads must reach or be reached by, each with the place that says so."""

from __future__ import annotations

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.needs import accounts, called, names, published, references, replicas, scraped
from netpol_lint.needs.need import Need


def needs_of(cluster: Cluster) -> tuple[Need, ...]:
    """Every need of a unit, once, in the order of its sources: derived the first time it is asked for."""
    return cluster.once(_needs)


def _needs(cluster: Cluster) -> tuple[Need, ...]:
    found: list[Need] = []
    for source in (names, references, published, scraped, called, accounts, replicas):
        found.extend(source.needs(cluster))
    return tuple(dict.fromkeys(found))
