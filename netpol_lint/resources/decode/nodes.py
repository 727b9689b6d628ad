"""The core group's Node, read tolerantly."""

from __future__ import annotations

from typing import Final

from netpol_lint.resources.decode.meta import read, text
from netpol_lint.resources.decode.pods import at_path, mappings
from netpol_lint.resources.node import Node
from netpol_lint.source.documents import Document

_ADDRESS_TYPES: Final = frozenset(("InternalIP", "ExternalIP"))


def node(document: Document) -> Node:
    """A Node with the addresses its status shows."""
    found = mappings(at_path(document.root, "status", "addresses"))
    addresses = tuple(text(entry.get("address")) for entry in found if text(entry.get("type")) in _ADDRESS_TYPES)
    return Node(read(document, "", cluster_wide=True), addresses)
