"""Rendered text by the template it came from: alike from every renderer, whatever order it comes in."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from netpol_lint.records import NamedTuple

_SOURCE: Final = re.compile(r"^---\n# Source: ([^\n]*)\n", re.MULTILINE)
_SEPARATOR: Final = re.compile(r"^---[ \t]*", re.MULTILINE)
_RESOURCE_DEFINITION: Final = re.compile(r"""^kind:[ \t]*["']?CustomResourceDefinition["']?[ \t]*$""", re.MULTILINE)


class Manifest(NamedTuple):
    """One document of one template."""

    source: str
    """As Helm names it: `chart/templates/file.yaml`, `chart/charts/subchart/templates/file.yaml`."""
    ordinal: int
    """Among the documents of the same template."""
    text: str


def printed(output: str) -> list[Manifest]:
    """What `helm template` prints: each part behind a line that names its template."""
    starts = list(_SOURCE.finditer(output))
    ends = [match.start() for match in starts[1:]] + [len(output)]
    return numbered((match[1], output[match.end() : end]) for match, end in zip(starts, ends, strict=False))


def returned(files: Mapping[str, str]) -> list[Manifest]:
    """What Helm's library returns: the whole text of every template, notes and partials included."""
    return numbered(
        (source, text)
        for source, text in files.items()
        if not source.endswith("NOTES.txt") and not posixpath.basename(source).startswith("_")
    )


def numbered(parts: Iterable[tuple[str, str]]) -> list[Manifest]:
    """The documents of all parts, by template, those of one template in the order they came in."""
    manifests: list[Manifest] = []
    counts: dict[str, int] = {}
    for source, text in parts:
        for document in _split(text):
            ordinal = counts.get(source, 0)
            counts[source] = ordinal + 1
            manifests.append(Manifest(source, ordinal, document))
    return sorted(manifests)


def _split(text: str) -> Iterator[str]:
    """Documents as Helm splits them, at every line that begins with `---`; no definitions of custom resources."""
    for part in _SEPARATOR.split(text.lstrip()):
        document = part.lstrip()
        if document and _RESOURCE_DEFINITION.search(document) is None:
            yield document if document.endswith("\n") else f"{document}\n"
