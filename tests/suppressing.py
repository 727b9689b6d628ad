"""How tests suppress findings in small trees given as texts."""

from __future__ import annotations

from collections.abc import Mapping

from netpol_lint import suppression
from netpol_lint.config import Settings
from netpol_lint.engine import from_texts
from netpol_lint.engine.judging import judge
from netpol_lint.findings import Finding
from netpol_lint.findings.fingerprint import Pointers, with_fingerprints
from netpol_lint.suppression import Outcome
from tests.running import CATALOG


def outcome_of(texts: Mapping[str, str], settings: Settings | None = None) -> Outcome:
    """What becomes of everything that the selected rules find in files given as path and text."""
    settings = settings or Settings()
    inputs = from_texts({path: text.encode() for path, text in texts.items()}, settings)
    rules = CATALOG.selected(settings)
    found = with_fingerprints(judge(inputs.units, rules, CATALOG, settings), lambda _: Pointers({}))
    return suppression.suppress(found, inputs.files, rules, CATALOG, settings)


def complaints_of(texts: Mapping[str, str], settings: Settings | None = None) -> list[Finding]:
    """What NP901 to NP904 say of the files."""
    return [finding for finding, _ in outcome_of(texts, settings).complaints]
