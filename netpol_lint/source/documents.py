"""The documents of a file as kubectl would read them, and what could not be read."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final

from netpol_lint.records import NamedTuple
from netpol_lint.source import interest
from netpol_lint.source.chunks import Chunk, chunks
from netpol_lint.source.compose import Broken, Composed, Composition, Empty, compose
from netpol_lint.source.garbage import no_collection
from netpol_lint.source.limits import DEFAULT, Limits
from netpol_lint.source.location import Location, Span
from netpol_lint.source.places import Counter, line_starts, move, moved
from netpol_lint.source.raw import RawNode, Trouble, scalars_of, trouble_in
from netpol_lint.source.syntax import explain, text_of
from netpol_lint.source.tree import Mapping, Missing, Node, Origin, Scalar, Sequence, wrap

_UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")
_UTF_32: Final = (b"\xff\xfe\0\0", b"\0\0\xfe\xff")
_NOTHING: Final = re.compile(r"(?:\s|#[^\n]*|\.\.\.(?=\s|\Z))*")


class Document(NamedTuple):
    """One object of a file: a mapping with a kind. Items of a `List` are documents of their own."""

    path: str
    root: Mapping
    api_version: str
    """"" if it has none that is a string."""
    kind: str
    default_namespace: str
    """The namespace of an object that names none: `default` unless the user or a renderer says otherwise."""
    may_repeat_keys: bool = True
    """False if certainly no mapping of it has a key twice."""


class FailureKind(enum.Enum):
    """Why a document is not there."""

    SYNTAX = "syntax"
    TEMPLATE = "template"
    LIMIT = "limit"


class Failure(NamedTuple):
    """A document that could not be read; the others of its file still are."""

    kind: FailureKind
    message: str
    at: Location


def read_documents(
    data: bytes,
    path: str,
    *,
    kinds: frozenset[str] = frozenset(),
    default_namespace: str = "default",
    limits: Limits = DEFAULT,
    prefilter: bool = True,
) -> Iterator[Document | Failure]:
    """Every object of the file, in order, of one of the `kinds` (of any, if none are given).

    What cannot be read is a `Failure` if an object of one of the kinds may be in it. The result is the same without
    `prefilter`, which parses what the look of its bytes would have settled.
    """
    if len(data) > limits.file:
        yield Failure(FailureKind.LIMIT, f"files larger than {limits.file} bytes are not read", _at(path, 0, 0))
        return
    reader = _Reader(data, path, kinds, default_namespace, limits)
    left = limits.objects
    for chunk in chunks(data, _as_bytes(kinds), limits, prefilter=prefilter):
        for item in reader.read(chunk):
            if isinstance(item, Failure):
                if not chunk.wanted:
                    continue
            elif kinds and item.kind not in kinds:
                continue
            if not left:
                at = item.at if isinstance(item, Failure) else item.root.location
                yield Failure(FailureKind.LIMIT, f"after {limits.objects} objects the rest is not read", at)
                return
            left -= 1
            yield item


def read_trees(data: bytes, path: str, *, limits: Limits = DEFAULT) -> Iterator[Node | Failure]:
    """Every document of the file, in order, whatever it holds: patches and settings are no objects."""
    if len(data) > limits.file:
        yield Failure(FailureKind.LIMIT, f"files larger than {limits.file} bytes are not read", _at(path, 0, 0))
        return
    reader = _Reader(data, path, frozenset(), "", limits, only_objects=False)
    for chunk in chunks(data, frozenset(), limits, prefilter=False):
        for item in reader.roots(chunk):
            yield item.node if isinstance(item, _Root) else item


@lru_cache(maxsize=8)
def _as_bytes(kinds: frozenset[str]) -> frozenset[bytes]:
    return frozenset(kind.encode() for kind in kinds)


def _at(path: str, line: int, column: int, end_column: int = 0) -> Location:
    return Location(path, Span(line + 1, column + 1, line + 1, max(end_column, column + 1) + 1))


class _Root(NamedTuple):
    """What one chunk holds, and whether a key of it may be given twice."""

    node: Node
    odd_keys: bool


class _Reader:
    """Reads the chunks of one file, in order."""

    def __init__(
        self,
        data: bytes,
        path: str,
        kinds: frozenset[str],
        default_namespace: str,
        limits: Limits,
        *,
        only_objects: bool = True,
    ) -> None:
        self._only_objects = only_objects
        self._data = data
        self._path = path
        self._kinds = kinds
        self._default_namespace = default_namespace
        self._limits = limits
        self._counter = Counter(data)
        self._has_odd_breaks = (b"\r" in data or not data.isascii()) and interest.ODD_BREAK.search(data) is not None

    def read(self, chunk: Chunk) -> Iterator[Document | Failure]:
        """The objects of one chunk."""
        for item in self.roots(chunk):
            if isinstance(item, Failure):
                yield item
            else:
                yield from self._objects(item.node, item.odd_keys)

    def roots(self, chunk: Chunk) -> Iterator[_Root | Failure]:
        """What one chunk gives."""
        line, column = self._counter.at(chunk.start)
        if chunk.error:
            yield self._given_up(chunk)
            return
        if chunk.end - chunk.start > self._limits.document:
            message = f"documents larger than {self._limits.document} bytes are not read"
            yield Failure(FailureKind.LIMIT, message, _at(self._path, line, column))
            return
        data = self._data[chunk.start : chunk.end]
        if data.startswith(_UTF_32):
            yield Failure(FailureKind.SYNTAX, "UTF-32 text: kubectl reads UTF-8 only", _at(self._path, 0, 0))
            return
        if data.startswith(_UTF_16):
            if not data.endswith(b"\n"):  # kubectl adds the byte to the last line, which then is half a character
                yield Failure(FailureKind.SYNTAX, "UTF-16 text: kubectl reads UTF-8 only", _at(self._path, 0, 0))
                return
            data = text_of(data).encode()
        elif not data.endswith(b"\n"):
            data += b"\n"  # as kubectl does, which shows in a block scalar
        yield from self._read(data, chunk, line, column)

    def _read(self, data: bytes, chunk: Chunk, line: int, column: int) -> Iterator[_Root | Failure]:
        odd_breaks = self._has_odd_breaks and interest.ODD_BREAK.search(data) is not None
        is_moved = column > 0 or odd_breaks
        composition = compose(data, self._limits, shallow=chunk.json)
        if chunk.json and (odd_breaks or isinstance(composition, Broken)):
            composition, is_moved = _json(data, self._limits), True
        if isinstance(composition, Empty):
            return
        if isinstance(composition, Broken):
            complaint = explain(composition.error, data)
            mark = moved(complaint.mark, line_starts(text_of(data)), column) if is_moved else complaint.mark
            yield self._failure(complaint.message, _at(self._path, line + mark.line, mark.column), data, line, column)
            return
        if not isinstance(composition, Composed):
            yield self._refusal(composition.trouble, data, line, column)
            return
        raw = composition.raw
        if not self._may_be_wanted(raw):
            return
        if is_moved:
            move(raw, text_of(data), column)
        with no_collection():
            trouble, odd_keys = trouble_in(raw, data, self._limits)
        if trouble.message:
            yield self._refusal(trouble, data, line, column)
            return
        yield _Root(wrap(raw, Origin(self._path, line)), odd_keys)
        if not chunk.json and (b"\n..." in data or (raw.id != "scalar" and raw.flow_style)):
            yield from self._ignored(raw, data, line)

    def _may_be_wanted(self, raw: RawNode) -> bool:
        """Whether a document may be an object of one of the kinds, by a look at the keys of its root."""
        if not self._only_objects:
            return True
        if raw.id != "mapping":
            return False
        if not self._kinds:
            return True
        for key, value in raw.value:
            if key.value == "<<" or type(key.tag) is str:
                return True
            if key.value == "kind" and (value.id != "scalar" or type(value.tag) is str or self._is_wanted(value.value)):
                return True
        return False

    def _is_wanted(self, kind: str) -> bool:
        return kind in self._kinds or kind.endswith("List")

    def _objects(self, root: Node, odd_keys: bool) -> Iterator[Document]:
        """The object, or the items of a list, which take from it the kind and version they do not give themselves."""
        stack: list[tuple[Node, str, str]] = [(root, "", "")]
        while stack:
            node, list_kind, list_version = stack.pop()
            if not isinstance(node, Mapping):
                continue
            kind, version = _string(node.get("kind")), _string(node.get("apiVersion"))
            if not kind and not version:
                kind, version = list_kind, list_version
            items = node.get("items") if kind.endswith("List") else ()
            if isinstance(items, Sequence):
                item_kind = kind.removesuffix("List")
                stack += [(item, item_kind, version if item_kind else "") for item in reversed(list(items))]
            elif kind:
                yield Document(self._path, node, version, kind, self._default_namespace, odd_keys)

    def _ignored(self, raw: RawNode, data: bytes, line: int) -> Iterator[Failure]:
        """kubectl reads one document between two `---` lines, and silently nothing that comes after it."""
        text = text_of(data)
        end = raw.end_mark.index
        nothing = _NOTHING.match(text, end)
        start = nothing.end() if nothing is not None else end
        rest = text[start:].encode()
        if rest and interest.anywhere(rest, 0, len(rest), _as_bytes(self._kinds)):
            before = text[:start]
            at = _at(self._path, line + before.count("\n"), start - before.rfind("\n") - 1)
            message = "kubectl silently ignores this: put a `---` line above it"
            yield Failure(FailureKind.SYNTAX, message, at)

    def _given_up(self, chunk: Chunk) -> Failure:
        line, column = self._counter.at(chunk.error_at)
        end = self._data.find(b"\n", chunk.error_at)
        length = len(self._data[chunk.error_at : end if end >= 0 else None].decode("utf-8", "replace").rstrip())
        at = _at(self._path, line, column, column + length)
        if b"{{" in self._data[chunk.start : chunk.end]:
            return Failure(FailureKind.TEMPLATE, _TEMPLATE, at)
        return Failure(FailureKind.SYNTAX, chunk.error, at)

    def _refusal(self, trouble: Trouble, data: bytes, line: int, column: int) -> Failure:
        start, end = trouble.raw.start_mark, trouble.raw.end_mark
        at = _at(self._path, line + start.line, start.column, end.column if end.line == start.line else 0)
        if trouble.limit:
            return Failure(FailureKind.LIMIT, trouble.message, at)
        return self._failure(trouble.message, at, data, line, column)

    def _failure(self, message: str, at: Location, data: bytes, line: int, column: int) -> Failure:
        """A document with `{{` that is not YAML is a template, and is pointed at there; so is one that is none because
        of what another tool fills in, such as `@NAME@`."""
        found = data.find(b"{{")
        if found < 0:
            wrong = data.split(b"\n")[at.span.line - 1 - line :][:1]
            if any(map(_PLACEHOLDER.search, wrong)):
                return Failure(FailureKind.TEMPLATE, _TEMPLATE, at)
            return Failure(FailureKind.SYNTAX, message, at)
        before = text_of(data[:found])
        if "\n" in before:
            line, column = line + before.count("\n"), len(before) - before.rfind("\n") - 1
        else:
            column += len(before)
        return Failure(FailureKind.TEMPLATE, _TEMPLATE, _at(self._path, line, column, column + 2))


_PLACEHOLDER: Final = re.compile(rb"@[A-Za-z][A-Za-z0-9_.-]*@|%[A-Z][A-Z0-9_]*%|\{%|<%")
"""What other tools than Helm fill in, where it makes a line that is no YAML."""
_TEMPLATE: Final = "a template, which is not YAML until it is rendered"


def _string(node: Node | Missing) -> str:
    value = node.value if isinstance(node, Scalar) else ""
    return value if isinstance(value, str) else ""


def _json(data: bytes, limits: Limits) -> Composition:
    """JSON that is not the same in YAML: parsed with stand-ins of the same width, which are then put right."""
    from netpol_lint.source.json_stream import as_meant, for_yaml

    replaced, characters = for_yaml(data)
    composition = compose(replaced, limits, shallow=True)
    if isinstance(composition, Composed):
        meant: Iterator[Any] = iter(characters)
        for scalar in scalars_of(composition.raw):
            scalar.value = as_meant(scalar.value, meant)
    return composition
