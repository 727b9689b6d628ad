"""Label selectors as sets of label sets: what they match, and how two of them relate."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping
from itertools import chain, product
from typing import TypeAlias

from netpol_lint.records import NamedTuple

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
        return not any(choices.empty for choices in self._choices().values())

    def implies(self, other: Selector) -> bool:
        """Whether `other` matches every label set that this one matches, whatever labels there will be."""
        own = self._choices()
        if any(choices.empty for choices in own.values()):
            return True
        return all(wanted.covers(own.get(key, _ANYTHING)) for key, wanted in other._choices().items())

    def disjoint(self, other: Selector) -> bool:
        """Whether no label set matches both."""
        return not Selector((*self.requirements, *other.requirements)).satisfiable()

    def equivalent(self, other: Selector) -> bool:
        """Whether both match the same label sets."""
        return self.implies(other) and other.implies(self)

    def minus(self, other: Selector) -> tuple[Selector, ...]:
        """Selectors, no two of which match the same label set, for what this one matches and `other` does not."""
        left: list[Selector] = []
        common = self._choices()
        for key, wanted in other._choices().items():
            own = common.get(key, _ANYTHING)
            left += _selectors({**common, key: own.without(wanted)})
            common[key] = own.both(wanted)
        return tuple(left)

    def both(self, other: Selector) -> Selector:
        """What matches the label sets that both match."""
        return Selector((*self.requirements, *other.requirements))

    def example(self) -> dict[str, str]:
        """A label set that it matches, with no more labels than it asks for; only of one that matches some."""
        return {key: choices.example() for key, choices in self._choices().items() if not choices.missing}

    def _choices(self) -> dict[str, _Choices]:
        """What each key may have; keys are independent of each other, so these decide every question exactly."""
        by_key: dict[str, _Choices] = {}
        for requirement in self.requirements:
            by_key[requirement.key] = by_key.get(requirement.key, _ANYTHING).narrowed(requirement)
        return by_key


class _Choices(NamedTuple):
    """What one key may have: some values, or all but some; and whether it may be missing."""

    values: frozenset[str]
    all_but: bool
    missing: bool

    @property
    def empty(self) -> bool:
        return not (self.missing or self.all_but or self.values)

    def narrowed(self, requirement: Requirement) -> _Choices:
        """What is left when a requirement on the key holds too."""
        match requirement.operator:
            case Operator.IN if self.all_but:
                return _Choices(requirement.values - self.values, all_but=False, missing=False)
            case Operator.IN:
                return _Choices(requirement.values & self.values, all_but=False, missing=False)
            case Operator.NOT_IN if self.all_but:
                return self._replace(values=self.values | requirement.values)
            case Operator.NOT_IN:
                return self._replace(values=self.values - requirement.values)
            case Operator.EXISTS:
                return self._replace(missing=False)
            case Operator.DOES_NOT_EXIST:
                return _Choices(frozenset(), all_but=False, missing=self.missing)

    def both(self, other: _Choices) -> _Choices:
        """What either allows."""
        missing = self.missing and other.missing
        if self.all_but and other.all_but:
            return _Choices(self.values | other.values, all_but=True, missing=missing)
        if self.all_but:
            return _Choices(other.values - self.values, all_but=False, missing=missing)
        values = self.values - other.values if other.all_but else self.values & other.values
        return _Choices(values, all_but=False, missing=missing)

    def without(self, other: _Choices) -> _Choices:
        """What it allows and `other` does not."""
        return self.both(_Choices(other.values, not other.all_but, not other.missing))

    def requirements(self, key: str) -> Iterator[tuple[Requirement, ...]]:
        """Requirements on a key, in as many ways as are needed to say what it allows; none if that is nothing."""
        if self.all_but:
            excluded = (Requirement(key, Operator.NOT_IN, self.values),) if self.values else ()
            yield excluded if self.missing else (Requirement(key, Operator.EXISTS), *excluded)
            return
        if self.missing:
            yield (Requirement(key, Operator.DOES_NOT_EXIST),)
        if self.values:
            yield (Requirement(key, Operator.IN, self.values),)

    def example(self) -> str:
        """A value that it allows; only where it allows one."""
        if not self.all_but:
            return min(self.values)
        value = "any"
        while value in self.values:
            value += "-"
        return value

    def covers(self, other: _Choices) -> bool:
        """Whether it holds whatever `other` allows."""
        if other.missing and not self.missing:
            return False
        if other.all_but:
            return self.all_but and self.values <= other.values
        return other.values.isdisjoint(self.values) if self.all_but else other.values <= self.values


def _selectors(by_key: Mapping[str, _Choices]) -> Iterator[Selector]:
    """Selectors that together match the label sets whose keys have what they may."""
    for ways in product(*(choices.requirements(key) for key, choices in by_key.items())):
        yield Selector(tuple(chain.from_iterable(ways)))


_ANYTHING = _Choices(frozenset(), all_but=True, missing=True)
EVERYTHING = Selector()


def equals(key: str, value: str) -> Requirement:
    """The requirement that `matchLabels` writes as `key: value`."""
    return Requirement(key, Operator.IN, frozenset((value,)))
