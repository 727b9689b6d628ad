"""NP101: a policy that selects no pod."""

from __future__ import annotations

from collections.abc import Iterator

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.diagnosis import Unmatched, diagnoses, is_anybody_told
from netpol_lint.findings import Problem
from netpol_lint.findings.wording import having_text


def check(cluster: Cluster, *, whole_cluster: bool = False) -> Iterator[Problem]:
    for policy, effect, cause in diagnoses(cluster).subjects:
        if isinstance(cause, Unmatched) and (whole_cluster or (cause.proven and not _is_installed(cluster, cause))):
            message = f"{effect}: no pod in namespace {policy.meta.namespace} {having_text(cause.selector)}"
            yield Problem(message, cause.selector.at, policy.meta.ref)


def _is_installed(cluster: Cluster, cause: Unmatched) -> bool:
    if not is_anybody_told(cluster):
        return False
    from netpol_lint.needs.promised import is_called_elsewhere  # half of the program, for few findings

    return is_called_elsewhere(cluster, cause)
