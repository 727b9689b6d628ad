"""What the manifests show that clients outside, the API server and Prometheus must reach."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

import pytest

from netpol_lint.algebra.ports import PortSet
from netpol_lint.cluster.cluster import Cluster
from netpol_lint.config import Settings
from netpol_lint.engine.judging import cluster_of
from netpol_lint.needs import called, published, scraped
from netpol_lint.needs.need import Need, Reason, Role, Sureness
from netpol_lint.resources.workload import Workload
from tests.trees import found, inputs_of, policy

_Source: TypeAlias = Callable[[Cluster], Iterator[Need]]
_PODS = """\
--- # file: pods.yaml
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}, annotations: {prometheus.io/scrape: "true"}}
spec: {containers: [{name: web, image: example.com/web, ports: [{name: http, containerPort: 8080}]}]}
---
apiVersion: v1
kind: Pod
metadata: {name: next, namespace: shop, labels: {app: web}}
spec: {containers: [{name: web, image: example.com/web, ports: [{name: http, containerPort: 8081}]}]}
---
apiVersion: v1
kind: Pod
metadata: {name: job, namespace: shop, labels: {app: web}}
spec: {containers: [{name: job, image: example.com/job}]}
---
"""
_WEB = """\
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop, labels: {app: web}%s}
spec: {selector: {app: web}, type: %s, ports: [{name: web, port: 80, targetPort: %s}, {name: other, port: 81}]}
---
"""


def _needs(tree: str, needs: _Source) -> list[Need]:
    (unit,) = inputs_of(tree).units
    return list(needs(cluster_of(unit, Settings())))


def _shown(tree: str, source: _Source) -> list[tuple[str, list[int], str]]:
    return [(_name(need), _numbers(need.ports), need.shown_by) for need in _needs(tree, source)]


def _name(need: Need) -> str:
    assert isinstance(need.destination, Workload)
    return need.destination.name


def _numbers(ports: PortSet) -> list[int]:
    return [number for span in ports.port_spans() for number in range(span.first, span.last + 1)]


def _ingress(port: str) -> str:
    return (
        "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: all, namespace: shop}\n"
        f"spec: {{defaultBackend: {{service: {{name: web, port: {port}}}}}}}\n"
    )


@pytest.mark.parametrize("port", ["{number: 80}", "{name: web}"])
def test_an_ingress_leads_to_the_named_port_of_each_pod_that_has_it(port: str) -> None:
    words = "Ingress shop/all sends clients outside to Service shop/web on TCP 80"
    expected = [("web", [8080], words), ("next", [8081], words)]
    assert expected == _shown(_PODS + _WEB % ("", "ClusterIP", "http") + _ingress(port), published.needs)


def test_a_number_leads_to_the_pods_that_declare_it_if_any_do() -> None:
    words = "Ingress shop/all sends clients outside to Service shop/web on TCP 80"
    tree = _PODS + _WEB % ("", "ClusterIP", "8080") + _ingress("{number: 80}")
    assert [("web", [8080], words)] == _shown(tree, published.needs)
    undeclared = [("web", [7000], words), ("next", [7000], words), ("job", [7000], words)]
    assert undeclared == _shown(tree.replace("targetPort: 8080", "targetPort: 7000"), published.needs)


def test_a_service_behind_an_ingress_is_not_published_on_its_own_account() -> None:
    tree = _PODS + _WEB % ("", "NodePort", "8080") + _ingress("{number: 80}")
    assert {"all"} == {need.about.name for need in _needs(tree, published.needs)}


def test_a_load_balancer_publishes_every_port() -> None:
    shown = _needs(_PODS + _WEB % ("", "LoadBalancer", "8080"), published.needs)
    assert {(Role.WORLD, Reason.PUBLISHED)} == {(need.source, need.reason) for need in shown}
    assert {8080, 81} == {number for need in shown for number in _numbers(need.ports)}


@pytest.mark.parametrize(("target", "expected"), [("web", [8080]), ("81", [81, 81, 81]), ("8080", [8080])])
def test_a_route_of_openshift_means_a_target(target: str, expected: list[int]) -> None:
    route = (
        "apiVersion: route.openshift.io/v1\nkind: Route\nmetadata: {name: all, namespace: shop}\n"
        f"spec: {{to: {{kind: Service, name: web}}, port: {{targetPort: {target}}}}}\n"
    )
    shown = _needs(_PODS + _WEB % ("", "ClusterIP", "8080") + route, published.needs)
    assert expected == [number for need in shown for number in _numbers(need.ports)]


def test_the_api_server_calls_a_service_once_for_each_configuration() -> None:
    service = "clientConfig: {service: {namespace: shop, name: web, port: 80}}"
    hooks = (
        "apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingWebhookConfiguration\nmetadata: {name: guard}\n"
        f"webhooks: [{{name: a, {service}}}, {{name: b, {service}}}]\n"
    )
    words = "ValidatingWebhookConfiguration guard makes the API server call Service shop/web on TCP 80"
    tree = _PODS + _WEB % ("", "ClusterIP", "8080") + hooks
    assert [("web", [8080], words)] == _shown(tree, called.needs)
    assert [] == _needs(tree, published.needs)


def test_prometheus_scrapes_what_monitors_select_and_perhaps_what_is_annotated() -> None:
    monitor = (
        "apiVersion: monitoring.coreos.com/v1\nkind: ServiceMonitor\nmetadata: {name: all, namespace: monitoring}\n"
        "spec: {namespaceSelector: {any: true}, selector: {}, endpoints: [{port: web}]}\n"
    )
    tree = _PODS + _WEB % (
        ', annotations: {prometheus.io/scrape: "true", prometheus.io/port: "9"}',
        "ClusterIP",
        "http",
    )
    shown = [(_name(n), _numbers(n.ports), n.sureness) for n in _needs(tree + monitor, scraped.needs)]
    sure = [("web", [8080], Sureness.CERTAIN), ("next", [8081], Sureness.CERTAIN)]
    asked = [(name, [9], Sureness.LIKELY) for name in ("web", "next", "job")]
    assert [*sure, *asked, ("web", [8080], Sureness.LIKELY)] == shown


_PUBLISHED = f"{_PODS}{_WEB % ('', 'ClusterIP', '8080')}{_ingress('{number: 80}')}---\n"


def test_a_policy_of_another_unit_may_open_what_is_published() -> None:
    closed = f"{_PUBLISHED}{policy('deny', 'shop')}"
    assert [("NP504", "pods.yaml", 23)] == found(closed, "NP504")
    elsewhere = policy("open", "shop", rest=", ingress: [{}]")
    kustomization = "--- # file: more/kustomization.yaml\nresources: [open.yaml]\n"
    assert [] == found(f"{closed}{kustomization}--- # file: more/open.yaml\n{elsewhere}", "NP504")


def test_known_nodes_are_let_in_by_a_rule_alone() -> None:
    node = (
        "---\napiVersion: v1\nkind: Node\nmetadata: {name: one}\n"
        "status: {addresses: [{type: InternalIP, address: 10.0.0.7}]}\n"
    )
    assert [("NP504", "pods.yaml", 23)] == found(f"{_PUBLISHED}{policy('deny', 'shop')}{node}", "NP504")
    nodes = policy("nodes", "shop", rest=", ingress: [{from: [{ipBlock: {cidr: 10.0.0.7/32}}]}]")
    assert [] == found(f"{_PUBLISHED}{nodes}{node}", "NP504")
