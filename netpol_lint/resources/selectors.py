"""A label selector as it stands in a manifest: what it selects, and where each requirement is written."""

from __future__ import annotations

from functools import cached_property
from typing import Any, Final

from netpol_lint.algebra.labels import Requirement, Selector
from netpol_lint.records import NamedTuple, Record
from netpol_lint.source.location import Location, Span

NOWHERE: Final = Span(0, 0, 0, 0)


class PlacedRequirement(NamedTuple):
    """A requirement with the places of its key and of each value (none for Exists and DoesNotExist)."""

    requirement: Requirement
    key_at: Location
    values_at: tuple[tuple[str, Location], ...]
    whole: Span = NOWHERE
    """All its text: the label with its value, or the entry of `matchExpressions`."""
    in_flow: bool = False
    """Whether the labels, or the entries, are written in braces or brackets."""

    @property
    def is_match_label(self) -> bool:
        """Whether it stands under `matchLabels`, where its key is a mapping key, and not in `matchExpressions`."""
        return self.key_at.pointer.split("/")[-2:-1] == ["matchLabels"]


class LabelSelector(Record):
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

    def as_data(self) -> dict[str, Any]:
        """The selector as the JSON it was read from."""
        data: dict[str, Any] = {}
        for placed in self.placed:
            key, operator, _ = placed.requirement
            values = placed.values_at
            if placed.is_match_label:
                data.setdefault("matchLabels", {})[key] = values[0][0]
                continue
            entry: dict[str, Any] = {"key": key, "operator": operator.value}
            if values:
                entry["values"] = [value for value, _ in values]
            data.setdefault("matchExpressions", []).append(entry)
        return data


def _order(requirement: Requirement) -> tuple[str, str, tuple[str, ...]]:
    return requirement.key, requirement.operator.value, tuple(sorted(requirement.values))
