"""The text of a file without the secrets in it, every other character in its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from netpol_lint.source.documents import Document, Failure, read_documents
from netpol_lint.source.location import Span
from netpol_lint.source.tree import Mapping, Missing, Node, Scalar, Sequence

_KINDS: Final = frozenset(("Secret",))
_PUBLIC: Final = frozenset(("apiVersion", "kind", "metadata", "type", "immutable"))
_LAST_APPLIED: Final = "kubectl.kubernetes.io/last-applied-configuration"
_CREDENTIALS: Final = re.compile(r"(?<=://)[^\s/?#'\"<>]+(?=@)")
_SECRET: Final = re.compile(r"\bSecret\b")
_SEPARATOR: Final = re.compile(r"^---.*$", re.MULTILINE)
_KEPT: Final = re.compile(r"^[ \t]*(?:-[ \t]+)*(?:[\w./-]+:(?=\s|\Z)[ \t]*)?")
"""What a line begins with that is no value: dashes and a key."""
_VISIBLE: Final = re.compile(r"\S[^\n]*")


def masked(text: str) -> str:
    """The text with `*` for each character of a Secret's values and of the credentials in a URL.

    Values are what stands below `data`, `stringData` and unknown keys, and the copy that `kubectl apply` keeps in an
    annotation. In a Secret that cannot be read, a template for example, everything that may be a value counts as one.
    """
    if "Secret" in text:
        text = _without_values(text)
    return _CREDENTIALS.sub(_stars, text) if "://" in text and "@" in text else text


def _without_values(text: str) -> str:
    bom = "\ufeff" if text.startswith("\ufeff") else ""
    text = text.removeprefix(bom)
    starts = [0, *(found.end() for found in re.finditer("\n", text))]
    characters = list(text)
    for item in read_documents(text.encode("utf-8", "surrogatepass"), "", kinds=_KINDS):
        if isinstance(item, Failure):
            return bom + _without_anything(text)
        for span in _spans(item):
            _mask(characters, _offset(starts, span.line, span.column), _offset(starts, span.end_line, span.end_column))
    return bom + "".join(characters)


def _spans(document: Document) -> Iterator[Span]:
    for key, _, value in document.root:
        if key not in _PUBLIC:  # `data`, `stringData`, and whatever slipped out of them
            yield from _scalars(value)
    metadata = document.root.get("metadata")
    annotations = metadata.get("annotations") if isinstance(metadata, Mapping) else metadata
    if isinstance(annotations, Mapping):
        yield from _scalars(annotations.get(_LAST_APPLIED))


def _scalars(node: Node | Missing) -> Iterator[Span]:
    stack: list[Node | Missing] = [node]
    while stack:
        current = stack.pop()
        if isinstance(current, Scalar):
            yield current.span
        elif isinstance(current, Sequence):
            stack += current
        elif isinstance(current, Mapping):
            stack += [entry.value for entry in current]


def _offset(starts: list[int], line: int, column: int) -> int:
    return starts[min(line, len(starts)) - 1] + column - 1


def _mask(characters: list[str], start: int, end: int) -> None:
    """Stars for everything but line breaks, and the blanks at the beginning of a line."""
    for found in _VISIBLE.finditer("".join(characters[start:end])):
        characters[start + found.start() : start + found.end()] = "*" * len(found[0])


def _without_anything(text: str) -> str:
    """The documents that name a Secret without what may be a value, read as lines."""
    parts: list[str] = []
    at = 0
    for found in (*_SEPARATOR.finditer(text), None):
        end = found.start() if found is not None else len(text)
        part = text[at:end]
        parts.append(_masked_lines(part) if _SECRET.search(part) else part)
        if found is not None:
            parts.append(found[0])
            at = found.end()
    return "".join(parts)


def _masked_lines(text: str) -> str:
    lines = text.split("\n")
    return "\n".join(_masked_line(line) for line in lines)


def _masked_line(line: str) -> str:
    kept = _KEPT.match(line)
    end = kept.end() if kept is not None else 0
    return line[:end] + _stars(line[end:])


def _stars(found: re.Match[str] | str) -> str:
    text = found if isinstance(found, str) else found[0]
    return "".join("*" if character not in "\r\n" else character for character in text)
