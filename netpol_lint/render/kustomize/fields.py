"""Field specs: at which paths of which kinds kustomize writes names, namespaces, labels and the rest."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from netpol_lint.records import NamedTuple
from netpol_lint.render.kustomize.draft import Draft, List, Map, is_null
from netpol_lint.render.kustomize.objects import Object, Type
from netpol_lint.source.tree import Node, Scalar


class FieldSpec(NamedTuple):
    """A path in objects of a kind; steps through lists are not named in it."""

    path: tuple[str, ...]
    type: Type = Type()
    create: bool = False
    """Whether what is missing on the way is made."""


Leaf = Callable[[Map | List, str | int], None]
"""What is done at the end of a path: it is given the holder of the value and its key or index."""

MAPPING: Final = "mapping"
SCALAR: Final = "scalar"
NOTHING: Final = ""


def write(one: Object, spec: FieldSpec, leaf: Leaf, *, make: str = NOTHING, at: Node | None = None) -> None:
    """Do `leaf` at every place of the object that the spec means; `make` is what a missing one is made as, at `at`.

    As kustomize's fieldspec filter does it, but a path that ends early in a scalar is passed over.
    """
    if spec.type.selects(one.type):
        _Writer(spec, leaf, make, at).into(one.root, 0)


class _Writer:
    def __init__(self, spec: FieldSpec, leaf: Leaf, make: str, at: Node | None) -> None:
        self._path = spec.path
        self._leaf = leaf
        self._make = make if spec.create and at is not None else NOTHING
        self._at = at

    def into(self, value: Map | List | Scalar | None, step: int) -> None:
        """Go on from a value with the rest of the path."""
        if isinstance(value, List):
            for item in value:
                self.into(item, step)
        elif isinstance(value, Map):
            self._into_map(value, step)

    def _into_map(self, value: Map, step: int) -> None:
        key = self._path[step]
        name, is_last = key.removesuffix("[]"), step + 1 == len(self._path)
        child = value.get(name)
        if child is None or is_null(child):
            if not self._make or name != key or self._at is None:
                return
            if not is_last or self._make == MAPPING:
                child = value.entries[name] = Map(self._at, {})
        if not is_last:
            self.into(child, step + 1)
        else:
            self._leaf(value, name)


def put(entries: list[tuple[str, Node]]) -> Leaf:
    """A leaf that sets the keys of a mapping."""

    def leaf(holder: Map | List, key: str | int) -> None:
        target = child_of(holder, key)
        if isinstance(target, Map):
            for name, value in entries:
                target.entries[name] = value

    return leaf


def child_of(holder: Map | List, key: str | int) -> Map | List | Scalar | None:
    """The value that a leaf is given, open for change."""
    if isinstance(holder, Map):
        return holder.get(str(key))
    return holder.get(int(key))


def replace(holder: Map | List, key: str | int, value: Draft) -> None:
    """Put another value in its place."""
    if isinstance(holder, Map):
        holder.entries[str(key)] = value
    else:
        holder.items[int(key)] = value


def merged(known: tuple[FieldSpec, ...], more: tuple[FieldSpec, ...]) -> tuple[FieldSpec, ...]:
    """The specs of both; one that says no more than another is left out."""
    result = list(known)
    for spec in more:
        if not any(spec.path == other.path and spec.type.selects(other.type) for other in result):
            result.append(spec)
    return tuple(result)


def path_of(text: str) -> tuple[str, ...]:
    r"""The steps of `spec/template/metadata`; `\/` is a slash within a step."""
    steps = text.split("/")
    if len(steps) > 1 and not steps[0]:
        steps = steps[1:]
    path: list[str] = []
    for step in steps:
        if path and path[-1].endswith("\\"):
            path[-1] = f"{path[-1][:-1]}/{step}"
        else:
            path.append(step)
    return tuple(path)
