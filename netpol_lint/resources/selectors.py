"""A label selector as it stands in a manifest: what it selects, and where each requirement is written."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from netpol_lint.algebra.labels import Requirement, Selector
from netpol_lint.source.location import Location


class PlacedRequirement(NamedTuple):
    """A requirement with the places of its key and of each value (none for Exists and DoesNotExist)."""

    requirement: Requirement
    key_at: Location
    values_at: tuple[tuple[str, Location], ...]


@dataclass(frozen=True)
class LabelSelector:
    """`matchLabels` and `matchExpressions` together; `at` is the selector's key."""

    placed: tuple[PlacedRequirement, ...]
    at: Location

    @cached_property
    def selector(self) -> Selector:
        """The selector without its places; equal selectors of different policies are equal here."""
        return Selector(tuple(sorted({p.requirement for p in self.placed}, key=_order)))

    @property
    def selects_everything(self) -> bool:
        return not self.placed


def _order(requirement: Requirement) -> tuple[str, str, tuple[str, ...]]:
    return requirement.key, requirement.operator.value, tuple(sorted(requirement.values))
