"""What the manifests show that workloads must reach or be reached by, each with the place that says so."""

from __future__ import annotations

from collections.abc import Hashable

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.needs import accounts, called, names, published, references, replicas, scraped
from netpol_lint.needs.need import Need, Party
from netpol_lint.resources.workload import Workload


def needs_of(cluster: Cluster) -> tuple[Need, ...]:
    """Every need of a unit, once, in the order of its sources: derived the first time it is asked for."""
    return cluster.once(_needs)


def _needs(cluster: Cluster) -> tuple[Need, ...]:
    found: list[Need] = []
    for source in (names, references, published, scraped, called, accounts, replicas):
        found.extend(source.needs(cluster))
    return tuple({_key(need): need for need in reversed(found)}.values())[::-1]


def _key(need: Need) -> tuple[Hashable, ...]:
    """What makes a need another one: of a workload its identity, as its hash would go over all it holds."""
    ends = (_identity(need.source), _identity(need.destination))
    return (need.reason, *ends, need.ports, need.at, need.shown_by, need.sureness)


def _identity(party: Party) -> Hashable:
    return (party.id, party.meta.at) if isinstance(party, Workload) else party
