"""The scanned tree, read by display path: nothing outside it, no link out of it, within the limits."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from netpol_lint.records import NamedTuple
from netpol_lint.source.documents import Document, Failure, read_documents, read_trees
from netpol_lint.source.files import File, Trouble, read_file, reason
from netpol_lint.source.limits import DEFAULT, Limits
from netpol_lint.source.tree import Node

_KEPT: Final = 64 * 1024 * 1024
"""Bytes of text whose parsed documents are kept: most bases are used by several overlays."""
NO_TEXTS: Final[Mapping[str, bytes]] = MappingProxyType({})
OUTSIDE: Final = "outside the scanned tree, so it is not read"
LEADS_OUT: Final = "a symbolic link that leads out of the scanned tree, so it is not followed"
NOT_THERE: Final = "no such file or directory"


class _Root(NamedTuple):
    shown: str
    real: str


class Tree:
    """The directories and files of the command line. Paths are posix and as reports show them."""

    def __init__(
        self, roots: Sequence[tuple[str, str]], limits: Limits = DEFAULT, texts: Mapping[str, bytes] = NO_TEXTS
    ) -> None:
        """`roots` are display paths, each with where the operating system finds it.

        `texts` are files by display path that need not be on disk, or are there with other content.
        """
        self._roots = tuple(_Root(posixpath.normpath(shown), os.path.realpath(location)) for shown, location in roots)
        self.limits = limits
        self._left = limits.total
        self._texts = texts
        self._above_texts = frozenset(_above(texts))
        self._real: dict[str, str | Trouble] = {}
        self._kinds: dict[str, str] = {}
        self._bytes: dict[str, bytes] = {}
        self._documents: dict[str, tuple[Document | Failure, ...]] = {}
        self._trees: dict[str, tuple[Node | Failure, ...]] = {}
        self._kept = 0

    def location(self, path: str) -> str | Trouble:
        """Where the operating system finds a path of the tree, links followed; trouble if that is outside."""
        path = posixpath.normpath(path)
        known = self._real.get(path)
        if known is None:
            known = self._real[path] = self._locate(path)
        return known

    def read(self, path: str) -> bytes | Trouble:
        """The bytes of a file; trouble if it is not there, not in the tree, no file or beyond a limit."""
        path = posixpath.normpath(path)
        kept = self._bytes.get(path)
        if kept is not None:
            return kept
        if path in self._texts:
            self._bytes[path] = self._texts[path]
            return self._texts[path]
        location = self.location(path)
        if isinstance(location, Trouble):
            return location
        if self._left <= 0:
            return Trouble(path, f"not read: the files are beyond {self.limits.total} bytes together")
        data = read_file(File(path, location, 0), self.limits)
        if isinstance(data, bytes):
            self._left -= len(data)
            if self._kept + len(data) <= _KEPT:
                self._kept += len(data)
                self._bytes[path] = data
        return data

    def documents(self, path: str) -> tuple[Document | Failure, ...] | Trouble:
        """Every object of a file, of whatever kind, and what could not be read."""
        path = posixpath.normpath(path)
        known = self._documents.get(path)
        if known is not None:
            return known
        data = self.read(path)
        if isinstance(data, Trouble):
            return data
        found = tuple(read_documents(data, path, limits=self.limits, prefilter=False))
        if path in self._bytes:
            self._documents[path] = found
        return found

    def trees(self, path: str) -> tuple[Node | Failure, ...] | Trouble:
        """Every document of a file, whatever it holds, and what could not be read."""
        path = posixpath.normpath(path)
        known = self._trees.get(path)
        if known is not None:
            return known
        data = self.read(path)
        if isinstance(data, Trouble):
            return data
        found = tuple(read_trees(data, path, limits=self.limits))
        if path in self._bytes:
            self._trees[path] = found
        return found

    def holds(self, location: str) -> bool:
        """Whether what the operating system finds there lies in the tree, links followed."""
        real = os.path.realpath(location)
        return any(
            _is_within(real, root.real) or _is_within(os.path.abspath(location), root.real) for root in self._roots
        )

    def exists(self, path: str) -> bool:
        """Whether there is a file or directory of the tree."""
        return self._kind(path) != ""

    def is_file(self, path: str) -> bool:
        """Whether there is a file of the tree."""
        return self._kind(path) == "file"

    def is_directory(self, path: str) -> bool:
        """Whether there is a directory of the tree."""
        return self._kind(path) == "directory"

    def list(self, directory: str) -> tuple[str, ...] | Trouble:
        """The names in a directory, sorted."""
        inside = {path[len(directory) + 1 :] for path in self._texts if path.startswith(f"{directory}/")}
        named = {path.partition("/")[0] for path in (self._texts if directory == "." else inside)}
        location = self.location(directory)
        if isinstance(location, Trouble):
            return tuple(sorted(named)) if named else location
        try:
            return tuple(sorted(named.union(os.listdir(location))))
        except OSError as error:
            return Trouble(directory, reason(error))

    def _kind(self, path: str) -> str:
        path = posixpath.normpath(path)
        known = self._kinds.get(path)
        if path in self._texts or path in self._above_texts:
            return "file" if path in self._texts else "directory"
        if known is None:
            location = self.location(path)
            if isinstance(location, Trouble):
                known = ""
            else:
                known = "file" if os.path.isfile(location) else "directory" if os.path.isdir(location) else ""
            self._kinds[path] = known
        return known

    def _locate(self, path: str) -> str | Trouble:
        root = self._root_of(path)
        if root is None:
            return Trouble(path, OUTSIDE)
        below = path if root.shown == "." else path[len(root.shown) :].lstrip("/")
        lexical = root.real if below in ("", ".") else f"{root.real.rstrip(os.sep)}{os.sep}{below.replace('/', os.sep)}"
        try:
            real = os.path.realpath(lexical, strict=True)
        except (FileNotFoundError, NotADirectoryError):
            return Trouble(path, NOT_THERE)
        except (OSError, ValueError) as error:
            return Trouble(path, reason(error) if isinstance(error, OSError) else str(error))
        if not any(_is_within(real, known.real) for known in self._roots):
            return Trouble(path, LEADS_OUT)
        return real

    def _root_of(self, path: str) -> _Root | None:
        """The closest root that a path lies at or below."""
        found = [root for root in self._roots if _is_below(path, root.shown)]
        return max(found, key=lambda root: len(root.shown), default=None)


def _above(paths: Iterable[str]) -> Iterator[str]:
    """The directories of the paths, and all above these."""
    for path in paths:
        while path not in {"", "/", "."}:
            path = posixpath.dirname(path) or "."  # noqa: PLW2901
            yield path


def _is_below(path: str, shown: str) -> bool:
    if shown == ".":
        return not path.startswith(("/", "../")) and path != ".."
    return path == shown or path.startswith(f"{shown.rstrip('/')}/")


def _is_within(real: str, root: str) -> bool:
    return real == root or real.startswith(f"{root.rstrip(os.sep)}{os.sep}")
