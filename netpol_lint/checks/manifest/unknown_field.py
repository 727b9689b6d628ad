"""NP003: a field that NetworkPolicy does not have."""

from __future__ import annotations

from collections.abc import Iterator

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.findings import NO_FIX, Problem
from netpol_lint.findings.edits import with_key
from netpol_lint.findings.wording import object_text
from netpol_lint.resources.defects import DefectKind


def check(cluster: Cluster) -> Iterator[Problem]:
    for defect in cluster.defects:
        if defect.kind is not DefectKind.UNKNOWN_FIELD:
            continue
        meant = defect.suggestion
        message = f"{object_text(defect.about)}: {defect.reason}" + (f"; did you mean `{meant}`?" if meant else "")
        fix = with_key(defect.at, defect.written, meant, f"write {meant}") if defect.written else NO_FIX
        yield Problem(message, defect.at, defect.about, (), fix)
