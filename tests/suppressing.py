"""How tests suppress findings in small trees given as texts."""

from __future__ import annotations

from collections.abc import Mapping

from netpol_lint import suppression
from netpol_lint.cluster.loading import objects_of
from netpol_lint.cluster.units import group
from netpol_lint.config import Settings
from netpol_lint.engine import run_rules
from netpol_lint.findings import Finding
from netpol_lint.findings.fingerprint import with_fingerprints
from netpol_lint.suppression import Outcome
from tests.running import CATALOG


def outcome_of(texts: Mapping[str, str], settings: Settings | None = None) -> Outcome:
    """What becomes of everything that the selected rules find in files given as path and text."""
    settings = settings or Settings()
    files = [objects_of(text.encode(), path) for path, text in sorted(texts.items())]
    rules = CATALOG.selected(settings)
    found = [said for unit in group(files) for said in run_rules(unit, rules, CATALOG, settings)]
    return suppression.suppress(with_fingerprints(found, lambda _path, _line: {}), files, rules, CATALOG, settings)


def complaints_of(texts: Mapping[str, str], settings: Settings | None = None) -> list[Finding]:
    """What NP901 to NP904 say of the files."""
    return [finding for finding, _ in outcome_of(texts, settings).complaints]
