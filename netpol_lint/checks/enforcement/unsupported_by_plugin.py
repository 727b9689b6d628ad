"""NP702: a policy uses what the cluster's network plugin does not implement."""

from __future__ import annotations

from collections.abc import Iterator

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.unsupported import unsupported
from netpol_lint.findings import Problem
from netpol_lint.findings.wording import object_text
from netpol_lint.resources.plugins import FEATURES


def check(cluster: Cluster) -> Iterator[Problem]:
    for use in unsupported(cluster):
        named = f" ({use.written})" if use.written else ""
        feature = FEATURES[use.feature]
        effect = f": {use.instead}" if use.instead else ""
        uses = "is of a kind that" if feature == use.about.kind else f"uses {feature}{named}, which"
        message = f"{object_text(use.about)} {uses} {use.plugin.title} does not implement{effect}"
        yield Problem(message, use.at, use.about, detail=use.feature)
