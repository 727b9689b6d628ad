"""The few policies that may select a pod, found by a label that they ask for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from netpol_lint.algebra.labels import Operator
from netpol_lint.cluster.selection import is_run_time_key
from netpol_lint.connectivity.endpoints import Pod, Unseen
from netpol_lint.connectivity.form import Policy
from netpol_lint.resources.decode.placeholders import has_placeholder

_FEW: Final = 8
"""So many policies are looked at one by one."""


class Candidates:
    """Policies over one namespace, in their order."""

    __slots__ = ("_all", "_always", "_by_label")

    def __init__(self, policies: tuple[Policy, ...]) -> None:
        self._all = policies
        self._always: list[int] = []
        self._by_label: dict[tuple[str, str], list[int]] = {}
        for position, policy in enumerate(policies if len(policies) > _FEW else ()):
            labels = _asked_for(policy)
            for label in labels:
                self._by_label.setdefault(label, []).append(position)
            if not labels:
                self._always.append(position)

    def of(self, pod: Pod) -> Iterable[Policy]:
        """Those that may select a pod: all others certainly do not."""
        known = pod.labels.known
        is_partly_known = pod.labels.unseen is Unseen.ANY or any(map(has_placeholder, known.values()))
        if len(self._all) <= _FEW or is_partly_known:
            return self._all
        found = set(self._always)
        for label in known.items():
            found.update(self._by_label.get(label, ()))
        return (self._all[position] for position in sorted(found))


def _asked_for(policy: Policy) -> tuple[tuple[str, str], ...]:
    """Labels of which a pod must show one to be selected; none where it may be selected without showing any."""
    for key, operator, values in policy.subjects.pods.requirements:
        if operator is Operator.IN and not is_run_time_key(key) and not any(map(has_placeholder, (key, *values))):
            return tuple((key, value) for value in values)
    return ()
