"""Istio's VirtualServices, read tolerantly for the Services that its gateways send clients outside to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from netpol_lint.resources.decode.meta import read, text
from netpol_lint.resources.decode.pods import at_path, mappings, number
from netpol_lint.resources.publishing import Backend, Publisher
from netpol_lint.source.documents import Document
from netpol_lint.source.tree import Mapping, Missing, Node, Scalar, Sequence

GROUP: Final = "networking.istio.io"
_MESH: Final = "mesh"
"""In place of a gateway: all sidecars, whose calls are between pods."""
_SERVICE: Final = re.compile(r"([a-z0-9-]+)(?:\.([a-z0-9-]+)\.svc(?:\.[a-z0-9.-]+)?)?")


def virtual_service(document: Document) -> Publisher:
    """A VirtualService. One that is for the mesh alone, as without gateways, publishes nothing.

    Where its gateways are does not say where their pods run: a Gateway picks them by labels, from any namespace.
    """
    meta = read(document, GROUP)
    spec = document.root.get("spec")
    gateways = _names(at_path(spec, "gateways"))
    if all(name == _MESH for name in gateways):
        return Publisher(meta, ())
    found: list[Backend] = []
    for kind in ("http", "tls", "tcp"):
        for route in mappings(at_path(spec, kind)):
            if not _is_for_the_mesh(route):
                for destination in mappings(route.get("route")):
                    found.extend(_backend(destination, meta.namespace))
    return Publisher(meta, tuple(found))


def _is_for_the_mesh(route: Mapping) -> bool:
    """Whether all that it matches comes from sidecars."""
    matches = tuple(_names(match.get("gateways")) for match in mappings(route.get("match")))
    return bool(matches) and all(names and all(name == _MESH for name in names) for names in matches)


def _backend(destination: Mapping, namespace: str) -> Iterator[Backend]:
    """The Service of a host: a name alone is one of the namespace; any other than `name.namespace.svc` is outside."""
    host = at_path(destination, "destination", "host")
    named = _SERVICE.fullmatch(text(host))
    if named and isinstance(host, Scalar):
        port = number(at_path(destination, "destination", "port", "number"))
        yield Backend(named[2] or namespace, named[1], port, host.location)


def _names(node: Node | Missing) -> tuple[str, ...]:
    return tuple(filter(None, map(text, node))) if isinstance(node, Sequence) else ()
