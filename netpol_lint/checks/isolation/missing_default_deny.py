"""NP203: a namespace where a pod that no policy selects accepts traffic from everyone."""

from __future__ import annotations

from collections.abc import Iterator

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.default_deny import MissingDefaultDeny, missing_default_deny
from netpol_lint.findings import Problem, Related
from netpol_lint.findings.wording import listed, policy_text, workload_text
from netpol_lint.resources.policy import Direction

_MOST_RELATED = 50


def check(cluster: Cluster) -> Iterator[Problem]:
    for missing in missing_default_deny(cluster, Direction.INGRESS):
        related = [Related("selects all pods and admits them", opening.at) for _, opening in missing.opened]
        related += [Related(f"{workload_text(w)} is open", w.meta.at) for w in missing.open_pods]
        elsewhere = tuple(other for other in related if other.at != missing.at)
        yield Problem(_message(missing), missing.at, missing.namespace, elsewhere[:_MOST_RELATED])


def _message(missing: MissingDefaultDeny) -> str:
    for policy, opening in missing.opened:
        return (
            f"every pod of namespace {missing.namespace.name} accepts traffic from {opening.everyone}{opening.ports}:"
            f" {policy_text(policy)} selects them all and admits it"
        )
    if missing.open_pods:
        pods = tuple(dict.fromkeys(workload_text(workload) for workload in missing.open_pods))
        accept = "accept" if len(pods) > 1 else "accepts"
        return f"{listed(pods)} {accept} traffic from every pod in the cluster: {missing.reason}"
    return f"a pod that no policy selects accepts traffic from every pod in the cluster: {missing.reason}"
