"""NP011: a policy beside a kustomization that does not list its file."""

from __future__ import annotations

from collections.abc import Iterator

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.findings import Problem, Related
from netpol_lint.findings.wording import policy_text
from netpol_lint.source.location import Location, Span


def check(cluster: Cluster) -> Iterator[Problem]:
    if not cluster.unlisted:
        return
    beside = (Related("does not list it", Location(cluster.unlisted, Span(1, 1, 1, 1))),)
    for policy in cluster.policies:
        name = cluster.unlisted.rpartition("/")[2]
        message = f"{policy_text(policy)} is not applied: no kustomization lists its file, nor does {name} beside it"
        yield Problem(message, policy.meta.at, policy.meta.ref, beside)
