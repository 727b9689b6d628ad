"""NP505: what Prometheus is told to scrape, and the policies keep it from."""

from __future__ import annotations

from collections.abc import Iterator

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.findings import Problem
from netpol_lint.needs.blocked_scrapes import blocked_scrapes
from netpol_lint.needs.cut_off_wording import call_text, closed_text, detail_of, related_to


def check(cluster: Cluster) -> Iterator[Problem]:
    for found in blocked_scrapes(cluster):
        meta = found.backings[0].about
        message = f"{call_text(found)}, but {closed_text(found, 'no Prometheus')}"
        yield Problem(message, meta.at, meta.ref, tuple(related_to(found)), detail=detail_of(found))
