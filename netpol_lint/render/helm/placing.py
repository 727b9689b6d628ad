"""Rendered documents whose nodes stand at the lines of the templates they come from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from netpol_lint.records import NamedTuple
from netpol_lint.render.helm.markers import NO_PLACE, Place
from netpol_lint.render.helm.tracing import Traced
from netpol_lint.source.documents import Document, Failure, read_documents
from netpol_lint.source.limits import Limits
from netpol_lint.source.location import Location, Span
from netpol_lint.source.transplant import transplant
from netpol_lint.source.tree import Mapping as Node, Scalar

_HOOKS: Final = frozenset(
    "pre-install post-install pre-delete post-delete pre-upgrade post-upgrade pre-rollback post-rollback".split()
)
_ACTION: Final = re.compile(r"\{\{.*?\}\}")
_LONGEST_LINE: Final = 2_000
"""Characters; in a longer line nobody looks for a word by its column."""


class Template(NamedTuple):
    """A file that documents come from, as findings point at it."""

    path: str
    lines: tuple[str, ...]
    """Its text; nothing for a template inside an archive, which has no lines to show."""
    span: Span = Span(0, 0, 0, 0)
    """Where to point in any case, if it is not 0: for an archive, the entry that asks for it."""


def documents_of(
    document: Traced, template: Template, number: int, namespace: str, limits: Limits
) -> Iterator[Document | Failure]:
    """The objects of a document that an installation would make, and what could not be read.

    `number` is what stands for the template in the places of the document's lines.
    """
    text = document.manifest.text
    spots = _Spots(text.split("\n"), template, document.places, number)
    for item in read_documents(
        text.encode(), template.path, default_namespace=namespace, limits=limits, prefilter=False
    ):
        if isinstance(item, Failure):
            yield item._replace(at=Location(template.path, spots.whole(item.at.span.line)))
        elif not _is_skipped(item):
            yield item._replace(root=transplant(item.root, template.path, spots.where))


def _is_skipped(document: Document) -> bool:
    """Whether Helm does not install it, or only for `helm test`: tests are no part of what is deployed."""
    metadata = document.root.get("metadata")
    annotations = metadata.get("annotations") if isinstance(metadata, Node) else metadata
    hook = annotations.get("helm.sh/hook") if isinstance(annotations, Node) else annotations
    if not isinstance(hook, Scalar) or not isinstance(hook.value, str):
        return False
    return not _HOOKS.issuperset(event.strip().lower() for event in hook.text.split(","))


class _Spots:
    """Where in the template the parts of a manifest's lines stand."""

    def __init__(self, rendered: Sequence[str], template: Template, places: Sequence[Place], number: int) -> None:
        self._rendered = rendered
        self._template = template
        self._places = places
        self._number = number

    def where(self, line: int, column: int, end_column: int, value: str, is_key: bool) -> Span:
        """The text itself, where the line of the template has it literally; else the whole line."""
        place = self._place(line)
        if place.is_exact and value and "\n" not in value:
            text = self._template.lines[place.line - 1]
            written = self._rendered[line - 1][column - 1 : end_column - 1] if end_column else ""
            for wanted in filter(None, (written, value)):
                start = _find(text, wanted, is_key)
                if start >= 0:
                    return Span(place.line, start + 1, place.line, start + 1 + len(wanted))
        return self.whole(line)

    def whole(self, line: int) -> Span:
        """The whole line of the template that a rendered line comes from, without the blanks around it."""
        if self._template.span.line:
            return self._template.span
        at = self._place(line).line
        text = self._template.lines[at - 1].rstrip()
        first = len(text) - len(text.lstrip())
        return Span(at, first + 1, at, max(len(text), first + 1) + 1)

    def _place(self, line: int) -> Place:
        """Where a rendered line comes from; the template's first line, if that is not known."""
        place = self._places[line - 1] if line <= len(self._places) else NO_PLACE
        return place if place.file == self._number and 0 < place.line <= len(self._template.lines) else NO_PLACE


def _find(line: str, wanted: str, is_key: bool) -> int:
    """Where a key (its first place) or value (its last) stands as a word of its own outside of actions; -1 if not."""
    if len(line) > _LONGEST_LINE:
        return -1
    plain = _ACTION.sub(lambda match: "\0" * len(match[0]), line) if "{{" in line else line
    found, at = -1, plain.find(wanted)
    while at >= 0:
        after = plain[at + len(wanted) :]
        if not _is_word(plain[:at][-1:]) and (after.lstrip().startswith(":") if is_key else not _is_word(after[:1])):
            found = at
            if is_key:
                break
        at = plain.find(wanted, at + 1)
    return found


def _is_word(character: str) -> bool:
    return character.isalnum() or (character != "" and character in "_./-")
