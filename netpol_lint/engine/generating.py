"""Policies written for a unit, and the proof that they keep open what it needs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.config import Settings
from netpol_lint.connectivity.network import Network
from netpol_lint.engine import networks
from netpol_lint.engine.inputs import Inputs, objects_of
from netpol_lint.errors import NetpolLintError
from netpol_lint.needs import needs_of
from netpol_lint.needs.blocking import Kept, kept
from netpol_lint.needs.need import Need
from netpol_lint.source.writing import yaml_text
from netpol_lint.synthesis import cnp, networking
from netpol_lint.synthesis.plan import Plan
from netpol_lint.synthesis.planning import Wanted, plan

DIALECTS: Final = ("networking", "cnp")
_HEADER: Final = (
    "Least-privilege policies, written by `netpol-lint generate` from what the manifests show.",
    "What they do not show is not admitted: clients that are in no manifest, calls that only a program knows of.",
)


@dataclass(frozen=True, slots=True)
class Generated:
    """The text of the policies, and what they leave to a person."""

    text: str
    policies: int
    gaps: tuple[str, ...]


def generate(inputs: Inputs, settings: Settings, wanted: Wanted, *, unit: str = "", dialect: str = "") -> Generated:
    """The policies of the one unit with workloads, or of the named one; NetpolLintError where it is not clear which."""
    chosen = networks.units_of(inputs, unit)
    with_pods = [one for one in chosen if any(file.workloads for file in one.files)]
    if len(with_pods) > 1:
        names = ", ".join(repr(one.name) for one in with_pods)
        raise NetpolLintError(f"there are several deployment units: choose one by --unit: {names}")
    cluster = networks.network_of((with_pods or list(chosen))[0], settings).cluster
    if wanted.workload and not _names_a_workload(cluster, wanted.workload):
        raise NetpolLintError(f"there is no workload {wanted.workload!r}: --for takes namespace/name")
    return generated(cluster, wanted, dialect)


def generated(cluster: Cluster, wanted: Wanted, dialect: str = "") -> Generated:
    """The policies for a cluster, with the needs they close, if any, among the gaps."""
    planned = plan(cluster, wanted)
    if not planned.policies:
        return Generated("", 0, planned.gaps)
    gaps = planned.gaps
    if dialect != "cnp":  # the other dialect is not evaluated here
        gaps = (*gaps, *(f"stays closed: {need.shown_by}" for need in closed_needs(cluster, planned)))
    header = [*_HEADER, *(f"Left to you: {gap}." for gap in gaps)]
    return Generated(yaml_text(_manifests(planned, dialect), header), len(planned.policies), gaps)


def closed_needs(cluster: Cluster, planned: Plan) -> tuple[Need, ...]:
    """The needs that are open without the planned policies and not certainly so with them."""
    before = Network.of(cluster)
    text = yaml_text(_manifests(planned, "networking"))
    added = objects_of(text.encode(), "generated.yaml", Settings()).policies
    after = Network.of(cluster._replace(policies=(*cluster.policies, *added)))
    return tuple(need for need in needs_of(cluster) if _closes(before, after, need))


def _closes(before: Network, after: Network, need: Need) -> bool:
    return kept(before, need) is Kept.OPEN and kept(after, need) is not Kept.OPEN


def _manifests(planned: Plan, dialect: str) -> Iterator[dict[str, Any]]:
    for policy in planned.policies:
        yield cnp.manifest(policy) if dialect == "cnp" else networking.manifest(policy)


def _names_a_workload(cluster: Cluster, name: str) -> bool:
    return any(name in (f"{one.namespace}/{one.name}", one.id) for one in cluster.workloads)
