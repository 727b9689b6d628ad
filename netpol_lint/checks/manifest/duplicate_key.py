"""NP004: a mapping key given twice."""

from __future__ import annotations

from collections.abc import Iterator

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.findings import Problem, Related
from netpol_lint.findings.wording import object_text
from netpol_lint.resources.defects import DefectKind


def check(cluster: Cluster) -> Iterator[Problem]:
    for defect in cluster.defects:
        if defect.kind is DefectKind.DUPLICATE_KEY:
            related = tuple(Related(words, at) for words, at in defect.related)
            yield Problem(f"{object_text(defect.about)}: {defect.reason}", defect.at, defect.about, related)
