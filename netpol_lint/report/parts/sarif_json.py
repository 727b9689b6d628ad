"""Objects of SARIF's model as JSON data.

The model's package was made from a draft of the schema, and its own serialiser drops what equals a default, levels
included, for which readers then take the level of the rule.
"""

from __future__ import annotations

from typing import Any, Final

from netpol_lint.records import NamedTuple


class _Property(NamedTuple):
    attribute: str
    name: str
    default: object
    """Left out if equal; `_NEVER` equals nothing."""
    may_be_empty: bool


_NEVER: Final = object()
_RENAMED: Final = {("Suppression", "state"): "status"}
"""The one property that the final schema calls otherwise."""
_ALWAYS: Final = ("level",)
_MAY_BE_EMPTY: Final = ("results", "rules")


_KNOWN: Final[dict[type[Any], tuple[_Property, ...]]] = {}


def _properties(kind: Any) -> tuple[_Property, ...]:
    """What a class of the model has; looked up once."""
    if kind in _KNOWN:
        return _KNOWN[kind]
    found = []
    for attribute in kind.__attrs_attrs__:
        schema_name = attribute.metadata["schema_property_name"]
        default = attribute.default.factory() if hasattr(attribute.default, "factory") else attribute.default
        name = _RENAMED.get((kind.__name__, schema_name), schema_name)
        if schema_name in _ALWAYS:
            default = _NEVER
        found.append(_Property(attribute.name, name, default, schema_name in _MAY_BE_EMPTY))
    _KNOWN[kind] = tuple(found)
    return _KNOWN[kind]


def plain(value: Any) -> Any:
    """What an object of the model is in JSON, without what says nothing."""
    if isinstance(value, (str, int, float)):
        return value
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    members = {}
    for attribute, name, default, may_be_empty in _properties(type(value)):
        item = getattr(value, attribute)
        if item is None or item == default or (item == [] and not may_be_empty):
            continue
        members[name] = plain(item)
    return members
