"""NP502: cluster DNS open over UDP alone."""

from __future__ import annotations

from collections.abc import Iterator

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.findings import Problem, Related
from netpol_lint.findings.wording import listed, policy_text, workload_text
from netpol_lint.needs.without_dns import udp_only

_MOST_RELATED = 10


def check(cluster: Cluster) -> Iterator[Problem]:
    for found in udp_only(cluster):
        first = found.workloads[0].meta
        pods = listed([workload_text(workload) for workload in found.workloads])
        policies = listed([policy_text(policy) for policy in found.policies])
        lets = "lets" if len(found.policies) == 1 else "let"
        message = (
            f"{policies} {lets} {pods} ask cluster DNS over UDP alone: an answer that does not fit into one packet is"
            " asked for again on TCP 53, which no rule opens"
        )
        related = tuple(Related("a policy that opens UDP", policy.meta.at) for policy in found.policies[:_MOST_RELATED])
        yield Problem(message, first.at, first.ref, related)
