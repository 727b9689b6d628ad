"""NP001: text that is not YAML."""

from __future__ import annotations

from collections.abc import Iterator

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.findings import NO_OBJECT, Problem
from netpol_lint.source.documents import FailureKind


def check(cluster: Cluster) -> Iterator[Problem]:
    for failure in cluster.failures:
        if failure.kind is FailureKind.SYNTAX:
            message = f"kubectl cannot read this document, so nothing in it takes effect: {failure.message}"
            yield Problem(message, failure.at, NO_OBJECT)
