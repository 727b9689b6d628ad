"""ConfigMaps and Secrets: only the entries that may name a host, read for the resolver alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from netpol_lint.resources.decode.host_signs import LONGEST, may_be_in
from netpol_lint.resources.decode.meta import read, text
from netpol_lint.resources.evidence import ConfigData, Entry
from netpol_lint.source.documents import Document
from netpol_lint.source.tree import Mapping, Scalar

KINDS: Final = frozenset(("ConfigMap", "Secret"))
_LONGEST_ENCODED: Final = LONGEST * 4 // 3 + 4


def config_data(document: Document) -> tuple[ConfigData, ...]:
    """The object with those of its entries that may name a host; nothing where none may."""
    entries = tuple(_entries(document))
    return (ConfigData(read(document, ""), entries),) if entries else ()


def _entries(document: Document) -> Iterator[Entry]:
    is_secret = document.kind == "Secret"
    found: dict[str, Entry] = {}
    for field in ("data", "stringData") if is_secret else ("data",):
        values = document.root.get(field)
        for key, _, value in values if isinstance(values, Mapping) else ():
            if isinstance(value, Scalar):
                written = text(value)
                content = _decoded(written) if is_secret and field == "data" else written
                found[key] = Entry(key, content, value.location)  # `stringData` wins, as in the API server
    return (entry for entry in found.values() if may_be_in(entry.key, entry.text))


def _decoded(written: str) -> str:
    """What base64 stands for; "" where it is none, or no text."""
    import base64  # few trees have Secrets that can be read
    import binascii

    if len(written) > _LONGEST_ENCODED:
        return ""
    try:
        return base64.b64decode("".join(written.split()).encode(), validate=True).decode()
    except (binascii.Error, ValueError):
        return ""
