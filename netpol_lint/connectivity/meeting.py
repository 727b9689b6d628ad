"""Which ways of meaning pods meet: where one includes the other, or the unit shows a pod that both mean."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import TypeAlias

from netpol_lint.algebra.labels import Operator
from netpol_lint.cluster.cluster import Cluster
from netpol_lint.connectivity.covering import pods_cover
from netpol_lint.connectivity.endpoints import Pod
from netpol_lint.connectivity.form import Pods
from netpol_lint.connectivity.matching import pods_match
from netpol_lint.connectivity.network import Network

_Label: TypeAlias = tuple[bool, str, str]
"""Whether it is a namespace's, its key and value."""


class Meetings:
    """Answers about the pods of one cluster; the pods that are meant are remembered."""

    def __init__(self, cluster: Cluster) -> None:
        self._pods = Network.of(cluster).pods
        self._by_label: dict[_Label, list[Pod]] = {}
        for pod in self._pods.values():
            for label in _shown(pod):
                self._by_label.setdefault(label, []).append(pod)
        self._meant: dict[Pods, frozenset[str]] = {}

    @classmethod
    def of(cls, cluster: Cluster) -> Meetings:
        """Those of a cluster, built once."""
        return cluster.once(cls)

    def meet(self, one: Pods, other: Pods) -> bool:
        """Whether both surely mean a pod; that one with the labels of both may come some day does not count."""
        if _is_nobody(one) or _is_nobody(other):
            return False
        if pods_cover(one, other) or pods_cover(other, one):
            return True
        return not self.meant(one).isdisjoint(self.meant(other))

    def meant(self, meant: Pods) -> frozenset[str]:
        """The ids of the pods of the unit that are surely meant."""
        if meant not in self._meant:
            found = (pod.id for pod in self._candidates(meant) if pods_match(meant, pod) is True)
            self._meant[meant] = frozenset(found)
        return self._meant[meant]

    def _candidates(self, meant: Pods) -> Iterable[Pod]:
        """The pods with a label that is asked for, of which there are fewest."""
        found = [self._by_label.get(label, []) for label in _asked_for(meant)]
        return min(found, key=len, default=self._pods.values())

    def earlier(self, subjects: Sequence[Pods]) -> Iterator[Iterator[int]]:
        """For each in order the numbers of those before it that meet it, compared as they are asked for.

        What includes another asks for no label that the other does not ask for, so that few are compared.
        """
        unlabelled: list[int] = []
        by_label: dict[_Label, list[int]] = {}
        by_pod: dict[str, list[int]] = {}
        for number, own in enumerate(subjects):
            labels = tuple(_asked_for(own))
            pods = self.meant(own)
            near = [unlabelled, *(by_label.get(label, ()) for label in labels), *(by_pod.get(pod, ()) for pod in pods)]
            candidates = range(number) if not labels else sorted({one for numbers in near for one in numbers})
            yield filter(partial(self._meets, subjects, number), candidates)
            for label in labels:
                by_label.setdefault(label, []).append(number)
            for pod in pods:
                by_pod.setdefault(pod, []).append(number)
            if not labels:
                unlabelled.append(number)

    def _meets(self, subjects: Sequence[Pods], number: int, other: int) -> bool:
        return self.meet(subjects[number], subjects[other])


def _shown(pod: Pod) -> Iterator[_Label]:
    for key, value in pod.labels.known.items():
        yield False, key, value
    for key, value in pod.namespace_labels.known.items():
        yield True, key, value


def _asked_for(meant: Pods) -> Iterator[_Label]:
    for is_namespace, selector in ((False, meant.pods), (True, meant.namespaces)):
        for key, operator, values in selector.requirements:
            if operator is Operator.IN and len(values) == 1:
                yield is_namespace, key, next(iter(values))


def _is_nobody(meant: Pods) -> bool:
    return not (meant.pods.satisfiable() and meant.namespaces.satisfiable())
