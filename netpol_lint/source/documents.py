"""The documents of a file as kubectl would read them, and what could not be read."""

from __future__ import annotations

import enum
import operator
from collections.abc import Iterator
from typing import NamedTuple

import yaml
from yaml._yaml import CParser  # type: ignore[attr-defined,import-not-found,unused-ignore]

from netpol_lint.source.location import Location, Span
from netpol_lint.source.tree import Mapping, Origin, Scalar, wrap


class Document(NamedTuple):
    """One object of a file: a mapping with a kind. Items of a `List` are documents of their own."""

    path: str
    root: Mapping
    api_version: str
    kind: str
    default_namespace: str
    """The namespace of an object that names none: `default` unless the user or a renderer says otherwise."""


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


class _Parser(CParser):  # type: ignore[misc]
    """libyaml's composer with PyYAML's own resolver switched off: scalars are resolved only where they are read."""

    descend_resolver = staticmethod(operator.is_)
    ascend_resolver = staticmethod(bool)
    resolve = staticmethod(slice)


def read_documents(text: str, path: str, *, default_namespace: str = "default") -> Iterator[Document | Failure]:
    """Every object of `text`, in order. (Thin form; the full loader replaces it.)"""
    offset = 0
    for lines in _split(text):
        chunk = "\n".join(lines)
        try:
            raw = _Parser(chunk).get_single_node()
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark
            line, column = (mark.line + 1 + offset, mark.column + 1) if mark else (offset + 1, 1)
            span = Span(line, column, line, column + 1)
            yield Failure(FailureKind.SYNTAX, error.problem or "not YAML", Location(path, span))
        else:
            if raw is not None and raw.id == "mapping":
                root = wrap(raw, Origin(path, offset))
                assert isinstance(root, Mapping)
                yield from _objects(root, path, default_namespace)
        offset += len(lines) + 1


def _split(text: str) -> Iterator[list[str]]:
    chunk: list[str] = []
    for line in text.split("\n"):
        if line.startswith("---"):
            yield chunk
            chunk = []
        else:
            chunk.append(line)
    yield chunk


def _objects(root: Mapping, path: str, default_namespace: str) -> Iterator[Document]:
    kind, version = root.get("kind"), root.get("apiVersion")
    if isinstance(kind, Scalar):
        yield Document(path, root, version.text if isinstance(version, Scalar) else "", kind.text, default_namespace)
