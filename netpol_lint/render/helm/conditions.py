"""The values that a chart is rendered with, as far as they decide which of its dependencies take part."""

from __future__ import annotations

from collections.abc import Mapping as Data, Sequence as Row
from typing import Any

from netpol_lint.render.files import Tree
from netpol_lint.render.helm.chart import Dependency, below
from netpol_lint.source.files import Trouble
from netpol_lint.source.tree import Mapping, plain_data


def values_of(directory: str, files: Row[str], set_values: Data[str, Any] | tuple[()], tree: Tree) -> dict[str, Any]:
    """The chart's own values, overridden by files in their order and by inline values."""
    values = read_values(below(directory, "values.yaml"), tree)
    for path in files:
        values = merged(values, read_values(path, tree))
    return merged(values, set_values) if set_values else values


def read_values(path: str, tree: Tree) -> dict[str, Any]:
    """The values in a file; none, if it is not there or is not a mapping, of which Helm complains itself."""
    found = tree.trees(path) if tree.is_file(path) else ()
    if isinstance(found, Trouble) or not found or not isinstance(found[0], Mapping):
        return {}
    data: dict[str, Any] = plain_data(found[0])
    return data


def merged(under: Data[str, Any], over: Data[str, Any]) -> dict[str, Any]:
    """Mappings merge key by key; anything else replaces what was there."""
    result = dict(under)
    for key, value in over.items():
        old = result.get(key)
        result[key] = merged(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return result


def enabled(dependency: Dependency, values: Data[str, Any]) -> bool:
    """Whether a dependency takes part: the first condition that is a boolean decides, else the tags, else it does."""
    for path in dependency.condition.split(","):
        found = _at(values, path.strip())
        if isinstance(found, bool):
            return found
    tags = values.get("tags")
    known = [tags.get(tag) for tag in dependency.tags] if isinstance(tags, dict) else []
    return any(tag is True for tag in known) or not any(tag is False for tag in known)


def _at(values: Data[str, Any], path: str) -> object:
    found: object = values
    for key in path.split("."):
        found = found.get(key) if isinstance(found, dict) else None
    return found
