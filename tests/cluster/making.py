"""Small objects for tests of the cluster, made without a manifest."""

from __future__ import annotations

from collections.abc import Mapping

from netpol_lint.algebra.labels import Requirement, Selector
from netpol_lint.resources.metadata import Label, Metadata, ObjectRef
from netpol_lint.resources.selectors import LabelSelector, PlacedRequirement
from netpol_lint.resources.workload import Workload
from netpol_lint.source.location import Location, Span

HERE = Location("test.yaml", Span(1, 1, 1, 2))


def workload(
    name: str, labels: Mapping[str, str], *, namespace: str = "shop", complete: bool = True, host_network: bool = False
) -> Workload:
    meta = Metadata(ObjectRef("apps", "Deployment", namespace, name), "apps/v1", HERE, namespace_declared=True)
    placed = tuple(Label(key, value, HERE, HERE) for key, value in labels.items())
    return Workload(meta, placed, (), host_network, HERE, labels_complete=complete)


def label_selector(*requirements: Requirement) -> LabelSelector:
    return LabelSelector(
        tuple(PlacedRequirement(r, HERE, tuple((v, HERE) for v in sorted(r.values))) for r in requirements), HERE
    )


def selector(*requirements: Requirement) -> Selector:
    return label_selector(*requirements).selector
