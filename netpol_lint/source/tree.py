"""YAML values as trees that remember where each scalar, list and mapping stands.

Nodes wrap what the parser composed and unfold lazily: a decoder that reads three fields of a Deployment pays
for three fields. They live only while their document is decoded; what is kept are typed objects with their
`Location`s. Renderers build the same nodes by hand (`made`), each node keeping the file it came from.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, TypeAlias

from netpol_lint.records import NamedTuple
from netpol_lint.source.location import Location, Span
from netpol_lint.source.raw import RawNode, odd_keys
from netpol_lint.source.scalars import Value, is_merge, key_text, resolve


class Origin(NamedTuple):
    """The file a raw node was parsed from, and how many lines stand before the slice that was parsed."""

    path: str
    line_offset: int


NOWHERE: Final = Span(0, 0, 0, 0)


class _Placed:
    """What every node knows: its file, its pointer, and where the key or dash that introduces it stands."""

    __slots__ = ("_origin", "_raw", "key_span", "pointer")

    def __init__(self, raw: RawNode, origin: Origin, pointer: str = "", key_span: Span = NOWHERE) -> None:
        self._raw = raw
        self._origin = origin
        self.pointer = pointer
        self.key_span = key_span
        """The span of the mapping key this node is the value of; `NOWHERE` for list items and roots."""

    @property
    def path(self) -> str:
        return self._origin.path

    @property
    def span(self) -> Span:
        """The node's own text. A block collection ends where the next token starts, so it may span lines."""
        return _span(self._raw, self._origin)

    @property
    def in_flow(self) -> bool:
        """Whether a list or mapping is written in brackets or braces, so that its items may share lines."""
        return bool(self._raw.flow_style)

    @property
    def location(self) -> Location:
        """Where to point at: a scalar's own text; a collection's key, or for a list item its first key or element."""
        return Location(self._origin.path, self._pointed(), self.pointer)

    def _pointed(self) -> Span:
        if self.key_span is not NOWHERE:
            return self.key_span
        return self.span


class Scalar(_Placed):
    """A single value. `text` is as parsed (quotes and escapes gone), `value` is what kubectl makes of it."""

    __slots__ = ()

    @property
    def text(self) -> str:
        return str(self._raw.value)

    @property
    def plain(self) -> bool:
        """Whether it is written without quotes and not as a block."""
        return not self._raw.style

    @property
    def literal(self) -> bool:
        """Whether it is a block of lines that stand as they are (`|`)."""
        return bool(self._raw.style == "|")

    @property
    def value(self) -> Value:
        """The value go-yaml v2 gives it: `yes` is True, `0777` is 511, `22:22` a string, `~` None."""
        return resolve(self._raw.value, self._raw.tag, plain=self.plain)

    def _pointed(self) -> Span:
        span = self.span
        if span[:2] == span[2:] and self.key_span is not NOWHERE:  # an empty value: point at its key
            return self.key_span
        return span


class Sequence(_Placed):
    """A list; iterating gives its nodes in order."""

    __slots__ = ()

    @property
    def dash(self) -> int:
        """The column of the dashes; 0 where there is none in front of the first item, or it is not known."""
        raw = self._raw
        if raw.flow_style or not raw.value:
            return 0
        start, first = raw.start_mark, raw.value[0].start_mark  # an anchor, and what a template made, begin elsewhere
        return start.column + 1 if start.line == first.line and start.column < first.column else 0

    def __iter__(self) -> Iterator[Node]:
        for index, raw in enumerate(self._raw.value):
            yield wrap(raw, self._origin, f"{self.pointer}/{index}")

    def __len__(self) -> int:
        return len(self._raw.value)

    def _pointed(self) -> Span:
        if self.key_span is not NOWHERE:
            return self.key_span
        return _first_line(self._raw, self._origin)


class Entry(NamedTuple):
    """One key of a mapping with its value; `key` is the key as JSON spells it (`y: 1` has the key `true`)."""

    key: str
    key_span: Span
    value: Node


class Duplicate(NamedTuple):
    """A key that a mapping has twice: the first is silently lost."""

    key: str
    first: Location
    second: Location
    same: bool = False
    """Whether both have one value, so that nothing is lost."""


