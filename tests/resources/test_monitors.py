"""What monitors name: namespaces, labels, and the ports that Prometheus is to scrape."""

from __future__ import annotations

import pytest

from netpol_lint.resources.evidence import Endpoint, Monitor
from netpol_lint.resources.workload import Workload
from tests.resources.decoding import only, text_at


def _monitor(kind: str, spec: str) -> Monitor:
    head = f"apiVersion: monitoring.coreos.com/v1\nkind: {kind}\nmetadata: {{name: x, namespace: shop}}\n"
    found = only(f"{head}spec: {{{spec}}}\n")
    assert isinstance(found, Monitor)
    return found


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ("", (("shop",), False)),
        ("namespaceSelector: {matchNames: [front, back]}", (("front", "back"), False)),
        ("namespaceSelector: {any: true}", (("shop",), True)),
    ],
)
def test_a_monitor_looks_into_its_own_namespace_unless_it_names_others(
    spec: str, expected: tuple[tuple[str, ...], bool]
) -> None:
    found = _monitor("ServiceMonitor", spec)
    assert expected == (found.namespaces, found.any_namespace)


@pytest.mark.parametrize(
    ("kind", "endpoints", "expected"),
    [
        ("ServiceMonitor", "endpoints: [{port: web}, {}]", [("web", 0, False)]),
        ("ServiceMonitor", "endpoints: [{targetPort: 9090}, {targetPort: web}]", [("", 9090, True), ("web", 0, True)]),
        ("PodMonitor", "podMetricsEndpoints: [{portNumber: 9090, port: web}]", [("", 9090, False)]),
        ("PodMonitor", "endpoints: [{port: web}]", []),
    ],
)
def test_an_endpoint_is_a_port_by_name_or_number(
    kind: str, endpoints: str, expected: list[tuple[str, int, bool]]
) -> None:
    assert expected == [endpoint[:3] for endpoint in _monitor(kind, endpoints).endpoints]


def test_a_monitor_without_a_selector_means_everything() -> None:
    assert _monitor("PodMonitor", "podMetricsEndpoints: []").selector.selects_everything


def test_an_endpoint_points_at_its_port() -> None:
    head = "apiVersion: monitoring.coreos.com/v1\nkind: PodMonitor\nmetadata: {name: x}\n"
    text = f"{head}spec: {{podMetricsEndpoints: [{{port: web}}]}}\n"
    found = only(text)
    assert isinstance(found, Monitor)
    endpoints: tuple[Endpoint, ...] = found.endpoints
    assert ["web"] == [text_at(text, endpoint.at) for endpoint in endpoints]


def test_the_annotations_for_prometheus_are_those_of_the_pods() -> None:
    found = only(
        "apiVersion: apps/v1\nkind: Deployment\n"
        "metadata: {name: x, annotations: {prometheus.io/port: '1'}}\n"
        "spec: {template: {metadata: {labels: {app: x}, annotations: {prometheus.io/port: '2', other: '3'}},"
        " spec: {containers: [{name: x}]}}}\n"
    )
    assert isinstance(found, Workload)
    assert [("prometheus.io/port", "2")] == [(label.key, label.value) for label in found.annotations]
