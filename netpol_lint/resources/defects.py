"""What decoding found wrong with a manifest; rules NP001 to NP005 say it to people."""

from __future__ import annotations

import enum

from netpol_lint.records import NamedTuple
from netpol_lint.resources.metadata import ObjectRef
from netpol_lint.source.location import Location


class DefectKind(enum.Enum):
    """What the API server does about it."""

    INVALID = "invalid"
    """Validation or decoding rejects the object."""
    INVALID_STRICT_CIDR = "invalid-strict-cidr"
    """Only strict CIDR validation (on by default from Kubernetes 1.36) rejects it."""
    UNKNOWN_FIELD = "unknown-field"
    """Dropped silently, or refused by strict field validation."""
    DUPLICATE_KEY = "duplicate-key"
    """All but the last are lost."""
    REMOVED_API = "removed-api"
    """An API version, or an annotation, that a current cluster no longer knows."""


class Defect(NamedTuple):
    """One thing wrong with one object."""

    kind: DefectKind
    about: ObjectRef
    reason: str
    """What is wrong, without the object's name: `must be between 1 and 65535, got 70000`."""
    at: Location
    related: tuple[tuple[str, Location], ...] = ()
    suggestion: str = ""
    """The text probably meant in place of the text at `at`."""
    written: str = ""
    """The scalar or key at `at` as read, where putting `suggestion` in its place is all it takes; else ""."""
