"""NP010: a chart, a kustomization or a template that could not be rendered, so that nothing is known of it."""

from __future__ import annotations

from collections.abc import Iterator

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.findings import NO_OBJECT, Problem
from netpol_lint.render.jobs import NotRendered
from netpol_lint.source.documents import FailureKind

_WHAT = {"helm": "chart", "kustomize": "kustomization"}


def check(cluster: Cluster) -> Iterator[Problem]:
    for missing in cluster.not_rendered:
        yield Problem(_message(missing), missing.at, NO_OBJECT, detail=missing.reason)
    for failure in cluster.failures:
        if failure.kind is FailureKind.TEMPLATE:
            message = f"this is {failure.message}, so nothing is known of what it makes: give what your tool renders"
            yield Problem(message, failure.at, NO_OBJECT)


def _message(missing: NotRendered) -> str:
    what = _WHAT.get(missing.job.kind, missing.job.kind)
    remedy = f"; {missing.remedy}" if missing.remedy else ""
    by = f" by {missing.renderer}" if missing.renderer else ""
    return f"{what} {missing.job.root} is not all rendered{by}: {missing.reason}{remedy}"
