"""NP105: a selector that would match in exactly one other namespace."""

from __future__ import annotations

from collections.abc import Iterator

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.diagnosis import all_diagnoses
from netpol_lint.cluster.wrong_namespace import InOtherNamespace
from netpol_lint.findings import Problem, Related
from netpol_lint.findings.wording import listed, selector_text, workload_text
from netpol_lint.resources.policy import NetworkPolicy


def check(cluster: Cluster) -> Iterator[Problem]:
    for policy, effect, cause in all_diagnoses(cluster):
        if isinstance(cause, InOtherNamespace):
            related = tuple(
                Related(f"{workload_text(w)} is in namespace {w.namespace}", w.meta.at) for w in cause.pods[:10]
            )
            message = f"{effect}: {_reason(policy, cause)}"
            yield Problem(message, cause.selector.at, policy.meta.ref, related)


def _reason(policy: NetworkPolicy, cause: InOtherNamespace) -> str:
    own, wanted = policy.meta.namespace, selector_text(cause.selector)
    if not cause.is_subject:
        pods = listed([workload_text(w) for w in cause.pods]) or "the cluster's DNS"
        are = "are" if len(cause.pods) > 1 else "is"
        return (
            f"without a namespaceSelector {wanted} means pods of the policy's own namespace {own}, and {pods}"
            f" {are} in namespace {cause.namespace}"
        )
    pods = listed([workload_text(w) for w in cause.pods])
    have = "have" if len(cause.pods) > 1 else "has"
    given = "its namespace" if policy.meta.namespace_declared else "the namespace of objects that name none"
    return f"no pod in namespace {own}, {given}, has {wanted}; {pods} in namespace {cause.namespace} {have} it"
