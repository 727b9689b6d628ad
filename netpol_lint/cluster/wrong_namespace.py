"""Selectors that would pick pods in exactly one other namespace than the one they look in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final

from netpol_lint.algebra.labels import Operator, Selector
from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.scopes import namespaces_with
from netpol_lint.cluster.selection import NamespacePods
from netpol_lint.records import NamedTuple
from netpol_lint.resources.decode.placeholders import has_placeholder
from netpol_lint.resources.policy import NetworkPolicy
from netpol_lint.resources.selectors import LabelSelector
from netpol_lint.resources.workload import Workload


class InOtherNamespace(NamedTuple):
    """It would pick pods in exactly one other namespace (NP105)."""

    selector: LabelSelector
    namespace: str
    pods: tuple[Workload, ...]
    """Empty for the cluster's own DNS, which every cluster has and no manifest shows."""
    is_subject: bool
    """Whether it is the policy's own `podSelector`, so that the policy is in the wrong namespace."""


_DNS: Final = {"k8s-app": "kube-dns"}
_DNS_NAMESPACE: Final = "kube-system"
_STAGES: Final = (  # compiled where it is used, as most runs do not come so far
    r"(?<![a-z])(?:dev|development|test|testing|qa|uat|int|integration|stage|stg|staging|preprod|pre|prod|prd|production"
    r"|live|sandbox|demo|canary|preview|\d+)(?![a-z])"
)


def in_other_namespace(
    cluster: Cluster, policy: NetworkPolicy, selector: LabelSelector, *, is_subject: bool, proven: bool
) -> tuple[InOtherNamespace, ...]:
    """The one other namespace where a selector without a `namespaceSelector` picks pods, if there is exactly one.

    Namespaces that are stages of the same thing (`shop`, `shop-dev`, `shop-prod`) have the same pods on purpose.
    """
    own = policy.meta.namespace
    if has_placeholder(own):
        return ()
    if not is_subject and own != _DNS_NAMESPACE and _asks_for_dns(selector):
        return (InOtherNamespace(selector, _DNS_NAMESPACE, (), is_subject),)
    found = tuple(islice(_elsewhere(cluster, selector, own), 2))
    if len(found) != 1:
        return ()
    [pods] = found
    other = pods[0].namespace
    if has_placeholder(other) or _are_stages(own, other):
        return ()
    if proven or (is_subject and _is_stray(cluster, policy, pods)):
        return (InOtherNamespace(selector, other, pods, is_subject),)
    return ()


def _asks_for_dns(selector: LabelSelector) -> bool:
    asked = {p.requirement.key for p in selector.placed if p.requirement.operator is Operator.IN}
    return asked == _DNS.keys() and selector.selector.matches(_DNS)


def may_be_meant(cluster: Cluster, policy: NetworkPolicy, selector: LabelSelector) -> bool:
    """Whether the selector picks pods that may well be in the right namespace, because somebody else decides on it.

    Objects whose manifest names no namespace go where `kubectl` or Kustomize is told to put them: such pods perhaps
    beside the policy, such a policy perhaps beside its pods. Manifests that stand together are taken as they are.
    """
    home, homes = _directory(policy.meta.at.path), cluster.once(_Homes)
    if any(not _are_related(home, other) for other in homes.of_unplaced(selector)):
        return True
    if policy.meta.namespace_declared:
        return False
    if cluster.elsewhere and cluster.elsewhere.has_pods("", selector):
        return True
    return any(not _are_related(home, other) for other in homes.anywhere(selector))


class _Homes:
    """The directories of the pods that a selector picks, wherever they are; remembered by selector."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._unplaced = NamespacePods(tuple(w for w in cluster.workloads if not w.meta.namespace_declared))
        self._of_unplaced: dict[Selector, frozenset[str]] = {}
        self._anywhere: dict[Selector, frozenset[str]] = {}

    def of_unplaced(self, selector: LabelSelector) -> frozenset[str]:
        """Of those whose manifest names no namespace."""
        known, key = self._of_unplaced, selector.selector
        if key not in known:
            known[key] = _directories(self._unplaced.select(key).certain)
        return known[key]

    def anywhere(self, selector: LabelSelector) -> frozenset[str]:
        """Of those in any namespace."""
        known, key = self._anywhere, selector.selector
        if key not in known:
            known[key] = _directories(pod for pods in _elsewhere(self._cluster, selector) for pod in pods)
        return known[key]


def stand_together(policy: NetworkPolicy, pod: Workload) -> bool:
    """Whether two manifests are in one directory, or one below the other."""
    return _are_related(_directory(policy.meta.at.path), _directory(pod.meta.at.path))


def _directories(pods: Iterable[Workload]) -> frozenset[str]:
    return frozenset(_directory(pod.meta.at.path) for pod in pods)


def _directory(path: str) -> str:
    """With a slash at its end, "" for the top."""
    return path[: path.rfind("/") + 1]


def _are_related(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def _elsewhere(cluster: Cluster, selector: LabelSelector, own: str = "") -> Iterator[tuple[Workload, ...]]:
    """The pods that a selector picks, namespace by namespace, without those of its own."""
    for name in namespaces_with(cluster, selector.selector.requirements):
        pods = cluster.matching(name, selector).certain if name != own else ()
        if pods:
            yield pods


def _is_stray(cluster: Cluster, policy: NetworkPolicy, pods: tuple[Workload, ...]) -> bool:
    """Whether a policy is alone in its namespace while its manifest stands together with those of its pods.

    A policy that stands apart may have its pods in another repository.
    """
    own = policy.meta.namespace
    if cluster.shows_pods(own) or own in cluster.once(_namespaces_of_services):
        return False
    return all(pod.meta.namespace_declared and stand_together(policy, pod) for pod in pods)


def _are_stages(one: str, other: str) -> bool:
    stripped, rest = ([*filter(None, re.sub(_STAGES, "", name).split("-"))] for name in (one, other))
    return stripped == rest


def _namespaces_of_services(cluster: Cluster) -> frozenset[str]:
    return frozenset(service.meta.namespace for service in cluster.services)
