"""Suppressions in manifests: comments and annotations as one kind of thing, their rules looked up."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from netpol_lint.catalog import Catalog
from netpol_lint.cluster.units import FileObjects
from netpol_lint.findings import NO_OBJECT
from netpol_lint.records import NamedTuple
from netpol_lint.resources.metadata import Label, Metadata, ObjectRef
from netpol_lint.source.ignores import Ignore, Named, terms_of
from netpol_lint.source.location import Location, Span
from netpol_lint.suppression import ANNOTATION

_NAME: Final = re.compile(r"[^\s,;:]+")
_COMMA: Final = re.compile(r"\s*,\s*")
_ID: Final = re.compile(r"NP[0-9]+\Z", re.IGNORECASE)
_MOST_GUESSES: Final = 200
_LONGEST_GUESS: Final = 60
_NOWHERE: Final = Span(0, 0, 0, 0)
_FORM: Final = f'write `{ANNOTATION}: "RULE reason"`'


class Claim(NamedTuple):
    """A rule that a note names."""

    name: str
    at: Location
    ids: frozenset[str]
    """What the name stands for; nothing if there is no such rule."""
    meant: str
    """In place of a name that stands for nothing: the one probably meant, "" without one."""


@dataclass(frozen=True, slots=True, eq=False)
class Note:
    """A comment, or one entry of an annotation."""

    kind: str
    """`comment` or `annotation`."""
    claims: tuple[Claim, ...]
    reason: str
    until: str
    """ISO date, "" without one."""
    until_at: Location
    at: Location
    about: ObjectRef
    """The object that carries it."""
    line: int = 0
    """Of a comment: the line it is about, 0 if there is none."""
    whole_file: bool = False
    fault: str = ""
    """Why it suppresses nothing whatever is found, "" if it may."""
    whole: Span = _NOWHERE
    """Of a comment: what goes when it goes."""


def notes_of(files: Iterable[FileObjects], catalog: Catalog) -> Iterator[Note]:
    """The notes of all files, in order of the files."""
    lookup = _Lookup(catalog)
    for file in files:
        if file.ignores:
            metas = sorted(file.metas, key=lambda meta: meta.at.span)
            lines = [meta.at.span.line for meta in metas]
            for ignore in file.ignores:
                yield _from_comment(ignore, metas, lines, lookup)
        for meta in file.metas:
            for annotation in meta.annotations:
                if annotation.key == ANNOTATION:
                    yield from _from_annotation(annotation, meta.ref, lookup)


class _Lookup:
    """What names stand for; each is looked up once."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._known: dict[str, tuple[frozenset[str], str]] = {}
        self._unknown = 0

    def claim(self, named: Named) -> Claim:
        name = named.name
        if name not in self._known:
            ids = self._catalog.standing_for(name)
            self._known[name] = ids, "" if ids else self._meant(name)
        return Claim(name, named.at, *self._known[name])

    def _meant(self, name: str) -> str:
        self._unknown += 1
        if self._unknown > _MOST_GUESSES or len(name) > _LONGEST_GUESS:
            return ""
        return self._catalog.nearest(name)

    def is_rule(self, name: str) -> bool:
        return self._catalog.knows(name) or _ID.match(name) is not None


def _from_comment(ignore: Ignore, metas: Sequence[Metadata], lines: Sequence[int], lookup: _Lookup) -> Note:
    return Note(
        kind="comment",
        claims=tuple(lookup.claim(named) for named in ignore.rules),
        reason=ignore.reason,
        until=ignore.until,
        until_at=ignore.until_at,
        at=ignore.at,
        about=NO_OBJECT if ignore.whole_file else _owner(ignore, metas, lines),
        line=ignore.line,
        whole_file=ignore.whole_file,
        fault=ignore.fault,
        whole=ignore.whole,
    )


def _owner(ignore: Ignore, metas: Sequence[Metadata], lines: Sequence[int]) -> ObjectRef:
    """The object around a comment: of those in its document the last that is named above the line it is about."""
    first, last = ignore.document
    line = ignore.line or ignore.at.span.line
    begin, end = bisect_left(lines, first), bisect_right(lines, last)
    return metas[max(bisect_right(lines, line, begin, end) - 1, begin)].ref if begin < end else NO_OBJECT


def _from_annotation(annotation: Label, about: ObjectRef, lookup: _Lookup) -> Iterator[Note]:
    text = annotation.value
    if not text.replace(";", "").strip():
        yield Note("annotation", (), "", "", annotation.at, annotation.at, about, fault=_FORM)
    begin = 0
    for entry in text.split(";"):
        end = begin + len(entry)
        if entry.strip():
            yield _from_entry(annotation, begin, end, about, lookup)
        begin = end + 1


def _from_entry(annotation: Label, begin: int, end: int, about: ObjectRef, lookup: _Lookup) -> Note:
    text = annotation.value
    named: list[Named] = []
    name = _NAME.search(text, begin, end)
    after = begin
    while name is not None:
        named.append(Named(name[0], _part(annotation, name.start(), name.end())))
        after = name.end()
        comma = _COMMA.match(text, after, end)
        name = _NAME.match(text, comma.end(), end) if comma else None
        if name is not None and not lookup.is_rule(name[0]):
            name = None
    terms = terms_of(text[after:end].lstrip(","))
    return Note(
        kind="annotation",
        claims=tuple(lookup.claim(one) for one in named),
        reason=terms.reason,
        until="" if terms.fault else terms.until,
        until_at=annotation.at,
        at=annotation.at,
        about=about,
        fault=terms.fault or ("" if named else _FORM),
    )


def _part(annotation: Label, start: int, end: int) -> Location:
    """The place of a part of the value; the whole value where it is not written on one line as it is."""
    span = annotation.at.span
    quotes = span.end_column - span.column - len(annotation.value)
    if span.line != span.end_line or quotes not in (0, 2):
        return annotation.at
    first = span.column + quotes // 2
    return annotation.at._replace(span=Span(span.line, first + start, span.line, first + end))
