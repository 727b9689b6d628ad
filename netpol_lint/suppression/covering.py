"""Which findings a suppression covers, and which suppressions cover nothing."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterator, Sequence
from typing import Final, TypeAlias

from netpol_lint.catalog import Catalog
from netpol_lint.config import Settings
from netpol_lint.findings import Finding, Suppression
from netpol_lint.source.globs import matches
from netpol_lint.source.location import Location, Span
from netpol_lint.suppression.notes import Claim, Note

UNUSED, UNKNOWN, UNEXPLAINED, EXPIRED = "NP901", "NP902", "NP903", "NP904"
_Place: TypeAlias = tuple[object, ...]
_ABOUT_NOTES: Final = frozenset((UNUSED, UNKNOWN, UNEXPLAINED, EXPIRED))


class Covering:
    """The notes by what they cover. Remembers which of their claims covered something."""

    def __init__(self, notes: Sequence[Note], day: str) -> None:
        self._day = day
        self._used: set[tuple[Location, str]] = set()
        self._by_place: dict[_Place, dict[str, list[tuple[Note, Claim]]]] = {}
        for note in notes:
            if not note.fault and not self.is_expired(note):
                for place in _places(note):
                    self._put(place, note)

    def _put(self, place: _Place, note: Note) -> None:
        rules = self._by_place.setdefault(place, {})
        for claim in note.claims:
            for rule in claim.ids:
                rules.setdefault(rule, []).append((note, claim))

    def is_expired(self, note: Note) -> bool:
        """Whether the last day of a note has passed."""
        return bool(note.until) and note.until < self._day

    def is_used(self, claim: Claim) -> bool:
        """Whether the claim has covered a finding so far, in whatever overlay of its manifest."""
        return (claim.at, claim.name) in self._used

    def covering(self, finding: Finding) -> tuple[Suppression, ...]:
        """What the first note that covers a finding says; nothing without one. All that cover it count as used."""
        found: list[Suppression] = []
        for place in _places_of(finding):
            claims = self._by_place.get(place, {}).get(finding.rule, [])
            self._used.update((claim.at, claim.name) for _, claim in claims)
            del claims[1:]  # all are used now, one is enough for the next finding
            found += (Suppression(note.kind, note.reason, note.at) for note, _ in claims)
        return tuple(found[:1])


def _places_of(finding: Finding) -> Iterator[_Place]:
    """The keys under which notes that cover a finding are."""
    path, line = finding.at.path, finding.at.span.line
    yield path, line
    if finding.rule in _ABOUT_NOTES:
        yield path, line, "own"
    yield path, finding.about
    yield (path,)


def _places(note: Note) -> Iterator[_Place]:
    """The keys under which a finding finds the note."""
    path, own_line = note.at.path, note.at.span.line
    if note.kind == "annotation":
        yield path, note.about
    elif note.whole_file:
        yield (path,)
    else:
        yield path, note.line
        if note.line != own_line:
            yield path, own_line, "own"


class PathIgnores:
    """`per-path` of the config."""

    def __init__(self, settings: Settings, catalog: Catalog) -> None:
        self._settings = settings
        self._ignores = tuple((entry, catalog.expand(entry.ignore)) for entry in settings.per_path)

    def covering(self, finding: Finding) -> tuple[Suppression, ...]:
        """The first entry that turns the finding's rule off for its file; nothing without one."""
        for entry, ids in self._ignores:
            if finding.rule in ids and matches(self._relative(finding.at.path), entry.paths):
                span = Span(entry.line, entry.column, entry.line, entry.column)
                return (Suppression("config", "", Location(self._settings.source, span)),)
        return ()

    def _relative(self, path: str) -> str:
        """The path as seen from the directory of the config file."""
        base = self._settings.base
        return posixpath.relpath(os.path.abspath(path), os.path.abspath(base)) if base else path  # noqa: PTH100
