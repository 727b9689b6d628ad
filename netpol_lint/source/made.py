"""Nodes that a renderer makes: like those that were read, each at the place of something a person wrote."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from netpol_lint.source.location import Span
from netpol_lint.source.places import Place
from netpol_lint.source.tree import NOWHERE, Entry, Mapping, Node, Scalar, Sequence


class _MadeRaw:
    """What stands in for a parsed node: a value of a renderer's at the place of a node that a person wrote."""

    __slots__ = ("end_mark", "flow_style", "id", "start_mark", "style", "tag", "value")

    def __init__(self, kind: str, value: Any, style: str, at: Node) -> None:
        self.id = kind
        self.tag = None
        self.value = value
        self.style = style
        self.flow_style = False
        if at._raw.id == "scalar":
            self.start_mark, self.end_mark = at._raw.start_mark, at._raw.end_mark
        else:
            span, before = at._pointed(), at._origin.line_offset + 1
            self.start_mark = Place(span.line - before, span.column - 1, 0)
            self.end_mark = Place(span.end_line - before, span.end_column - 1, 0)


class MadeMapping(Mapping):
    """A mapping that a renderer put together; the key of each entry stands in the file of its value."""

    __slots__ = ()

    def __init__(self, at: Node, entries: Iterable[tuple[str, Node]]) -> None:
        """`at` is the mapping it was made from, or the node that it is there for."""
        raw = at._raw if isinstance(at, Mapping) else _MadeRaw("mapping", [], "", at)
        super().__init__(raw, at._origin, at.pointer, at.key_span)
        self._entries = {key: Entry(key, _key_of(value), value) for key, value in entries}

    @property
    def entries(self) -> dict[str, Entry]:
        return self._entries


class MadeSequence(Sequence):
    """A list that a renderer put together."""

    __slots__ = ("_items",)

    def __init__(self, at: Node, items: Iterable[Node]) -> None:
        """`at` is the list it was made from, or the node that it is there for."""
        raw = at._raw if isinstance(at, Sequence) else _MadeRaw("sequence", [], "", at)
        super().__init__(raw, at._origin, at.pointer, at.key_span)
        self._items = tuple(items)

    def __iter__(self) -> Iterator[Node]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)


def _key_of(value: Node) -> Span:
    return value.span if value.key_span is NOWHERE else value.key_span


def made_scalar(text: str, at: Node, *, plain: bool = False) -> Scalar:
    """A value at the place of `at`: a string, or if `plain` what the text means without quotes."""
    return Scalar(_MadeRaw("scalar", text, "" if plain else '"', at), at._origin, at.pointer, at.key_span)
