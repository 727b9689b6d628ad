"""Objects while they are changed: what a patch touches is opened for change, the rest stays as it was read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, TypeAlias

from netpol_lint.render.kustomize.refusal import Refused
from netpol_lint.source.location import Location
from netpol_lint.source.made import MadeMapping, MadeSequence, made_scalar
from netpol_lint.source.tree import Mapping, Node, Scalar, Sequence

_DEEPEST_COPY: Final = 100
_LARGEST_COPY: Final = 20_000


class Map:
    """A mapping open for change; its values are opened when they are asked for."""

    __slots__ = ("at", "entries")

    def __init__(self, at: Node, entries: dict[str, Draft] | None = None) -> None:
        """A copy of a mapping; or an empty one, or with these entries, at the place of any node."""
        self.at = at
        self.entries: dict[str, Draft] = entries if entries is not None else {}
        if entries is None and isinstance(at, Mapping):
            self.entries = {entry.key: entry.value for entry in at}

    def get(self, key: str) -> Map | List | Scalar | None:
        """The value of a key, open for change; None if there is none."""
        value = self.entries.get(key)
        if value is None:
            return None
        if isinstance(value, (Mapping, Sequence)):
            value = self.entries[key] = opened(value)
        return value

    def text(self, *keys: str) -> str:
        """The text of the scalar that the keys lead to; "" if there is none, or only null."""
        value: Draft | None = self
        for key in keys:
            if isinstance(value, Map):
                value = value.entries.get(key)
            elif isinstance(value, Mapping):
                found = value.get(key)
                value = found if isinstance(found, (Scalar, Mapping, Sequence)) else None
            else:
                return ""
        return value.text if isinstance(value, Scalar) and not is_null(value) else ""

    def set_text(self, key: str, text: str, at: Node) -> None:
        """Set a string, which points at `at`."""
        self.entries[key] = made_scalar(text, at)

    def child(self, key: str, at: Node) -> Map:
        """The mapping under a key; an empty one at the place of `at` if there is none."""
        value = self.get(key)
        if not isinstance(value, Map):
            value = self.entries[key] = Map(at, {})
        return value


class List:
    """A list open for change."""

    __slots__ = ("at", "items")

    def __init__(self, at: Node, items: list[Draft] | None = None) -> None:
        self.at = at
        self.items: list[Draft] = items if items is not None else list(at) if isinstance(at, Sequence) else []

    def get(self, index: int) -> Map | List | Scalar:
        """One item, open for change."""
        value = self.items[index]
        if isinstance(value, (Mapping, Sequence)):
            value = self.items[index] = opened(value)
        return value

    def __iter__(self) -> Iterator[Map | List | Scalar]:
        for index in range(len(self.items)):
            yield self.get(index)


Draft: TypeAlias = Map | List | Node


def opened(value: Draft) -> Map | List | Scalar:
    """The value, open for change: what is changed is a copy."""
    if isinstance(value, Mapping):
        return Map(value)
    if isinstance(value, Sequence):
        return List(value)
    return value


def frozen(value: Draft) -> Node:
    """The value as the nodes that decoders read."""
    if isinstance(value, Map):
        return MadeMapping(value.at, [(key, frozen(child)) for key, child in value.entries.items()])
    if isinstance(value, List):
        return MadeSequence(value.at, [frozen(item) for item in value.items])
    return value


def copied(value: Draft) -> Node:
    """The value as it is now; later changes of either do not show in the other.

    Refused if it is large or deep: a few copies of copies could be larger than any memory.
    """
    node = frozen(value)
    level, nodes = [node], 1
    for _ in range(_DEEPEST_COPY):
        level = [child for one in level if not isinstance(one, Scalar) for child in _children(one)]
        nodes += len(level)
        if not level:
            return node
        if nodes > _LARGEST_COPY:
            break
    raise Refused("what is to be copied is too large or too deep", node.location)


def _children(node: Mapping | Sequence) -> list[Node]:
    return [entry.value for entry in node] if isinstance(node, Mapping) else list(node)


def is_null(value: Draft | None) -> bool:
    """Whether it is the scalar null."""
    return isinstance(value, Scalar) and value.value is None


def place(value: Draft) -> Location:
    """Where to point at for a value."""
    return value.at.location if isinstance(value, (Map, List)) else value.location


def node_of(value: Draft) -> Node:
    """A node at the place of the value."""
    return value.at if isinstance(value, (Map, List)) else value
