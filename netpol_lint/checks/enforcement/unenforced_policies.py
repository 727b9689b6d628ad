"""NP701: the cluster's network plugin enforces no policies."""

from __future__ import annotations

from collections.abc import Iterator

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.plugins import unenforced
from netpol_lint.findings import Problem


def check(cluster: Cluster) -> Iterator[Problem]:
    for found in unenforced(cluster):
        count = f"its {found.policies} policies do" if found.policies > 1 else "its policy does"
        message = (
            f"{found.sign.why}: {found.plugin.title} enforces no NetworkPolicy and nothing else here does,"
            f" so the cluster accepts {'them' if found.policies > 1 else 'it'} and {count} nothing"
        )
        yield Problem(message, found.sign.at, found.sign.about)
