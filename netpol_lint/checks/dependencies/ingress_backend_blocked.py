"""NP504: what is published to clients outside, and kept from them by the policies."""

from __future__ import annotations

from collections.abc import Iterator

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.findings import Problem
from netpol_lint.needs.blocked_backends import blocked_backends
from netpol_lint.needs.cut_off_wording import call_text, closed_text, detail_of, related_to


def check(cluster: Cluster) -> Iterator[Problem]:
    for found in blocked_backends(cluster):
        meta = found.backings[0].about
        whom = "no address" if meta is found.backings[0].behind else "no controller and no address"
        message = f"{call_text(found)}, but {closed_text(found, whom)}"
        yield Problem(message, meta.at, meta.ref, tuple(related_to(found)), detail=detail_of(found))
