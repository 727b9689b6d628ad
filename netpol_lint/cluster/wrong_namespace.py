"""Selectors that would pick pods in exactly one other namespace than the one they look in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Final, NamedTuple

from netpol_lint.algebra.labels import Operator
from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.selection import NamespacePods
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
_STAGES: Final = re.compile(
    r"(?<![a-z])(?:dev|development|test|testing|qa|uat|int|integration|stage|stg|staging|preprod|pre|prod|prd|production"
    r"|live|sandbox|demo|canary|preview|\d+)(?![a-z])"
)


def in_other_namespace(
    cluster: Cluster, policy: NetworkPolicy, selector: LabelSelector, *, is_subject: bool, proven: bool
) -> tuple[InOtherNamespace, ...]:
    """The one other namespace where a selector without a `namespaceSelector` picks pods, if there is exactly one.

    Namespaces that are stages of the same thing (`shop-dev`, `shop-prod`) have the same pods on purpose.
    """
    own = policy.meta.namespace
    if has_placeholder(own):
        return ()
    if not is_subject and own != _DNS_NAMESPACE and _asks_for_dns(selector):
        return (InOtherNamespace(selector, _DNS_NAMESPACE, (), is_subject),)
    found = []
    for name in _candidates(cluster, selector):
        pods = cluster.matching(name, selector).certain if name != own else ()
        if pods:
            found.append(InOtherNamespace(selector, name, pods, is_subject))
    if len(found) != 1 or has_placeholder(found[0].namespace) or _are_stages(own, found[0].namespace):
        return ()
    if proven or (is_subject and _is_stray(cluster, policy, found[0])):
        return (found[0],)
    return ()


def _asks_for_dns(selector: LabelSelector) -> bool:
    asked = {p.requirement.key for p in selector.placed if p.requirement.operator is Operator.IN}
    return asked == _DNS.keys() and selector.selector.matches(_DNS)


def may_be_meant(cluster: Cluster, policy: NetworkPolicy, selector: LabelSelector) -> bool:
    """Whether the selector picks pods that may well be in the right namespace, because somebody else decides on it.

    Objects whose manifest names no namespace go where `kubectl` or Kustomize is told to put them: such pods perhaps
    beside the policy, such a policy perhaps beside its pods. Manifests that stand together are taken as they are.
    """
    unplaced = cluster.once(_unplaced).select(selector.selector).certain
    if any(not stand_together(policy, pod) for pod in unplaced):
        return True
    if policy.meta.namespace_declared:
        return False
    pods = (w for name in _candidates(cluster, selector) for w in cluster.matching(name, selector).certain)
    return any(not stand_together(policy, pod) for pod in pods)


def _unplaced(cluster: Cluster) -> NamespacePods:
    return NamespacePods(tuple(w for w in cluster.workloads if not w.meta.namespace_declared))


def stand_together(policy: NetworkPolicy, pod: Workload) -> bool:
    """Whether two manifests are in one directory, or one below the other."""
    one, other = PurePosixPath(policy.meta.at.path).parent, PurePosixPath(pod.meta.at.path).parent
    return one.is_relative_to(other) or other.is_relative_to(one)


def _candidates(cluster: Cluster, selector: LabelSelector) -> tuple[str, ...]:
    """The namespaces with pods that fulfil the first requirement that asks for a value."""
    by_label = cluster.once(_namespaces_by_label)
    asked = [p.requirement for p in selector.placed if p.requirement.operator is Operator.IN][:1]
    names = {name for r in asked for value in r.values for name in by_label.get((r.key, value), ())}
    return tuple(sorted(names))


def _namespaces_by_label(cluster: Cluster) -> Mapping[tuple[str, str], set[str]]:
    found: dict[tuple[str, str], set[str]] = {}
    for workload in cluster.workloads:
        for label in workload.labels.items():
            found.setdefault(label, set()).add(workload.namespace)
    return found


def _is_stray(cluster: Cluster, policy: NetworkPolicy, found: InOtherNamespace) -> bool:
    """Whether a policy is alone in its namespace while its manifest stands together with those of its pods.

    A policy that stands apart may have its pods in another repository.
    """
    own = policy.meta.namespace
    if cluster.shows_pods(own) or any(service.meta.namespace == own for service in cluster.services):
        return False
    return all(pod.meta.namespace_declared and stand_together(policy, pod) for pod in found.pods)


def _are_stages(one: str, other: str) -> bool:
    stripped, rest = _STAGES.sub("", one), _STAGES.sub("", other)
    return stripped == rest
