"""Ingresses, routes, webhooks and APIServices, read tolerantly for the Services behind them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from netpol_lint.resources.decode.meta import read, text
from netpol_lint.resources.decode.pods import at_path, mappings, number
from netpol_lint.resources.publishing import Backend, Publisher
from netpol_lint.source.documents import Document
from netpol_lint.source.tree import Mapping, Missing, Node

NETWORKING: Final = "networking.k8s.io"
GATEWAY: Final = "gateway.networking.k8s.io"
OPENSHIFT: Final = "route.openshift.io"
ADMISSION: Final = "admissionregistration.k8s.io"
AGGREGATION: Final = "apiregistration.k8s.io"
EXTENSIONS: Final = "apiextensions.k8s.io"

ROUTES: Final = ("HTTPRoute", "GRPCRoute", "TCPRoute", "TLSRoute", "UDPRoute")
VALIDATING: Final = "ValidatingWebhookConfiguration"
WEBHOOKS: Final = (VALIDATING, "MutatingWebhookConfiguration")
CONVERTED: Final = "CustomResourceDefinition"

_HTTPS: Final = 443
"""The port of a webhook or an aggregated API that names none."""


def ingress(document: Document) -> Publisher:
    """An Ingress of networking.k8s.io/v1, or as it was in the v1beta1 versions."""
    meta = read(document, NETWORKING)
    spec = document.root.get("spec")
    backends = [at_path(spec, "defaultBackend"), at_path(spec, "backend")]
    for rule in mappings(at_path(spec, "rules")):
        backends.extend(path.get("backend") for path in mappings(at_path(rule, "http", "paths")))
    return Publisher(meta, tuple(found for backend in backends for found in _of_ingress(backend, meta.namespace)))


def _of_ingress(node: Node | Missing, namespace: str) -> Iterator[Backend]:
    yield from _named(at_path(node, "serviceName"), namespace, at_path(node, "servicePort"))
    port = at_path(node, "service", "port")
    written = at_path(port, "name") if text(at_path(port, "name")) else at_path(port, "number")
    yield from _named(at_path(node, "service", "name"), namespace, written)


def route(document: Document) -> Publisher:
    """A route of the Gateway API. A backend of another kind than Service is left out.

    A route whose parents are Services is for the calls between pods in a mesh, and publishes nothing.
    """
    meta = read(document, GATEWAY)
    parents = tuple(mappings(at_path(document.root, "spec", "parentRefs")))
    if parents and all(text(parent.get("kind")) == "Service" for parent in parents):
        return Publisher(meta, ())
    found: list[Backend] = []
    for rule in mappings(at_path(document.root, "spec", "rules")):
        for backend in mappings(rule.get("backendRefs")):
            if not text(backend.get("group")) and text(backend.get("kind")) in ("", "Service"):
                namespace = text(backend.get("namespace")) or meta.namespace
                found.extend(_named(backend.get("name"), namespace, backend.get("port")))
    return Publisher(meta, tuple(found), tuple(text(parent.get("namespace")) or meta.namespace for parent in parents))


def openshift_route(document: Document) -> Publisher:
    """A Route of OpenShift."""
    meta = read(document, OPENSHIFT)
    spec = document.root.get("spec")
    port = at_path(spec, "port", "targetPort")
    backends = [at_path(spec, "to"), *mappings(at_path(spec, "alternateBackends"))]
    names = [at_path(backend, "name") for backend in backends if text(at_path(backend, "kind")) in ("", "Service")]
    return Publisher(meta, tuple(found for name in names for found in _named(name, meta.namespace, port)))


def webhooks(document: Document) -> Publisher:
    """A configuration of admission webhooks; one that is called by URL has no backend."""
    meta = read(document, ADMISSION, cluster_wide=True)
    found: list[Backend] = []
    for hook in mappings(document.root.get("webhooks")):
        ignored = text(hook.get("failurePolicy")) == "Ignore"
        found.extend(_called(at_path(hook, "clientConfig", "service"), failure_ignored=ignored))
    return Publisher(meta, tuple(found))


def conversion(document: Document) -> tuple[Publisher, ...]:
    """The conversion webhook of a CustomResourceDefinition, also as it was in v1beta1; nothing without one."""
    written = at_path(document.root, "spec", "conversion")
    places = (("webhook", "clientConfig", "service"), ("webhookClientConfig", "service"))
    backends = tuple(backend for place in places for backend in _called(at_path(written, *place)))
    return (Publisher(read(document, EXTENSIONS, cluster_wide=True), backends),) if backends else ()


def api_service(document: Document) -> Publisher:
    """An API that a Service of the cluster implements; one that is built in has no backend."""
    meta = read(document, AGGREGATION, cluster_wide=True)
    return Publisher(meta, tuple(_called(at_path(document.root, "spec", "service"))))


def _called(node: Node | Missing, *, failure_ignored: bool = False) -> Iterator[Backend]:
    """The Service of a reference that names its namespace itself."""
    if isinstance(node, Mapping):
        for backend in _named(node.get("name"), text(node.get("namespace")), node.get("port")):
            yield backend._replace(port=backend.port or _HTTPS, failure_ignored=failure_ignored)


def _named(name: Node | Missing, namespace: str, port: Node | Missing) -> Iterator[Backend]:
    if text(name):
        yield Backend(namespace, text(name), number(port) or text(port) or 0, name.location)
