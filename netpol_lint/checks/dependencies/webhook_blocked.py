"""NP506: what the API server calls, and the policies keep it from."""

from __future__ import annotations

from collections.abc import Iterator

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.findings import Problem
from netpol_lint.needs.blocked_webhooks import blocked_webhooks
from netpol_lint.needs.cut_off import CutOff
from netpol_lint.needs.cut_off_wording import call_text, closed_text, detail_of, related_to
from netpol_lint.resources.decode.publishing import ADMISSION, AGGREGATION, VALIDATING


def check(cluster: Cluster) -> Iterator[Problem]:
    for found in blocked_webhooks(cluster):
        meta = found.backings[0].about
        message = f"{call_text(found)}, but {closed_text(found, 'no address')}: {_effect(found)}"
        yield Problem(message, meta.at, meta.ref, tuple(related_to(found)), detail=detail_of(found))


def _effect(found: CutOff) -> str:
    about = found.backings[0].about.ref
    if about.group == AGGREGATION:
        return "its API is not available, and namespaces cannot be deleted meanwhile"
    if about.group != ADMISSION:
        return "its objects can be neither read nor written in a version that is not stored"
    if all(backing.failure_ignored for backing in found.backings):
        effect = "unchecked" if about.kind == VALIDATING else "unchanged"
        return f"with `failurePolicy: Ignore` each request waits for the timeout and goes on {effect}"
    return "with `failurePolicy: Fail` the API server refuses each request that it is about"
