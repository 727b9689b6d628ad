"""The documents that findings point into, read again where a fingerprint needs their content."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable

from netpol_lint.config import Settings
from netpol_lint.findings.fingerprint import Pointers
from netpol_lint.resources.decode import KINDS
from netpol_lint.source.documents import Document, read_documents
from netpol_lint.source.location import Location
from netpol_lint.source.tree import plain_data


class Trees:
    """The content of the document around a place, read again: only fingerprints inside lists need it."""

    def __init__(self, content: Callable[[str], bytes], settings: Settings) -> None:
        self._content = content
        self._settings = settings
        self._files: dict[str, _File] = {}

    def __call__(self, at: Location) -> Pointers:
        if at.path not in self._files:
            kinds = KINDS if self._settings.prefilter else frozenset()
            items = read_documents(self._content(at.path), at.path, kinds=kinds)
            self._files[at.path] = _File([item for item in items if isinstance(item, Document)])
        return self._files[at.path].around(at)


class _File:
    """The documents of one file by where they start."""

    def __init__(self, documents: list[Document]) -> None:
        self._documents = sorted(documents, key=lambda document: document.root.span)
        self._starts = [document.root.span[:2] for document in self._documents]
        self._known: dict[int, Pointers] = {}

    def around(self, at: Location) -> Pointers:
        """The pointers into the last document that starts before the place, empty if it ends before it, too."""
        index = bisect_right(self._starts, at.span[:2]) - 1
        if index < 0 or self._documents[index].root.span.end_line < at.span.line:
            return Pointers({})
        if index not in self._known:
            self._known[index] = Pointers(plain_data(self._documents[index].root))
        return self._known[index]
