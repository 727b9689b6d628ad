"""ServiceMonitors and PodMonitors of the Prometheus operator, read tolerantly: what Prometheus scrapes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from netpol_lint.resources.decode.meta import read, text
from netpol_lint.resources.decode.notes import Notes
from netpol_lint.resources.decode.pods import at_path, mappings, number
from netpol_lint.resources.decode.selectors import label_selector, no_selector
from netpol_lint.resources.evidence import Endpoint, Monitor
from netpol_lint.source.documents import Document
from netpol_lint.source.tree import Mapping, Missing, Node, Scalar, Sequence

GROUP: Final = "monitoring.coreos.com"
OF_SERVICES: Final = "ServiceMonitor"
MONITORS: Final = (OF_SERVICES, "PodMonitor")


def monitor(document: Document) -> Monitor:
    """A monitor with the endpoints that name one port; what is wrong with its selector is for the operator to say."""
    meta = read(document, GROUP)
    spec = document.root.get("spec")
    selector = at_path(spec, "selector")
    endpoints = at_path(spec, "endpoints" if document.kind == OF_SERVICES else "podMetricsEndpoints")
    return Monitor(
        meta,
        tuple(_namespaces(spec)) or (meta.namespace,),
        _is_true(at_path(spec, "namespaceSelector", "any")),
        label_selector(selector, Notes(meta.ref), "") if isinstance(selector, Mapping) else no_selector(meta.at),
        tuple(found for endpoint in mappings(endpoints) for found in _endpoint(endpoint)),
    )


def _namespaces(spec: Node | Missing) -> Iterator[str]:
    names = at_path(spec, "namespaceSelector", "matchNames")
    if isinstance(names, Sequence):
        yield from filter(None, map(text, names))


def _is_true(node: Node | Missing) -> bool:
    return isinstance(node, Scalar) and node.value is True


def _endpoint(endpoint: Mapping) -> Iterator[Endpoint]:
    """What `port` says counts before the older `targetPort`, and a PodMonitor's `portNumber` before both."""
    target = endpoint.get("targetPort")
    named, numbered = endpoint.get("port"), endpoint.get("portNumber")
    if number(numbered):
        yield Endpoint("", number(numbered), False, numbered.location)
    elif text(named):
        yield Endpoint(text(named), 0, False, named.location)
    elif text(target):
        yield Endpoint("" if number(target) else text(target), number(target), True, target.location)