class Mapping(_Placed):
    """A mapping; of a key given twice the last wins, `<<` merges in document order, both as go-yaml v2 does."""

    __slots__ = ("_entries",)

    def __init__(self, raw: RawNode, origin: Origin, pointer: str = "", key_span: Span = NOWHERE) -> None:
        super().__init__(raw, origin, pointer, key_span)
        self._entries: dict[str, Entry] = {}

    @property
    def entries(self) -> dict[str, Entry]:
        if not self._entries and self._raw.value:
            self._entries = dict(self._unfold(self._raw))
        return self._entries

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries.values())

    def __contains__(self, key: str) -> bool:
        return key in self.entries

    def __len__(self) -> int:
        return len(self.entries)

    def get(self, key: str) -> Node | Missing:
        """The value of a key, or `Missing` located at this mapping."""
        entry = (self._entries or self.entries).get(key)
        return entry.value if entry is not None else Missing(self, key)

    def key_location(self, key: str) -> Location:
        """Where the key itself stands; the mapping's own location if it has no such key."""
        entry = self.entries.get(key)
        if entry is None:
            return self.location
        return Location(entry.value.path, entry.key_span, entry.value.pointer)

    def _unfold(self, raw: RawNode) -> Iterator[tuple[str, Entry]]:
        origin, prefix, offset = self._origin, f"{self.pointer}/", self._origin.line_offset + 1
        for raw_key, raw_value in raw.value:
            if raw_key.value == "<<" and is_merge(raw_key):
                yield from self._merged(raw_value)
                continue
            key = key_text(raw_key)
            start, end = raw_key.start_mark, raw_key.end_mark
            span = Span(start.line + offset, start.column + 1, end.line + offset, end.column + 1)
            yield key, Entry(key, span, wrap(raw_value, origin, prefix + escape(key), span))

    def _merged(self, raw: RawNode) -> Iterator[tuple[str, Entry]]:
        if raw.id == "mapping":
            yield from self._unfold(raw)
        elif raw.id == "sequence":
            for part in reversed(raw.value):  # the first of the list wins
                if part.id == "mapping":
                    yield from self._unfold(part)

    def _pointed(self) -> Span:
        if self.key_span is not NOWHERE:
            return self.key_span
        return _first_line(self._raw, self._origin)


Node: TypeAlias = Scalar | Sequence | Mapping


class Missing(NamedTuple):
    """The value of a key that is not there."""

    parent: Mapping
    key: str

    @property
    def location(self) -> Location:
        """The parent's place: a finding about something missing points there."""
        return self.parent.location._replace(pointer=f"{self.parent.pointer}/{escape(self.key)}")


def wrap(raw: RawNode, origin: Origin, pointer: str = "", key_span: Span = NOWHERE) -> Node:
    """The typed node of a raw one."""
    kind = raw.id
    if kind == "scalar":
        return Scalar(raw, origin, pointer, key_span)
    if kind == "mapping":
        return Mapping(raw, origin, pointer, key_span)
    return Sequence(raw, origin, pointer, key_span)


def duplicate_keys(node: Node) -> Iterator[Duplicate]:
    """Every key given twice in one mapping, anywhere below `node`, in document order."""
    if not odd_keys(node._raw):
        return
    stack: list[Node] = [node]
    seen: set[int] = set()  # an alias gives the anchor's own node: looked at once, even inside itself
    while stack:
        current = stack.pop()
        if isinstance(current, Scalar) or id(current._raw) in seen:
            continue
        seen.add(id(current._raw))
        if isinstance(current, Mapping):
            yield from _own_duplicates(current)
        stack.extend(reversed([entry.value for entry in current] if isinstance(current, Mapping) else list(current)))


def _own_duplicates(mapping: Mapping) -> Iterator[Duplicate]:
    pairs = mapping._raw.value
    if len(mapping.entries) == len(pairs):
        return
    seen: dict[str, Location] = {}
    values: dict[str, RawNode] = {}
    for raw_key, raw_value in pairs:
        if raw_key.id != "scalar" or is_merge(raw_key):
            continue
        key = key_text(raw_key)
        pointer = f"{mapping.pointer}/{escape(key)}"
        here = Location(mapping.path, _span(raw_key, mapping._origin), pointer)
        if key in seen:
            yield Duplicate(key, seen[key], here, _is_same(values[key], raw_value))
        seen[key], values[key] = here, raw_value


def _is_same(one: RawNode, other: RawNode) -> bool:
    """Whether two values are one text; lists and mappings are not looked into."""
    texts = one.id == other.id == "scalar" and one.value == other.value
    return bool(texts and bool(one.style) == bool(other.style))


def plain_data(node: Node) -> Any:
    """The node as plain Python data, the way JSON has it: for comparing, hashing and showing, never for decoding."""
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, Sequence):
        return [plain_data(item) for item in node]
    return {entry.key: plain_data(entry.value) for entry in node}


def text_span(node: Node) -> Span:
    """A node's own text, without the blank lines and comments that follow a block collection.

    What an alias stands for has its text elsewhere, so the end may be before the start.
    """
    raw = last = node._raw
    while last.id != "scalar" and last.value and not last.flow_style:
        last = last.value[-1][1] if last.id == "mapping" else last.value[-1]
    start, end, offset = raw.start_mark, last.end_mark, node._origin.line_offset + 1
    return Span(start.line + offset, start.column + 1, end.line + offset, end.column + 1)


def escape(key: str) -> str:
    """A key as one segment of a JSON pointer (RFC 6901)."""
    return key.replace("~", "~0").replace("/", "~1") if "~" in key or "/" in key else key


def _span(raw: RawNode, origin: Origin) -> Span:
    start, end, offset = raw.start_mark, raw.end_mark, origin.line_offset + 1
    return Span(start.line + offset, start.column + 1, end.line + offset, end.column + 1)


def _first_line(raw: RawNode, origin: Origin) -> Span:
    """The first key or element of a list item that is itself a collection, so that the span stays on one line."""
    span = _span(raw, origin)
    if span.line == span.end_line:
        return span
    first = raw.value[0] if raw.value else raw
    head = first[0] if isinstance(first, tuple) else first
    inner = _span(head, origin)
    if inner.line == span.line and inner.end_line == span.line:
        return inner
    return Span(span.line, span.column, span.line, span.column + 1)
