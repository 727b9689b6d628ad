"""NP006 adds the missing direction where `policyTypes` is a plain list."""

from __future__ import annotations

import pytest

from netpol_lint.config import Settings
from tests.resources.decoding import HEAD
from tests.running import CATALOG, problems_in


@pytest.mark.parametrize(
    "types",
    [
        "[*e]",
        "[&t Egress]",
        "[!!str Egress]",
        "[Egress, Egress]",
        '["\\x45gress"]',
        "&t\n  - Egress",
        "\n  -\n    Egress",
    ],
)
def test_a_list_that_is_not_plain_is_left_to_the_person(types: str) -> None:
    labels = "podSelector: {matchLabels: {types: &e Egress}}"
    text = f"{HEAD}spec:\n  {labels}\n  policyTypes: {types}\n  ingress: [{{}}]\n"
    [problem] = problems_in(CATALOG.find("NP006"), {"m.yaml": text}, Settings())
    assert () == problem.fix.edits
