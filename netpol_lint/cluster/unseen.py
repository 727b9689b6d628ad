"""Pods that no manifest shows and that may still be there: hints in Services, placeholders, the cluster's own pods."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import reduce
from operator import or_
from typing import Final

from netpol_lint.algebra.labels import Operator, Requirement, Selector
from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.label_index import LabelIndex, Labelled, asks_for_label, count, within
from netpol_lint.resources.decode.placeholders import has_placeholder
from netpol_lint.resources.selectors import LabelSelector

_SYSTEM: Final = frozenset(("kube-system", "kube-public", "kube-node-lease", "openshift"))
_KUBEBUILDER: Final = "system"
"""What kubebuilder writes where kustomize is to fill in a namespace."""
_ANY: Final = "${}"
"""Stands for every value with a placeholder."""
_SHORTEST_WORD: Final = 3
_ONE_GROUP: Final = frozenset(("",))


def shows_all_pods(cluster: Cluster, namespace: str) -> bool:
    """Whether absence from a namespace proves something. A cluster runs pods of its own in the system namespaces."""
    return cluster.closed(namespace) and not is_system_namespace(namespace)


def show_all_pods(cluster: Cluster, names: tuple[str, ...]) -> bool:
    """Whether absence from all these namespaces proves something; from none of them, it does not."""
    return bool(names) and all(shows_all_pods(cluster, name) for name in names)


def is_system_namespace(name: str) -> bool:
    """Whether the cluster itself runs pods there: `kube-system`, `openshift-*` and their like."""
    return name in _SYSTEM or name.startswith("openshift-")


def is_filled_in(namespace: str) -> bool:
    """Whether a tool puts another namespace in place of this one."""
    return namespace == _KUBEBUILDER or has_placeholder(namespace)


def is_partly_known(selector: LabelSelector) -> bool:
    """Whether a key or value is a placeholder that a tool fills in later."""
    return any(_is_partly_known(placed.requirement) for placed in selector.placed)


def may_exist(cluster: Cluster, names: tuple[str, ...], selector: LabelSelector) -> bool:
    """Whether pods of these namespaces may match although none that is shown does.

    A Service that picks none of the shown pods says that somebody else makes pods with the labels it selects. A
    placeholder in a pod's label may stand for any value, and one in its namespace for any of them.
    """
    if cluster.elsewhere and any(cluster.elsewhere.has_pods(name, selector) for name in names):
        return True
    if any(any(cluster.matching(namespace, selector)) for namespace in cluster.once(_filled_in)):
        return True
    hints = cluster.once(_hints)
    return bool(hints) and any(hint.admits(selector.selector) for name in names for hint in hints.get(name, ()))


def is_left_out(cluster: Cluster, selector: LabelSelector) -> bool:
    """Whether a selector is for pods that a base or chart has, and that this overlay, or these values, go without.

    To admit them here is harmless, and right elsewhere.
    """
    if cluster.elsewhere and cluster.elsewhere.has_left_out(selector, cluster.workloads):
        return True
    return bool(cluster.switched_off) and any(
        _word(value).search(text)
        for value in _values_of_nobody(cluster, selector)
        for text in cluster.switched_off
        if value in text
    )


def is_for_clients(cluster: Cluster, names: tuple[str, ...], selector: LabelSelector) -> bool:
    """Whether a peer asks for labels that pods of other releases in the namespace of a chart's release are to carry.

    No pod of the chart has a label of that name, as with the `redis-client: "true"` of those who may call Redis.
    """
    if names != (cluster.release_namespace,):
        return False
    keys = {placed.requirement.key for placed in selector.placed}
    return all(keys.isdisjoint(workload.labels) for workload in cluster.workloads)


def _values_of_nobody(cluster: Cluster, selector: LabelSelector) -> Iterator[str]:
    """The values of labels that a selector asks for and no pod that is shown has."""
    for placed in selector.placed:
        requirement = placed.requirement
        if requirement.operator is Operator.IN and not any(
            requirement.matches(workload.labels) for workload in cluster.workloads
        ):
            yield from (value for value in requirement.values if len(value) >= _SHORTEST_WORD)


def _word(text: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w.-]){re.escape(text)}(?![\w-])")


def _filled_in(cluster: Cluster) -> tuple[str, ...]:
    """The namespaces of pods that a tool replaces by another."""
    return tuple({w.namespace: None for w in cluster.workloads if is_filled_in(w.namespace)})


def _hints(cluster: Cluster) -> Mapping[str, list[_Templates | _Promises]]:
    """By namespace."""
    templates: dict[str, list[Mapping[str, str]]] = {}
    for workload in cluster.workloads:
        if any(has_placeholder(value) for value in workload.labels.values()):
            templates.setdefault(workload.namespace, []).append(workload.labels)
    promises: dict[str, list[Mapping[str, str]]] = {}
    for service in cluster.services:
        namespace = service.meta.namespace
        if service.has_selector and not cluster.matching(namespace, service.selector):
            labels = {p.requirement.key: value for p in service.selector.placed for value in p.requirement.values}
            promises.setdefault(namespace, []).append(labels)
    hints: dict[str, list[_Templates | _Promises]] = {name: [_Templates(pods)] for name, pods in templates.items()}
    for name, services in promises.items():
        hints.setdefault(name, []).append(_Promises(services))
    return hints


class _Templates:
    """Labels of pods with placeholders, which may become any value."""

    def __init__(self, pods: list[Mapping[str, str]]) -> None:
        known = ({key: _ANY if has_placeholder(value) else value for key, value in pod.items()} for pod in pods)
        self._index = LabelIndex(Labelled(labels, "", "") for labels in known)

    def admits(self, selector: Selector) -> bool:
        """Whether some of the pods may match."""
        requirements = selector.requirements
        asked = [
            (*self._index.fulfilling(r), self._index.carriers(r.key, _ANY)) for r in requirements if asks_for_label(r)
        ]
        fewest = min(asked, key=lambda places: count(places, _ONE_GROUP), default=())
        found = within(fewest, _ONE_GROUP) if asked else range(len(self._index.items))
        return any(_may_match(requirements, self._index.items[position].labels) for position in found)


def _may_match(requirements: Iterable[Requirement], labels: Mapping[str, str]) -> bool:
    return all(
        r.matches(labels) or (labels.get(r.key) == _ANY and r.operator is not Operator.DOES_NOT_EXIST)
        for r in requirements
    )


class _Promises:
    """Labels that Services select, of pods that somebody else makes and that may have more of them."""

    def __init__(self, services: list[Mapping[str, str]]) -> None:
        self._by_key: dict[str, int] = {}
        self._by_label: dict[tuple[str, str], int] = {}
        for index, labels in enumerate(services):
            for key, value in labels.items():
                self._by_key[key] = self._by_key.get(key, 0) | 1 << index
                self._by_label[key, value] = self._by_label.get((key, value), 0) | 1 << index

    def admits(self, selector: Selector) -> bool:
        """Whether a Service selects a label that is asked for, and none that is excluded."""
        shared = excluded = 0
        for key, operator, values in selector.requirements:
            given = self._by_key.get(key, 0)
            valued = reduce(or_, (self._by_label.get((key, value), 0) for value in values), 0)
            match operator:
                case Operator.IN:
                    shared |= valued
                    excluded |= given & ~valued
                case Operator.NOT_IN:
                    excluded |= valued
                case Operator.DOES_NOT_EXIST:
                    excluded |= given
                case Operator.EXISTS:
                    pass
        return bool(shared & ~excluded)


def _is_partly_known(requirement: Requirement) -> bool:
    return has_placeholder(requirement.key) or any(has_placeholder(value) for value in requirement.values)
