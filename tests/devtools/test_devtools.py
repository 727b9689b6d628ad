"""The commands for contributors write what the tests then accept."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

import netpol_lint
from netpol_lint import catalog
from netpol_lint.catalog.pages import read_page
from netpol_lint.devtools import new_rule, rule_index
from netpol_lint.devtools.__main__ import main
from netpol_lint.source.front_matter import read_front_matter

PACKAGE = Path(netpol_lint.__file__).parent
SCHEMA = json.loads((PACKAGE / "schemas" / "rule.schema.json").read_text(encoding="utf-8"))


def test_the_index_of_the_rules_is_made_from_their_pages() -> None:
    written = Path(catalog.rules_root(), "README.md").read_text(encoding="utf-8")
    assert rule_index.index(catalog.load()) == written, "python -m netpol_lint.devtools rule-index"


def test_a_new_rule_is_two_files_that_belong_together(tmp_path: Path) -> None:
    new_rule.write("NP399", "exposure", "an-example", rules=tmp_path / "rules", checks=tmp_path / "checks")
    [rule] = catalog.load(str(tmp_path / "rules")).rules
    assert ("NP399", "an-example", "exposure") == (rule.id, rule.name, rule.info.category)
    assert ["Bad", "Good"] == [example.section for example in read_page(rule.page).examples]
    front_matter, _ = read_front_matter(rule.page.read_text(encoding="utf-8"), str(rule.page))
    jsonschema.Draft7Validator(SCHEMA).validate(front_matter)
    compile((tmp_path / "checks" / "exposure" / "an_example.py").read_text(encoding="utf-8"), "check", "exec")
    assert (tmp_path / "checks" / "exposure" / "__init__.py").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "usage: python -m netpol_lint.devtools {"),
        (["nothing"], "usage: python -m netpol_lint.devtools {"),
        (["new-rule"], "usage: new-rule NP399"),
        (["new-rule", "NP203", "isolation", "free-name"], "NP203 is not a free id"),
        (["new-rule", "NP1", "isolation", "free-name"], "NP1 is not a free id"),
        (["new-rule", "NP998", "isolation", "missing-default-deny"], "missing-default-deny is not a free name"),
        (["new-rule", "NP998", "isolation", "../up"], "../up is not a free name"),
        (["new-rule", "NP998", "../up", "free-name"], "../up is no category"),
    ],
)
def test_wrong_calls_are_answered(capsys: pytest.CaptureFixture[str], arguments: list[str], words: str) -> None:
    assert (2, True) == (main(arguments), words in capsys.readouterr().err)
