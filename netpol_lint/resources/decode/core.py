"""The core group: Pod, ReplicationController, Service and Namespace."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from netpol_lint.algebra.labels import equals
from netpol_lint.resources.decode.meta import read, text
from netpol_lint.resources.decode.notes import Notes
from netpol_lint.resources.decode.pods import mappings, number, protocol_of
from netpol_lint.resources.metadata import Metadata
from netpol_lint.resources.policy import Protocol
from netpol_lint.resources.selectors import LabelSelector, PlacedRequirement
from netpol_lint.resources.service import Service, ServicePort
from netpol_lint.source.documents import Document
from netpol_lint.source.location import Location
from netpol_lint.source.tree import Mapping, Missing, Node, Scalar, Sequence

ISOLATION_ANNOTATION: Final = "net.beta.kubernetes.io/network-policy"
"""How namespaces were isolated before NetworkPolicy was stable; nothing reads it since Kubernetes 1.7."""


def check_namespace(meta: Metadata, notes: Notes) -> None:
    """Note the dead isolation annotation of a Namespace."""
    for annotation in meta.annotations:
        if annotation.key == ISOLATION_ANNOTATION:
            reason = f"nothing reads the annotation {ISOLATION_ANNOTATION} since Kubernetes 1.7, so it isolates no pod"
            notes.removed_api(annotation.key_at, reason)


def service(document: Document) -> Service:
    """A Service with its defaults (SetDefaults_Service), read tolerantly."""
    meta = read(document, "")
    spec = document.root.get("spec")
    if not isinstance(spec, Mapping):
        return Service(meta, "ClusterIP", False, False, LabelSelector((), meta.at), ())
    kind = text(spec.get("type")) or "ClusterIP"
    selector = _selector(spec.get("selector"), meta.at)
    return Service(
        meta,
        kind,
        headless=text(spec.get("clusterIP")) == "None",
        has_selector=bool(selector.placed) and kind != "ExternalName",
        selector=selector,
        ports=tuple(_ports(spec.get("ports"))),
        external_name=text(spec.get("externalName")) if kind == "ExternalName" else "",
        external_addresses=tuple(_texts(spec.get("externalIPs"))),
        ip_family_policy=text(spec.get("ipFamilyPolicy")),
        ip_families=tuple(_texts(spec.get("ipFamilies"))),
    )


def _selector(node: Node | Missing, otherwise: Location) -> LabelSelector:
    """A Service's selector is a plain map of labels."""
    if not isinstance(node, Mapping):
        return LabelSelector((), otherwise)
    placed: list[PlacedRequirement] = []
    for key, key_span, value_node in node:
        if isinstance(value_node, Scalar):
            value = text(value_node)
            key_at = Location(value_node.path, key_span, value_node.pointer)
            placed.append(PlacedRequirement(equals(key, value), key_at, ((value, value_node.location),)))
    return LabelSelector(tuple(placed), node.location)


def _texts(node: Node | Missing) -> Iterator[str]:
    if isinstance(node, Sequence):
        yield from filter(None, map(text, node))


def _ports(node: Node | Missing) -> Iterator[ServicePort]:
    for entry in mappings(node):
        port_node = entry.get("port")
        port = number(port_node)
        if not 1 <= port <= 65535:
            continue
        target_node = entry.get("targetPort")
        target: int | str = number(target_node) or text(target_node)
        written = isinstance(target_node, Scalar) and target not in ("", "0")
        yield ServicePort(
            text(entry.get("name")),
            port,
            protocol_of(entry.get("protocol"), Protocol.TCP),
            target if written else port,
            port_node.location,
            target_node.location if written else port_node.location,
            number(entry.get("nodePort")),
        )
