"""Each rule is two files with one name, its page says what its code does, and names lead to rules."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import jsonschema
import pytest

import netpol_lint
from netpol_lint.catalog import Rule
from netpol_lint.catalog.pages import read_page
from netpol_lint.config import Settings, from_text
from netpol_lint.errors import NetpolLintError
from netpol_lint.findings import Severity
from netpol_lint.source.front_matter import read_front_matter
from tests.running import CATALOG

PACKAGE = Path(netpol_lint.__file__).parent
SCHEMA = json.loads((PACKAGE / "schemas" / "rule.schema.json").read_text(encoding="utf-8"))
HUNDREDS = {
    "manifest": "0",
    "selectors": "1",
    "isolation": "2",
    "exposure": "3",
    "ports": "4",
    "dependencies": "5",
    "redundancy": "6",
    "enforcement": "7",
    "suppressions": "9",
}
EVERY_RULE = pytest.mark.parametrize("rule", CATALOG.rules, ids=lambda rule: rule.id)


@EVERY_RULE
def test_the_front_matter_of_a_page_has_the_shape_of_its_schema(rule: Rule) -> None:
    data, _ = read_front_matter(rule.page.read_text(encoding="utf-8"), str(rule.page))
    assert [] == [error.message for error in jsonschema.Draft7Validator(SCHEMA).iter_errors(data)]


@EVERY_RULE
def test_the_number_of_a_rule_is_of_its_category(rule: Rule) -> None:
    assert rule.id[2] == HUNDREDS[rule.info.category]


@EVERY_RULE
def test_the_title_of_a_page_is_one_line_without_a_full_stop(rule: Rule) -> None:
    assert re.fullmatch(r"\S.{8,98}[^.\s]", rule.info.title)


@EVERY_RULE
def test_the_prose_of_a_page_says_enough_to_act_on(rule: Rule) -> None:
    prose = read_page(rule.page).prose.partition("\n## ")[0]
    assert len(prose.split()) >= 40


@EVERY_RULE
def test_a_page_documents_exactly_the_options_of_its_check(rule: Rule) -> None:
    text = rule.page.read_text(encoding="utf-8").partition("\n## Options\n")[2].partition("\n## ")[0]
    assert sorted(rule.options) == sorted(re.findall(r"^- `([a-z0-9-]+)`", text, re.MULTILINE))


def test_every_check_has_its_page_and_every_page_its_check() -> None:
    checks = {
        f"{module.parent.name}/{module.stem.replace('_', '-')}"
        for module in (PACKAGE / "checks").glob("*/*.py")
        if module.stem != "__init__"
    }
    assert checks == {f"{rule.info.category}/{rule.name}" for rule in CATALOG.rules if rule.has_check}


def test_no_id_name_or_alias_means_two_rules() -> None:
    names = Counter(name.lower() for rule in CATALOG.rules for name in (rule.id, rule.name, *rule.aliases))
    assert [] == [name for name, count in names.items() if count > 1]


@EVERY_RULE
def test_id_and_name_lead_to_the_same_rule_in_any_case(rule: Rule) -> None:
    assert [rule, rule, rule] == [CATALOG.find(rule.id), CATALOG.find(rule.name.upper()), CATALOG.find(rule.id.lower())]


def test_an_unknown_name_is_answered_with_the_one_probably_meant() -> None:
    with pytest.raises(
        NetpolLintError, match=r"unknown rule 'missing-default-denny'; did you mean missing-default-deny\?"
    ):
        CATALOG.find("missing-default-denny")


def test_a_prefix_stands_for_its_rules() -> None:
    assert {rule.id for rule in CATALOG.rules if rule.id.startswith("NP2")} == CATALOG.expand(["NP2"])


def test_ignoring_wins_over_selecting() -> None:
    chosen = CATALOG.selected(
        Settings(select=("NP2",), extend_select=("NP101",), ignore=("NP203", "selects-workload-labels"))
    )
    assert {rule.id for rule in CATALOG.rules if rule.id[:3] == "NP2"} - {"NP203"} | {"NP101"} == {r.id for r in chosen}


def test_single_file_keeps_the_rules_that_one_file_decides() -> None:
    assert {"file"} == {rule.scope for rule in CATALOG.selected(Settings(single_file=True))}


def test_the_settings_change_a_rules_severity() -> None:
    [rule] = CATALOG.selected(Settings(select=("NP203",), severity={"missing-default-deny": "note"}))  # type: ignore[arg-type]
    assert Severity.NOTE is rule.info.severity


def test_an_option_that_a_rule_does_not_have_is_named_with_those_it_has() -> None:
    settings = Settings(options={"NP201": {"everynamespace": True}})  # type: ignore[arg-type]
    with pytest.raises(NetpolLintError, match=r"NP201 has no option 'everynamespace' \(its options: every-namespace\)"):
        CATALOG.options_of(CATALOG.find("NP201"), settings)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("select: [NP1, NP9999]", "c.yaml:1:15: unknown rule 'NP9999'"),
        (
            "per-path:\n  - {paths: [a], ignore: [split-per]}",
            "c.yaml:2:27: unknown rule 'split-per'; did you mean split-",
        ),
        ("severity: {NP1: note}", "c.yaml:1:12: unknown rule 'NP1'"),
        ("options:\n  splitpeer: {}", "c.yaml:2:3: unknown rule 'splitpeer'; did you mean split-peer?"),
    ],
)
def test_an_unknown_rule_in_the_config_is_reported_at_its_place(text: str, message: str) -> None:
    with pytest.raises(NetpolLintError) as raised:
        CATALOG.selected(from_text(text, "c.yaml"))
    assert message in str(raised.value)


def test_an_unknown_option_is_reported_at_its_rule() -> None:
    settings = from_text("options:\n  np201: {everything: true}", "c.yaml")
    with pytest.raises(NetpolLintError, match=r"^c.yaml:2:3: NP201 has no option 'everything'"):
        CATALOG.options_of(CATALOG.find("NP201"), settings)
