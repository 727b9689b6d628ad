"""Small objects for tests of the cluster, made without a manifest."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from netpol_lint.algebra.labels import Requirement, Selector, equals
from netpol_lint.resources.metadata import Label, Metadata, ObjectRef
from netpol_lint.resources.selectors import LabelSelector, PlacedRequirement
from netpol_lint.resources.service import Service
from netpol_lint.resources.workload import Workload
from netpol_lint.source.location import Location, Span

HERE = Location("test.yaml", Span(1, 1, 1, 2))


def workload(
    name: str,
    labels: Mapping[str, str],
    *,
    namespace: str = "shop",
    complete: bool = True,
    host_network: bool = False,
    own_labels: Mapping[str, str] = MappingProxyType({}),
) -> Workload:
    ref = ObjectRef("apps", "Deployment", namespace, name)
    meta = Metadata(ref, "apps/v1", HERE, namespace_declared=True, labels=_placed(own_labels))
    return Workload(meta, _placed(labels), (), host_network, HERE, labels_complete=complete)


def service(name: str, selected: Mapping[str, str], *, namespace: str = "shop") -> Service:
    meta = Metadata(ObjectRef("", "Service", namespace, name), "v1", HERE, namespace_declared=True)
    selector = label_selector(*(equals(key, value) for key, value in selected.items()))
    return Service(meta, "ClusterIP", headless=False, has_selector=bool(selected), selector=selector, ports=())


def _placed(labels: Mapping[str, str]) -> tuple[Label, ...]:
    return tuple(Label(key, value, HERE, HERE) for key, value in labels.items())


def label_selector(*requirements: Requirement) -> LabelSelector:
    return LabelSelector(
        tuple(PlacedRequirement(r, HERE, tuple((v, HERE) for v in sorted(r.values))) for r in requirements), HERE
    )


def selector(*requirements: Requirement) -> Selector:
    return label_selector(*requirements).selector
