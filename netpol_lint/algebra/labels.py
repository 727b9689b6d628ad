"""Label selectors as sets of label sets: what they match, and how two of them relate."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from typing import NamedTuple, TypeAlias

LabelSet: TypeAlias = Mapping[str, str]


class Operator(enum.Enum):
    """How a requirement compares a key (apimachinery pkg/labels)."""

    IN = "In"
    NOT_IN = "NotIn"
    EXISTS = "Exists"
    DOES_NOT_EXIST = "DoesNotExist"


class Requirement(NamedTuple):
    """One condition on one key. `values` is empty for Exists and DoesNotExist."""

    key: str
    operator: Operator
    values: frozenset[str] = frozenset()

    def matches(self, labels: LabelSet) -> bool:
        """Whether `labels` fulfil it; `NotIn` holds where the key is missing (labels.Requirement.Matches)."""
        present = self.key in labels
        match self.operator:
            case Operator.IN:
                return present and labels[self.key] in self.values
            case Operator.NOT_IN:
                return not present or labels[self.key] not in self.values
            case Operator.EXISTS:
                return present
            case Operator.DOES_NOT_EXIST:
                return not present


class Selector(NamedTuple):
    """The label sets that fulfil every requirement; without requirements, every label set."""

    requirements: tuple[Requirement, ...] = ()

    def matches(self, labels: LabelSet) -> bool:
        return all(requirement.matches(labels) for requirement in self.requirements)

    @property
    def selects_everything(self) -> bool:
        """Whether every label set matches, whatever labels a future pod has."""
        return not self.requirements

    def satisfiable(self) -> bool:
        """Whether some label set matches. Values are free text, so excluding some never leaves none."""
        by_key: dict[str, list[Requirement]] = {}
        for requirement in self.requirements:
            by_key.setdefault(requirement.key, []).append(requirement)
        return all(_can_hold(requirements) for requirements in by_key.values())


EVERYTHING = Selector()


def equals(key: str, value: str) -> Requirement:
    """The requirement that `matchLabels` writes as `key: value`."""
    return Requirement(key, Operator.IN, frozenset((value,)))


def _can_hold(requirements: list[Requirement]) -> bool:
    """Whether all requirements on one key can hold at once: with the key missing, or with some value."""
    if all(r.operator in (Operator.NOT_IN, Operator.DOES_NOT_EXIST) for r in requirements):
        return True
    if any(r.operator is Operator.DOES_NOT_EXIST for r in requirements):
        return False
    allowed = [r.values for r in requirements if r.operator is Operator.IN]
    excluded = frozenset[str]().union(*(r.values for r in requirements if r.operator is Operator.NOT_IN))
    return not allowed or bool(frozenset.intersection(*allowed) - excluded)
