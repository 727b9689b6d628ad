"""NP204: a namespace where a pod that no policy selects may send traffic anywhere."""

from __future__ import annotations

from collections.abc import Iterator

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.default_deny import MissingDefaultDeny, missing_default_deny
from netpol_lint.findings import Problem, Related
from netpol_lint.findings.wording import listed, policy_text, workload_text
from netpol_lint.resources.policy import Direction


def check(cluster: Cluster) -> Iterator[Problem]:
    for missing in missing_default_deny(cluster, Direction.EGRESS):
        related = tuple(Related("selects all pods and allows it", opening.at) for _, opening in missing.opened)
        yield Problem(_message(missing), missing.at, missing.namespace, related)


def _message(missing: MissingDefaultDeny) -> str:
    for policy, opening in missing.opened:
        return (
            f"every pod of namespace {missing.namespace.name} may send traffic anywhere{opening.ports}:"
            f" {policy_text(policy)} selects them all and allows it"
        )
    pods = listed(dict.fromkeys(workload_text(workload) for workload in missing.open_pods))
    return f"{pods or 'a pod that no policy selects'} may send traffic anywhere: {missing.reason}"
