"""What Flux does to all that one of its Kustomizations applies: variables are filled in, the namespace is set."""

from __future__ import annotations

import re
from collections.abc import Mapping as Data
from typing import Final

from netpol_lint.render.jobs import Job
from netpol_lint.render.kustomize.configurations import with_defaults
from netpol_lint.render.kustomize.draft import Map, frozen
from netpol_lint.render.kustomize.objects import Object
from netpol_lint.render.kustomize.transforming import move_to
from netpol_lint.source.documents import Document
from netpol_lint.source.made import MadeMapping, MadeSequence, made_scalar
from netpol_lint.source.tree import Mapping, Node, Scalar

_VARIABLE: Final = re.compile(r"\$(\$?)\{([A-Za-z_][A-Za-z0-9_]*)(?::?[=-][^{}]*)?\}")
_MOST_TEXT: Final = 1_000_000
_UNTOUCHED: Final = "kustomize.toolkit.fluxcd.io/substitute"


def applied(document: Document, job: Job) -> Document:
    """The object as Flux applies it for the job."""
    root = document.root
    if job.variables and not _is_left_alone(root):
        filled = _Filling(job.variables).node(root)
        root = filled if isinstance(filled, Mapping) else root
    if job.sets_namespace and job.namespace:
        root = _moved(root, document, job.namespace)
    return document if root is document.root else document._replace(root=root)


def _moved(root: Mapping, document: Document, namespace: str) -> Mapping:
    one = Object(Map(root), document)
    metadata = root.get("metadata")
    own = metadata.get("namespace") if isinstance(metadata, Mapping) else None
    at = own if isinstance(own, Scalar) else metadata if isinstance(metadata, Mapping) else root
    move_to(made_scalar(namespace, at), with_defaults(()), one)
    moved = frozen(one.root)
    assert isinstance(moved, Mapping)
    return moved


def _is_left_alone(root: Mapping) -> bool:
    metadata = root.get("metadata")
    for field in ("labels", "annotations"):
        said = metadata.get(field) if isinstance(metadata, Mapping) else None
        value = said.get(_UNTOUCHED) if isinstance(said, Mapping) else None
        if isinstance(value, Scalar) and value.text == "disabled":
            return True
    return False


class _Filling:
    """Fills variables into one object; no more text than anyone means, as a value may name others and so grow."""

    def __init__(self, variables: Data[str, str]) -> None:
        self._variables = variables
        self._left = _MOST_TEXT

    def node(self, node: Node) -> Node:
        """The node with each `${NAME}` replaced whose value is known; the same one if there is none."""
        if isinstance(node, Scalar):
            text = self._text(node.text)
            return node if text == node.text else made_scalar(text, node, plain=node.plain)
        if isinstance(node, Mapping):
            entries = [(key, self._text(key), value, self.node(value)) for key, _, value in node]
            if all(key == name and old is new for key, name, old, new in entries):
                return node
            return MadeMapping(node, [(name, new) for _, name, _, new in entries])
        items = list(node)
        filled = [self.node(item) for item in items]
        same = all(old is new for old, new in zip(items, filled, strict=True))
        return node if same else MadeSequence(node, filled)

    def _text(self, text: str) -> str:
        return _VARIABLE.sub(self._value, text) if "${" in text else text

    def _value(self, match: re.Match[str]) -> str:
        value = match[0] if match[1] else self._variables.get(match[2], match[0])
        self._left -= len(value)
        return value if self._left >= 0 else match[0]
