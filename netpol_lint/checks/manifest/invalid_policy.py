"""NP002: a policy that the API server rejects."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.findings import Problem, Related
from netpol_lint.findings.edits import with_suggestion
from netpol_lint.findings.wording import object_text
from netpol_lint.resources.defects import DefectKind

_VERSION: Final = re.compile(r"v?(\d+)\.(\d+)")
_STRICT_SINCE: Final = (1, 36)


def check(cluster: Cluster) -> Iterator[Problem]:
    strict = _is_strict(cluster.assume.kubernetes)
    for defect in cluster.defects:
        if defect.kind is DefectKind.INVALID:
            server = "the API server"
        elif defect.kind is DefectKind.INVALID_STRICT_CIDR and strict:
            server = "a current API server"
        else:
            continue
        message = f"{server} rejects {object_text(defect.about)}, so it protects nothing: {defect.reason}"
        related = tuple(Related(words, at) for words, at in defect.related)
        fix = with_suggestion(defect, f"write {defect.suggestion}", safe=False)
        yield Problem(message, defect.at, defect.about, related, fix)


def _is_strict(kubernetes: str) -> bool:
    """Whether this version has strict CIDR validation on by default (KEP-4858)."""
    version = _VERSION.match(kubernetes)
    return version is None or (int(version[1]), int(version[2])) >= _STRICT_SINCE
