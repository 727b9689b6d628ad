"""Fields of what Argo CD and Flux read, which may be missing or of another kind than they should be."""

from __future__ import annotations

from netpol_lint.source.tree import Mapping, Node, Scalar, Sequence


def mapping_at(node: object, key: str) -> Mapping | tuple[()]:
    """The mapping under a key; an empty tuple if there is none."""
    value = node.get(key) if isinstance(node, Mapping) else ()
    return value if isinstance(value, Mapping) else ()


def text_at(node: object, key: str) -> str:
    """The text of a single value under a key; "" if there is none."""
    value = node.get(key) if isinstance(node, Mapping) else ()
    return value.text if isinstance(value, Scalar) and value.value is not None else ""


def items_at(node: object, key: str) -> tuple[Node, ...]:
    """The items of the list under a key; none if there is none."""
    value = node.get(key) if isinstance(node, Mapping) else ()
    return tuple(value) if isinstance(value, Sequence) else ()


def texts_at(node: object, key: str) -> tuple[str, ...]:
    """The items of the list under a key that are single values."""
    return tuple(item.text for item in items_at(node, key) if isinstance(item, Scalar))
