"""Whether a value written under a wrong key has the form of the field that was probably meant."""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping
from typing import Final

from netpol_lint.source.tree import Mapping, Node, Scalar, Sequence

_SELECTOR: Final = frozenset(("matchLabels", "matchExpressions"))
_PEER: Final = frozenset(("podSelector", "namespaceSelector", "ipBlock"))
_MAPPINGS: Final[AnyMapping[str, frozenset[str]]] = {
    "spec": frozenset(("podSelector", "policyTypes", "ingress", "egress")),
    "podSelector": _SELECTOR,
    "namespaceSelector": _SELECTOR,
    "ipBlock": frozenset(("cidr", "except")),
}
_LISTS_OF_MAPPINGS: Final[AnyMapping[str, frozenset[str]]] = {
    "ingress": frozenset(("from", "ports")),
    "egress": frozenset(("to", "ports")),
    "from": _PEER,
    "to": _PEER,
    "ports": frozenset(("port", "protocol", "endPort")),
    "matchExpressions": frozenset(("key", "operator", "values")),
}
_LISTS_OF_SCALARS: Final = frozenset(("policyTypes", "values", "except"))
_MAPS: Final = frozenset(("matchLabels", "labels", "annotations"))
_SCALARS: Final = frozenset(("cidr", "key", "operator", "port", "protocol", "endPort", "name", "namespace"))


def fits(field: str, value: Node) -> bool:
    """Whether `value` could stand under the field of a NetworkPolicy as it is: of its type, with known fields only."""
    if field in _MAPPINGS:
        return _has_only(value, _MAPPINGS[field])
    if field in _LISTS_OF_MAPPINGS:
        return isinstance(value, Sequence) and all(_has_only(item, _LISTS_OF_MAPPINGS[field]) for item in value)
    if field in _LISTS_OF_SCALARS:
        return isinstance(value, Sequence) and all(isinstance(item, Scalar) for item in value)
    if field in _MAPS:
        return isinstance(value, Mapping) and all(isinstance(entry.value, Scalar) for entry in value)
    return field in _SCALARS and isinstance(value, Scalar) and value.value is not None


def _has_only(value: Node, fields: frozenset[str]) -> bool:
    if not isinstance(value, Mapping):
        return False
    return all(entry.key in fields and fits(entry.key, entry.value) for entry in value)
