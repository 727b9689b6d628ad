"""The ConfigMaps with what Flux fills in for `${NAME}`: by their names, wherever in the tree they are."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping as Data, Sequence
from typing import Final

from netpol_lint.records import NamedTuple
from netpol_lint.render.files import Tree
from netpol_lint.source.documents import Document
from netpol_lint.source.files import Trouble
from netpol_lint.source.tree import Mapping, Scalar

_MOST: Final = 100


class Variables(NamedTuple):
    """What one ConfigMap holds."""

    path: str
    data: Data[str, str]


def config_maps(paths: Iterable[str], names: frozenset[str], tree: Tree) -> dict[str, list[Variables]]:
    """By name, those of the files' ConfigMaps that are called so."""
    found: dict[str, list[Variables]] = {}
    wanted = [name.encode() for name in sorted(names)[:_MOST]]
    for path in paths:
        data = tree.read(path)
        if isinstance(data, Trouble) or b"ConfigMap" not in data or not any(name in data for name in wanted):
            continue
        documents = tree.documents(path)
        for document in () if isinstance(documents, Trouble) else documents:
            if isinstance(document, Document) and document.kind == "ConfigMap":
                name = dict(_texts(document.root.get("metadata"))).get("name", "")
                if name in names:
                    found.setdefault(name, []).append(Variables(path, dict(_texts(document.root.get("data")))))
    return found


def nearest(found: Sequence[Variables], path: str) -> Data[str, str]:
    """What the ConfigMaps nearest to a file say alike: another cluster may have one of the same name."""
    closeness = [_shared(one.path, path) for one in found]
    best = [one.data for one, close in zip(found, closeness, strict=True) if close == max(closeness)]
    if not best:
        return {}
    first, *others = best
    return {key: value for key, value in first.items() if all(other.get(key) == value for other in others)}


def _shared(path: str, other: str) -> int:
    """How many directories from the top on two files share."""
    shared = posixpath.commonpath((f"/{posixpath.dirname(path)}", f"/{posixpath.dirname(other)}"))
    return len(shared.strip("/").split("/")) if shared != "/" else 0


def _texts(node: object) -> Iterator[tuple[str, str]]:
    for key, _, value in node if isinstance(node, Mapping) else ():
        if isinstance(value, Scalar):
            yield key, value.text
