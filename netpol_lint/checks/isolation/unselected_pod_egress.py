"""NP202: a pod that no policy selects for egress, in a namespace whose policies isolate the egress of others."""

from __future__ import annotations

from collections.abc import Iterator

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.open_pods import is_meant_by_a_slip, open_pods
from netpol_lint.cluster.unseen import is_filled_in
from netpol_lint.findings import Problem
from netpol_lint.findings.wording import labels_text, workload_text
from netpol_lint.resources.policy import Direction


def check(cluster: Cluster) -> Iterator[Problem]:
    for namespace in cluster.namespaces:
        known = (workload for workload in cluster.pods_in(namespace) if not workload.by_operator)
        others = any(cluster.policies_over(workload, Direction.EGRESS) for workload in known)
        if not others or is_filled_in(namespace) or cluster.is_open:
            continue
        for workload in open_pods(cluster, namespace, Direction.EGRESS):
            if not is_meant_by_a_slip(cluster, workload, Direction.EGRESS):
                message = (
                    f"{workload_text(workload)} may send traffic anywhere, unlike others of namespace {namespace}: no"
                    f" policy selects it for egress (its pods have {labels_text(workload.pod_labels)})"
                )
                yield Problem(message, workload.meta.at, workload.meta.ref)
