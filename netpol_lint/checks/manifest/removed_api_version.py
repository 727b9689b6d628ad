"""NP005: a policy API that a current cluster no longer serves."""

from __future__ import annotations

from collections.abc import Iterator

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.findings import Problem
from netpol_lint.findings.edits import with_suggestion
from netpol_lint.findings.wording import object_text
from netpol_lint.resources.defects import DefectKind


def check(cluster: Cluster) -> Iterator[Problem]:
    for defect in cluster.defects:
        if defect.kind is not DefectKind.REMOVED_API:
            continue
        effect = "" if defect.about.kind == "Namespace" else " protects nothing on a current cluster"
        message = f"{object_text(defect.about)}{effect}: {defect.reason}"
        fix = with_suggestion(defect, f"write {defect.suggestion}", safe=True)
        yield Problem(message, defect.at, defect.about, (), fix)
