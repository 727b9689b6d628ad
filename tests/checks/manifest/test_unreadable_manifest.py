"""NP001 reports syntax alone: limits are notifications, templates have a rule of their own."""

from __future__ import annotations

from netpol_lint.checks.manifest.unreadable_manifest import check
from netpol_lint.cluster.cluster import Cluster
from netpol_lint.source.documents import Failure, FailureKind
from netpol_lint.source.location import Location, Span


def test_a_limit_or_a_template_is_not_unreadable() -> None:
    failures = tuple(Failure(kind, "why", Location(kind.value, Span(3, 1, 3, 2))) for kind in FailureKind)
    assert [FailureKind.SYNTAX.value] == [problem.at.path for problem in check(Cluster(".", failures=failures))]
