"""Which pods and namespaces a selector picks, decided per namespace over an index of labels.

Three answers: a pod matches, cannot match, or *may* match because labels are added to it that no manifest shows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from netpol_lint.algebra.labels import Operator, Requirement, Selector
from netpol_lint.records import NamedTuple
from netpol_lint.resources.workload import Workload

RUN_TIME_KEYS: Final = frozenset(
    (
        "job-name",
        "controller-uid",
        "statefulset.kubernetes.io/pod-name",
        "apps.kubernetes.io/pod-index",
        "pod-template-hash",
        "pod-template-generation",
        "controller-revision-hash",
        "security.istio.io/tlsMode",
    )
)
RUN_TIME_PREFIXES: Final = ("batch.kubernetes.io/", "service.istio.io/canonical-")
"""Labels that controllers and injectors write on pods at run time: their absence in a manifest proves nothing."""


class Selection(NamedTuple):
    """The workloads a selector picks for certain, and those it may pick."""

    certain: tuple[Workload, ...]
    possible: tuple[Workload, ...]

    def __bool__(self) -> bool:
        return bool(self.certain or self.possible)


NOTHING: Final = Selection((), ())


class _Bits(NamedTuple):
    certain: int
    possible: int
    """Without the certain ones."""


def is_run_time_key(key: str) -> bool:
    """Whether something writes this label on pods at run time."""
    return key in RUN_TIME_KEYS or key.startswith(RUN_TIME_PREFIXES)


class NamespacePods:
    """The workloads of one namespace, indexed by label; answers are remembered by selector."""

    __slots__ = ("_all", "_by_key", "_by_label", "_incomplete", "_memo", "workloads")

    def __init__(self, workloads: tuple[Workload, ...]) -> None:
        self.workloads = workloads
        self._all = (1 << len(workloads)) - 1
        self._by_label: dict[tuple[str, str], int] = {}
        self._by_key: dict[str, int] = {}
        self._incomplete = 0
        self._memo: dict[Selector, Selection] = {}
        for index, workload in enumerate(workloads):
            bit = 1 << index
            if not workload.labels_complete:
                self._incomplete |= bit
            for key, value in workload.labels.items():
                self._by_label[key, value] = self._by_label.get((key, value), 0) | bit
                self._by_key[key] = self._by_key.get(key, 0) | bit

    def select(self, selector: Selector) -> Selection:
        """The workloads whose pods the selector picks."""
        known = self._memo.get(selector)
        if known is None:
            known = self._memo[selector] = self._select(selector)
        return known

    def _select(self, selector: Selector) -> Selection:
        certain = candidates = self._all
        for requirement in selector.requirements:
            bits = self._requirement(requirement)
            certain &= bits.certain
            candidates &= bits.certain | bits.possible
            if not candidates:
                return NOTHING
        return Selection(tuple(self._at(certain)), tuple(self._at(candidates & ~certain)))

    def _requirement(self, requirement: Requirement) -> _Bits:
        key = requirement.key
        present = self._by_key.get(key, 0)
        unseen = (self._all if is_run_time_key(key) else self._incomplete) & ~present
        match requirement.operator:
            case Operator.EXISTS:
                certain = present
            case Operator.DOES_NOT_EXIST:
                certain = self._all & ~present
            case Operator.IN:
                certain = self._valued(key, requirement.values)
            case Operator.NOT_IN:
                certain = self._all & ~self._valued(key, requirement.values)
        return _Bits(certain & ~unseen, unseen)

    def _valued(self, key: str, values: Iterable[str]) -> int:
        bits = 0
        for value in values:
            bits |= self._by_label.get((key, value), 0)
        return bits

    def _at(self, bits: int) -> Iterator[Workload]:
        while bits:
            low = bits & -bits
            yield self.workloads[low.bit_length() - 1]
            bits ^= low
