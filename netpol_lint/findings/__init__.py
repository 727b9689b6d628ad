"""What a check says, and what becomes of it: problems, fixes, findings and the report."""

from __future__ import annotations

import enum
from collections.abc import Callable
from typing import Any

from netpol_lint.records import NamedTuple
from netpol_lint.resources.metadata import ObjectRef
from netpol_lint.source.location import Location, Span


class Severity(enum.Enum):
    """How much a finding matters; `rank` orders them, the gravest highest."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"

    @property
    def rank(self) -> int:
        return {Severity.NOTE: 1, Severity.WARNING: 2, Severity.ERROR: 3}[self]


NO_OBJECT = ObjectRef("", "", "", "")
"""The object of a finding that has none (NP001, NP010)."""


class Related(NamedTuple):
    """Another place that proves or explains a finding."""

    message: str
    at: Location


class Edit(NamedTuple):
    """Replace the text of one span; an empty span inserts."""

    path: str
    span: Span
    text: str


class Removed(enum.Enum):
    """In place of a value: the key, or the element of a list, is no longer there."""

    REMOVED = "removed"


REMOVED = Removed.REMOVED


class Renamed(NamedTuple):
    """In place of a value: it stays as it is, under another key of its mapping that is not there yet."""

    key: str


class Moved(NamedTuple):
    """In place of a value: the one that another mapping of the document has at this pointer, and then has no more."""

    pointer: str


class Inserted(NamedTuple):
    """In place of a value: a new element of a list, before the one that is there now, or after the last."""

    value: Any


class Change(NamedTuple):
    """What an edit is meant to do to the data: the node at `at` (path, pointer) becomes `value`, plain JSON data,
    `REMOVED`, `Renamed`, `Moved` or `Inserted`. Changes of one fix are carried out in order, those that move the
    elements of a list last."""

    at: Location
    value: Any


class Fix(NamedTuple):
    """Edits of one file that mend a finding. Safe means proved to change no connection."""

    description: str
    safe: bool
    edits: tuple[Edit, ...]
    changes: tuple[Change, ...]
    """The same in terms of data: after the edits the file must parse to exactly this difference."""


NO_FIX = Fix("", False, (), ())


class Problem(NamedTuple):
    """What a check yields. The engine adds rule, severity and units."""

    message: str
    """One sentence that names the objects and says the effect."""
    at: Location
    about: ObjectRef
    related: tuple[Related, ...] = ()
    fix: Fix = NO_FIX
    detail: str = ""
    """What tells it from another problem of the same rule at the same pointer; stable, in the fingerprint."""


class Suppression(NamedTuple):
    """Why a finding is not reported."""

    kind: str
    """`comment`, `annotation`, `config` or `baseline`."""
    reason: str
    at: Location


class Finding(NamedTuple):
    """A problem with its rule, as reports show it."""

    rule: str
    name: str
    severity: Severity
    message: str
    at: Location
    about: ObjectRef
    units: tuple[str, ...]
    """Sorted, never empty."""
    related: tuple[Related, ...] = ()
    fix: Fix = NO_FIX
    fingerprint: str = ""
    """Lower-case hex; no line, path or message enters it."""


class SuppressedFinding(NamedTuple):
    """A finding and what suppresses it."""

    finding: Finding
    by: Suppression


class Notification(NamedTuple):
    """Trouble that has no rule: a file that cannot be read, a limit that was hit, a cap on results."""

    level: str
    """`warning` or `note`."""
    message: str
    at: Location | tuple[()] = ()


class RuleInfo(NamedTuple):
    """What reports say about a rule."""

    id: str
    name: str
    severity: Severity
    title: str
    """One line without a full stop."""
    category: str


class Summary(NamedTuple):
    """How much was analysed; source objects are counted once. Counts of findings are the reported ones."""

    files: int = 0
    objects: int = 0
    workloads: int = 0
    policies: int = 0
    errors: int = 0
    warnings: int = 0
    notes: int = 0
    suppressed: int = 0
    templates: int = 0
    """Templates of other tools than Helm, which were not rendered."""
    charts: int = 0
    """Charts that were not rendered, or not all of them."""
    kustomizations: int = 0
    """Likewise kustomizations."""
    fixtures: int = 0
    """Files left out as test data."""
    renderers: tuple[str, ...] = ()
    """The programs and libraries, with their versions, that rendered charts and kustomizations, sorted."""


def _no_text(_: str) -> str:
    return ""


class Report(NamedTuple):
    """Everything a format needs. Findings are in report order: path, line, column, rule."""

    findings: tuple[Finding, ...]
    suppressed: tuple[SuppressedFinding, ...]
    notifications: tuple[Notification, ...]
    summary: Summary
    rules: tuple[RuleInfo, ...]
    """All enabled rules, sorted by id, whether or not they found anything."""
    version: str
    source_text: Callable[[str], str] = _no_text
    """The text of an analysed file by its path ("" when it cannot be read any more), values of Secrets masked."""
    raw_text: Callable[[str], str] = _no_text
    """The same as it is on disk, byte order mark and all, what is no UTF-8 replaced: for hashes alone, never shown."""
    rule_help: Callable[[str], str] = _no_text
    """The prose of a rule's page as Markdown, by id; loaded only when shown."""
