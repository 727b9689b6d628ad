"""Pods that no manifest shows and that may still be there: hints in Services, placeholders, the cluster's own pods."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from netpol_lint.algebra.labels import Operator, Requirement
from netpol_lint.cluster.cluster import Cluster
from netpol_lint.resources.decode.placeholders import has_placeholder
from netpol_lint.resources.selectors import LabelSelector

_SYSTEM: Final = frozenset(("kube-system", "kube-public", "kube-node-lease", "openshift"))


def shows_all_pods(cluster: Cluster, namespace: str) -> bool:
    """Whether absence from a namespace proves something. A cluster runs pods of its own in the system namespaces."""
    return cluster.shows_pods(namespace) and not is_system_namespace(namespace)


def is_system_namespace(name: str) -> bool:
    """Whether the cluster itself runs pods there: `kube-system`, `openshift-*` and their like."""
    return name in _SYSTEM or name.startswith("openshift-")


def is_partly_known(selector: LabelSelector) -> bool:
    """Whether a key or value is a placeholder that a tool fills in later."""
    return any(_is_partly_known(placed.requirement) for placed in selector.placed)


def may_exist(cluster: Cluster, namespace: str, selector: LabelSelector) -> bool:
    """Whether pods of a namespace may match although none that is shown does.

    A Service that picks none of the shown pods says that somebody else makes pods with the labels it selects. A
    placeholder in a pod's label may stand for any value.
    """
    requirements = selector.selector.requirements
    for workload in cluster.pods_in(namespace):
        if all(r.matches(workload.labels) or _filled_in(r, workload.labels) for r in requirements):
            return True
    promised = cluster.once(_promised)
    for requirement in requirements:
        for value in requirement.values if requirement.operator is Operator.IN else ():
            for labels in promised.get((namespace, requirement.key, value), ()):
                if all(r.matches(labels) for r in requirements if r.key in labels):
                    return True
    return False


def _promised(cluster: Cluster) -> Mapping[tuple[str, str, str], list[Mapping[str, str]]]:
    """By namespace, key and value: the labels that Services select without any shown pod to match."""
    found: dict[tuple[str, str, str], list[Mapping[str, str]]] = {}
    for service in cluster.services:
        namespace = service.meta.namespace
        if not service.has_selector or cluster.matching(namespace, service.selector):
            continue
        labels = {p.requirement.key: value for p in service.selector.placed for value in p.requirement.values}
        for key, value in labels.items():
            found.setdefault((namespace, key, value), []).append(labels)
    return found


def _filled_in(requirement: Requirement, labels: Mapping[str, str]) -> bool:
    return requirement.operator is not Operator.DOES_NOT_EXIST and has_placeholder(labels.get(requirement.key, ""))


def _is_partly_known(requirement: Requirement) -> bool:
    return has_placeholder(requirement.key) or any(has_placeholder(value) for value in requirement.values)
