"""The documents that findings point into, read again where a fingerprint needs their content."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from netpol_lint.config import Settings
from netpol_lint.resources.decode import KINDS
from netpol_lint.source.documents import Document, read_documents
from netpol_lint.source.tree import plain_data


class Trees:
    """The plain data of the document around a place, read again: only fingerprints inside lists need it."""

    def __init__(self, content: Callable[[str], bytes], settings: Settings) -> None:
        self._content = content
        self._settings = settings
        self._documents: dict[str, list[Document]] = {}

    def __call__(self, path: str, line: int) -> Any:
        if path not in self._documents:
            kinds = KINDS if self._settings.prefilter else frozenset()
            items = read_documents(self._content(path), path, kinds=kinds)
            self._documents[path] = [item for item in items if isinstance(item, Document)]
        for document in self._documents[path]:
            if document.root.span.line <= line <= document.root.span.end_line:
                return plain_data(document.root)
        return {}
