"""NP111: a policy of one application that also captures workloads of another."""

from __future__ import annotations

from collections.abc import Iterator

from netpol_lint.cluster.applications import collision
from netpol_lint.cluster.cluster import Cluster
from netpol_lint.findings import Problem, Related
from netpol_lint.findings.wording import listed, policy_text, selector_text, workload_text


def check(cluster: Cluster) -> Iterator[Problem]:
    for policy in cluster.policies:
        for by, application, own, foreign in collision(cluster, policy):
            captured, meant = (listed([workload_text(w) for w in part]) for part in (foreign, own))
            message = (
                f"{policy_text(policy)} also isolates {captured} of another application:"
                f" {selector_text(policy.pod_selector)} does not select {meant} alone ({by} {application})"
            )
            related = [Related(f"{workload_text(w)}, not of {by} {application}", w.meta.at) for w in foreign[:10]]
            yield Problem(message, policy.pod_selector.at, policy.meta.ref, tuple(related))
