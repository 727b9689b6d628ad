"""Every configuration that a document shows is one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from netpol_lint import config
from tests.running import CATALOG

PAGE = (Path(__file__).parent.parent.parent / "docs" / "configuration.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("text", re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL))
def test_a_documented_configuration_is_accepted(text: str) -> None:
    settings = config.from_text(text, ".netpol-lint.yaml")
    assert CATALOG.selected(settings)
