"""How tests read documents and look at what came out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from netpol_lint.source.documents import Document, Failure, FailureKind, read_documents
from netpol_lint.source.limits import DEFAULT, Limits
from netpol_lint.source.location import Location
from netpol_lint.source.tree import Mapping, Node, Scalar, plain_data


def documents(data: bytes | str, limits: Limits = DEFAULT) -> list[Document]:
    """All documents of a file without failures."""
    found = read(data, limits)
    assert all(isinstance(item, Document) for item in found), found
    return [item for item in found if isinstance(item, Document)]


def read(data: bytes | str, limits: Limits = DEFAULT, kinds: frozenset[str] = frozenset()) -> list[Document | Failure]:
    content = data if isinstance(data, bytes) else data.encode()
    return list(read_documents(content, "m.yaml", limits=limits, kinds=kinds))


def shown(data: bytes | str, limits: Limits = DEFAULT, kinds: frozenset[str] = frozenset()) -> list[Any]:
    """A document as its plain data, a failure as its kind with line and column."""
    return [
        plain_data(item.root) if isinstance(item, Document) else (item.kind, *item.at.span[:2])
        for item in read(data, limits, kinds)
    ]


def names(data: bytes | str) -> list[str]:
    """The `kind` of each document; of a failure its kind."""
    return [item.kind.value if isinstance(item.kind, FailureKind) else item.kind for item in read(data)]


def failure(data: bytes | str, limits: Limits = DEFAULT) -> Failure:
    """The only failure of a file."""
    (found,) = [item for item in read(data, limits) if isinstance(item, Failure)]
    return found


def scalars(node: Node) -> Iterator[Scalar]:
    """Every scalar value below a node."""
    if isinstance(node, Scalar):
        yield node
    elif isinstance(node, Mapping):
        for entry in node:
            yield from scalars(entry.value)
    else:
        for item in node:
            yield from scalars(item)


def text_at(text: str, at: Location) -> str:
    """The text a location points at; lines end at line feeds, and a byte order mark does not count."""
    lines = text.removeprefix("\ufeff").split("\n")
    span = at.span
    if span.line == span.end_line:
        return lines[span.line - 1][span.column - 1 : span.end_column - 1]
    inner = lines[span.line - 1 : span.end_line]
    inner[0] = inner[0][span.column - 1 :]
    inner[-1] = inner[-1][: span.end_column - 1]
    return "\n".join(inner)
