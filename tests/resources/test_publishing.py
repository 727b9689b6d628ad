"""Which Services an Ingress, a route, a webhook or an aggregated API sends traffic to, and on which port."""

from __future__ import annotations

import pytest

from netpol_lint.resources.publishing import Publisher
from netpol_lint.resources.service import Service
from tests.resources.decoding import decoded, only, text_at

GATEWAY = "gateway.networking.k8s.io"
CASES = {
    "an Ingress": (
        "networking.k8s.io/v1",
        "Ingress",
        (
            "spec: {defaultBackend: {service: {name: a, port: {number: 80}}},"
            " rules: [{host: x}, {http: {paths: [{backend: {service: {name: b, port: {name: web}}}},"
            " {backend: {resource: {kind: Bucket, name: c}}}]}}]}"
        ),
        [("shop", "a", 80), ("shop", "b", "web")],
    ),
    "an Ingress of a removed version": (
        "extensions/v1beta1",
        "Ingress",
        (
            "spec: {backend: {serviceName: a, servicePort: 80},"
            " rules: [{http: {paths: [{backend: {serviceName: b, servicePort: web}}]}}]}"
        ),
        [("shop", "a", 80), ("shop", "b", "web")],
    ),
    "a route of the Gateway API": (
        f"{GATEWAY}/v1",
        "GRPCRoute",
        (
            "spec: {rules: [{backendRefs: [{name: a, port: 80}, {name: b, namespace: front, port: 81}]},"
            " {backendRefs: [{kind: Service, group: '', name: c}, {kind: ServiceImport, group: x.io, name: d}]}]}"
        ),
        [("shop", "a", 80), ("front", "b", 81), ("shop", "c", 0)],
    ),
    "a VirtualService behind a gateway": (
        "networking.istio.io/v1",
        "VirtualService",
        (
            "spec: {gateways: [front, mesh], http: [{route: [{destination: {host: a, port: {number: 80}}},"
            " {destination: {host: b.front.svc.cluster.local}}, {destination: {host: api.example.com}}]},"
            " {match: [{gateways: [mesh]}], route: [{destination: {host: c}}]},"
            " {match: [{gateways: [mesh]}, {uri: {prefix: /}}], route: [{destination: {host: d.front.svc}}]}],"
            " tcp: [{route: [{destination: {host: e, port: {number: 81}}}]}]}"
        ),
        [("shop", "a", 80), ("front", "b", 0), ("front", "d", 0), ("shop", "e", 81)],
    ),
    "a VirtualService of the mesh": (
        "networking.istio.io/v1beta1",
        "VirtualService",
        "spec: {hosts: [a], http: [{route: [{destination: {host: a}}]}]}",
        [],
    ),
    "a VirtualService that names the mesh": (
        "networking.istio.io/v1beta1",
        "VirtualService",
        "spec: {gateways: [mesh], http: [{route: [{destination: {host: a}}]}]}",
        [],
    ),
    "a Route of OpenShift": (
        "route.openshift.io/v1",
        "Route",
        "spec: {to: {kind: Service, name: a}, alternateBackends: [{kind: Service, name: b}], port: {targetPort: web}}",
        [("shop", "a", "web"), ("shop", "b", "web")],
    ),
    "webhooks": (
        "admissionregistration.k8s.io/v1",
        "ValidatingWebhookConfiguration",
        (
            "webhooks: [{clientConfig: {service: {namespace: front, name: a}}}, {clientConfig: {url: 'https://x'}},"
            " {clientConfig: {service: {namespace: shop, name: b, port: 8443}}}]"
        ),
        [("front", "a", 443), ("shop", "b", 8443)],
    ),
    "an aggregated API": (
        "apiregistration.k8s.io/v1",
        "APIService",
        "spec: {service: {namespace: front, name: a}}",
        [("front", "a", 443)],
    ),
    "the conversion of a custom resource": (
        "apiextensions.k8s.io/v1",
        "CustomResourceDefinition",
        "spec: {conversion: {strategy: Webhook, webhook: {clientConfig: {service: {namespace: front, name: a}}}}}",
        [("front", "a", 443)],
    ),
    "the conversion of a custom resource of a removed version": (
        "apiextensions.k8s.io/v1beta1",
        "CustomResourceDefinition",
        "spec: {conversion: {webhookClientConfig: {service: {namespace: front, name: a, port: 9443}}}}",
        [("front", "a", 9443)],
    ),
    "a route between the pods of a mesh": (
        f"{GATEWAY}/v1",
        "HTTPRoute",
        "spec: {parentRefs: [{group: '', kind: Service, name: a}], rules: [{backendRefs: [{name: a, port: 80}]}]}",
        [],
    ),
    "an API that is built in": ("apiregistration.k8s.io/v1", "APIService", "spec: {version: v1}", []),
}


@pytest.mark.parametrize(("version", "kind", "rest", "expected"), CASES.values(), ids=CASES)
def test_a_publisher_names_its_backends(
    version: str, kind: str, rest: str, expected: list[tuple[str, str, int | str]]
) -> None:
    found = only(f"apiVersion: {version}\nkind: {kind}\nmetadata: {{name: x, namespace: shop}}\n{rest}\n")
    assert isinstance(found, Publisher)
    assert expected == [tuple(backend[:3]) for backend in found.backends]


def test_a_backend_points_at_the_name_of_its_service() -> None:
    head = f"apiVersion: {GATEWAY}/v1\nkind: TCPRoute\nmetadata: {{name: x}}\n"
    text = f"{head}spec: {{rules: [{{backendRefs: [name: web]}}]}}\n"
    found = only(text)
    assert isinstance(found, Publisher)
    assert ["web"] == [text_at(text, backend.at) for backend in found.backends]


def test_a_custom_resource_without_a_conversion_webhook_is_nothing() -> None:
    head = "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: x}\n"
    assert () == decoded(f"{head}spec: {{conversion: {{strategy: None}}}}\n").objects


def test_a_route_names_the_namespaces_of_its_gateways() -> None:
    head = f"apiVersion: {GATEWAY}/v1\nkind: HTTPRoute\nmetadata: {{name: x, namespace: shop}}\n"
    found = only(f"{head}spec: {{parentRefs: [{{name: a}}, {{name: b, namespace: front}}]}}\n")
    assert isinstance(found, Publisher)
    assert ("shop", "front") == found.gateways


def test_a_webhook_says_whether_requests_go_on_without_it() -> None:
    head = "apiVersion: admissionregistration.k8s.io/v1\nkind: MutatingWebhookConfiguration\nmetadata: {name: x}\n"
    service = "clientConfig: {service: {namespace: shop, name: a}}"
    found = only(
        f"{head}webhooks: [{{{service}}}, {{failurePolicy: Fail, {service}}}, {{failurePolicy: Ignore, {service}}}]\n"
    )
    assert isinstance(found, Publisher)
    assert [False, False, True] == [backend.failure_ignored for backend in found.backends]


def test_a_route_of_another_api_is_not_read() -> None:
    assert () == decoded("apiVersion: serving.knative.dev/v1\nkind: Route\nmetadata: {name: x}\n").objects


@pytest.mark.parametrize(
    ("spec", "external"),
    [("", False), ("type: NodePort", True), ("type: LoadBalancer", True), ("externalIPs: [192.0.2.7]", True)],
)
def test_a_service_is_published_by_its_type_or_addresses(spec: str, external: bool) -> None:
    found = only(f"apiVersion: v1\nkind: Service\nmetadata: {{name: x}}\nspec: {{{spec}}}\n")
    assert isinstance(found, Service)
    assert external is found.is_external
