"""Findings that comments, annotations and the config suppress, and what is wrong with those that suppress."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, TypeAlias

from netpol_lint.catalog import Catalog, Rule
from netpol_lint.cluster.units import FileObjects
from netpol_lint.config import Settings
from netpol_lint.errors import NetpolLintError
from netpol_lint.findings import Finding, SuppressedFinding, Suppression
from netpol_lint.findings.fingerprint import Pointers, with_fingerprints
from netpol_lint.records import NamedTuple

if TYPE_CHECKING:
    from netpol_lint.suppression.notes import Note

ANNOTATION: Final = "netpol-lint.io/ignore"
Detailed: TypeAlias = tuple[Finding, str]
"""A finding without fingerprint, and the stable detail that enters it."""
NO_UNITS: Final[Mapping[str, str]] = MappingProxyType({})


class Outcome(NamedTuple):
    """What is left of the findings, what is not, and what is wrong with the suppressions themselves."""

    kept: tuple[Finding, ...]
    suppressed: tuple[SuppressedFinding, ...]
    complaints: tuple[Detailed, ...]
    """Findings of NP901 to NP904, as far as they are on."""


def suppress(
    found: Iterable[Finding],
    files: Sequence[FileObjects],
    rules: Sequence[Rule],
    catalog: Catalog,
    settings: Settings,
    units: Mapping[str, str] = NO_UNITS,
) -> Outcome:
    """Part the findings (with fingerprints) of the selected rules into those to report and those suppressed.

    Comments and annotations come first, then `per-path` of the config. What is wrong with a suppression can itself be
    suppressed, save that none hides that it is unused. With `settings.suppressions` off, comments and annotations
    count for nothing and nothing is said of them. `units` are the names of units by the paths of their files.
    """
    if not settings.per_path and not (settings.suppressions and any(_may_suppress(file) for file in files)):
        return Outcome(tuple(found), (), ())  # as in most runs
    from netpol_lint.suppression.covering import Covering, PathIgnores

    by_path = PathIgnores(settings, catalog)
    if not settings.suppressions:
        kept, hidden = _part(((finding, "") for finding in found), by_path.covering)
        return Outcome(tuple(finding for finding, _ in kept), tuple(hidden), ())
    from netpol_lint.suppression.complaints import Complaints
    from netpol_lint.suppression.notes import notes_of

    notes = tuple(notes_of(files, catalog))
    covering = Covering(notes, today(settings) if any(note.until for note in notes) else "")
    complaints = Complaints(tuple(_once(notes)), covering, rules, units)

    def by_anything(finding: Finding) -> tuple[Suppression, ...]:
        return covering.covering(finding) or by_path.covering(finding)

    kept, suppressed = _part(((finding, "") for finding in found), by_anything)
    open_complaints: list[Detailed] = []
    for said, by in (
        (complaints.in_the_text(), by_anything),
        (complaints.unused(), by_anything),
        (complaints.unused_of_their_own(), by_path.covering),
    ):
        left, hidden = _part(said, by)
        open_complaints += left
        suppressed += hidden
    return Outcome(tuple(finding for finding, _ in kept), tuple(suppressed), tuple(open_complaints))


def _may_suppress(file: FileObjects) -> bool:
    annotations = (annotation for meta in file.metas for annotation in meta.annotations)
    return bool(file.ignores) or any(annotation.key == ANNOTATION for annotation in annotations)


def _once(notes: Iterable[Note]) -> Iterator[Note]:
    """The notes without those that are one text again, in another overlay of its manifest."""
    seen = set()
    for note in notes:
        text = note.kind, note.at, note.claims, note.reason
        if text not in seen:
            seen.add(text)
            yield note


_Covers: TypeAlias = Callable[[Finding], tuple[Suppression, ...]]


def _part(findings: Iterable[Detailed], covers: _Covers) -> tuple[list[Detailed], list[SuppressedFinding]]:
    """The findings that nothing covers, and those that something does."""
    kept: list[Detailed] = []
    suppressed: list[SuppressedFinding] = []
    for finding, detail in findings:
        by = covers(finding)
        if by:
            suppressed.append(SuppressedFinding(_known(finding, detail), by[0]))
        else:
            kept.append((finding, detail))
    return kept, suppressed


def _known(finding: Finding, detail: str) -> Finding:
    """The finding with a fingerprint: a suppressed complaint gets it here, no list element is in its pointer."""
    if finding.fingerprint:
        return finding
    [known] = with_fingerprints([(finding, detail)], lambda _: Pointers({}))
    return known


def today(settings: Settings) -> str:
    """The day of a run as ISO date: the one given, SOURCE_DATE_EPOCH's, or the clock's, in UTC.

    NetpolLintError if SOURCE_DATE_EPOCH is set to something else than seconds.
    """
    if settings.today:
        return settings.today
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not epoch:
        return datetime.now(UTC).date().isoformat()
    try:
        return datetime.fromtimestamp(int(epoch), UTC).date().isoformat()
    except (ValueError, OverflowError, OSError) as error:
        raise NetpolLintError(f"SOURCE_DATE_EPOCH is {epoch!r}, not a number of seconds") from error
