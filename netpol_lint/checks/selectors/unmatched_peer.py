"""NP102: a peer that matches no pod."""

from __future__ import annotations

from collections.abc import Iterator

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.diagnosis import Unmatched, diagnoses, is_anybody_told
from netpol_lint.findings import Problem
from netpol_lint.findings.wording import having_text, listed


def check(cluster: Cluster, *, whole_cluster: bool = False) -> Iterator[Problem]:
    for policy, effect, cause in diagnoses(cluster).peers:
        if isinstance(cause, Unmatched) and (whole_cluster or (cause.proven and not _is_installed(cluster, cause))):
            yield Problem(f"{effect}: {_reason(cause)}", cause.selector.at, policy.meta.ref)


def _is_installed(cluster: Cluster, cause: Unmatched) -> bool:
    if not is_anybody_told(cluster):
        return False
    from netpol_lint.needs.promised import is_called_elsewhere  # half of the program, for few findings

    return is_called_elsewhere(cluster, cause)


def _reason(cause: Unmatched) -> str:
    wanted = having_text(cause.selector)
    if not cause.namespaces:
        return f"no namespace {wanted}"
    noun = "namespace" if len(cause.namespaces) == 1 else "the namespaces"
    return f"no pod in {noun} {listed(cause.namespaces)} {wanted}"
