"""NP201: a pod that no policy selects for ingress, in a namespace whose policies isolate others."""

from __future__ import annotations

from collections.abc import Iterator

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.open_pods import NearPolicy, is_meant_by_a_slip, near_policies, open_pods
from netpol_lint.cluster.unseen import is_filled_in, is_system_namespace
from netpol_lint.findings import Problem, Related
from netpol_lint.findings.wording import labels_text, listed, requirement_text, workload_text
from netpol_lint.resources.policy import Direction


def check(cluster: Cluster, *, every_namespace: bool = False) -> Iterator[Problem]:
    for namespace in cluster.namespaces:
        isolates = any(policy.isolates(Direction.INGRESS) for policy in cluster.policies_in(namespace))
        wanted = isolates or (every_namespace and not is_system_namespace(namespace))
        if not wanted or is_filled_in(namespace) or cluster.is_open:
            continue
        for workload in open_pods(cluster, namespace, Direction.INGRESS):
            if not is_meant_by_a_slip(cluster, workload, Direction.INGRESS):
                message = (
                    f"{workload_text(workload)} accepts traffic from every pod in the cluster: no policy in namespace"
                    f" {namespace} selects it for ingress (its pods have {labels_text(workload.pod_labels)})"
                )
                near = near_policies(cluster, workload, Direction.INGRESS)
                yield Problem(message, workload.meta.at, workload.meta.ref, tuple(_related(n) for n in near))


def _related(near: NearPolicy) -> Related:
    lacking = listed([requirement_text(placed.requirement) for placed in near.lacking])
    return Related(f"policy {near.policy.meta.name} would select it with {lacking}", near.policy.pod_selector.at)
