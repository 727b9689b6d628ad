"""Which of many labelled things a selector picks, as bits, looked up in an index instead of tried one by one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from netpol_lint.algebra.bitsets import from_positions, span
from netpol_lint.algebra.labels import Operator, Requirement, Selector
from netpol_lint.cluster.selection import is_run_time_key
from netpol_lint.connectivity.endpoints import Labels, Unseen
from netpol_lint.connectivity.matching import Doubt, labels_match
from netpol_lint.records import NamedTuple
from netpol_lint.resources.decode.placeholders import has_placeholder


class Bits(NamedTuple):
    """What matches for certain, and what may match besides."""

    certain: int = 0
    possible: int = 0


NO_BITS: Final = Bits()


class LabelIndex:
    """Labelled things in order; an answer's bit `n` stands for the `n`-th. Answers are remembered by selector."""

    __slots__ = ("_all", "_any", "_by_key", "_by_label", "_items", "_memo", "_partly_known", "_run_time")

    def __init__(self, items: Sequence[Labels]) -> None:
        self._items = items
        self._all = span(0, len(items))
        self._memo: dict[Selector, Bits] = {}
        by_label: dict[tuple[str, str], list[int]] = {}
        by_key: dict[str, list[int]] = {}
        for position, (known, _) in enumerate(items):
            for key, value in known.items():
                by_label.setdefault((key, value), []).append(position)
                by_key.setdefault(key, []).append(position)
        self._by_label = {label: self._bits(positions) for label, positions in by_label.items()}
        self._by_key = {key: self._bits(positions) for key, positions in by_key.items()}
        self._any = self._bits(n for n, labels in enumerate(items) if labels.unseen is Unseen.ANY)
        self._run_time = self._bits(n for n, labels in enumerate(items) if labels.unseen is Unseen.RUN_TIME)
        self._partly_known = any(has_placeholder(value) for _, value in by_label)

    def _bits(self, positions: Iterable[int]) -> int:
        return from_positions(positions, len(self._items))

    @property
    def all(self) -> int:
        """The bits of all of them."""
        return self._all

    def labels(self) -> Iterable[tuple[str, str]]:
        """Every label that one of them has."""
        return self._by_label

    @property
    def may_have_others(self) -> bool:
        """Whether labels that are not shown may be on some of them."""
        return bool(self._any or self._run_time or self._partly_known)

    def select(self, selector: Selector) -> Bits:
        """What the selector picks."""
        if not selector.requirements:
            return Bits(self._all)
        found = self._memo.get(selector)
        if found is None:
            found = self._memo[selector] = self._select(selector)
        return found

    def _select(self, selector: Selector) -> Bits:
        if self._partly_known or any(_has_placeholder(requirement) for requirement in selector.requirements):
            return self._one_by_one(selector)
        certain = candidates = self._all
        for requirement in selector.requirements:
            key = requirement.key
            present = self._by_key.get(key, 0)
            unseen = (self._any | self._run_time if is_run_time_key(key) else self._any) & ~present
            holds = self._holding(requirement, present)
            certain &= holds & ~unseen
            candidates &= holds | unseen
            if not candidates:
                return NO_BITS
        if candidates != certain and not selector.satisfiable():
            return NO_BITS
        return Bits(certain, candidates & ~certain)

    def _holding(self, requirement: Requirement, present: int) -> int:
        match requirement.operator:
            case Operator.EXISTS:
                return present
            case Operator.DOES_NOT_EXIST:
                return self._all & ~present
            case Operator.IN:
                return self._valued(requirement)
            case Operator.NOT_IN:
                return self._all & ~self._valued(requirement)

    def _valued(self, requirement: Requirement) -> int:
        bits = 0
        for value in requirement.values:
            bits |= self._by_label.get((requirement.key, value), 0)
        return bits

    def _one_by_one(self, selector: Selector) -> Bits:
        """The slow way, where placeholders stand in labels or in the selector."""
        matches = [labels_match(selector, labels, Doubt.LABELS) for labels in self._items]
        certain = self._bits(n for n, match in enumerate(matches) if match is True)
        return Bits(certain, self._bits(n for n, match in enumerate(matches) if isinstance(match, Doubt)))


def _has_placeholder(requirement: Requirement) -> bool:
    return has_placeholder(requirement.key) or any(has_placeholder(value) for value in requirement.values)
