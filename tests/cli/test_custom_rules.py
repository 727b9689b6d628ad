"""Custom rules in the commands: they are chosen, suppressed and reported like all others."""

from __future__ import annotations

import importlib.util
import json

import pytest

from netpol_lint.custom.evaluating import EVALUATOR
from netpol_lint.report import formats
from tests.cli.running import Run, Shell
from tests.custom.pages import POLICY, page

pytest.importorskip("cel")

CONFIG = "custom-rules: [rules]\n"
OWNER = page("!('owner' in policy.labels)", message="{policy.name} has no owner")
TYPES = page("policy.types.size() < 2", message="{policy.name} leaves a direction open", rule="ACME002")
OTHER = page("true", message="{policy.name} is there", rule="SEC-1")
EXAMPLES = "\n## Bad\n\n```yaml\n" + POLICY.replace("name: api", "name: api # <- no owner") + "```\n"
GOOD = "\n## Good\n\n```yaml\n" + POLICY.replace("name: api", "name: api\n  labels: {owner: a}") + "```\n"


@pytest.fixture
def ours(shell: Shell) -> Shell:
    """A directory with three rules, a config that names them, and a policy that all of them report."""
    shell.write("rules/no-owner.md", OWNER + EXAMPLES + GOOD)
    shell.write("rules/one-direction.md", TYPES)
    shell.write("rules/sec/nothing.txt", "no page")
    shell.write("rules/there.md", OTHER)
    shell.write(".netpol-lint.yaml", CONFIG)
    shell.write("policy.yaml", POLICY)
    return shell


def _rules(run: Run) -> list[str]:
    return [finding["rule"] for finding in json.loads(run.out)["findings"]]


def _own(run: Run) -> list[str]:
    return [rule for rule in _rules(run) if not rule.startswith("NP")]


# -- rule -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["ACME001", "acme001", "no-owner"])
def test_the_page_of_a_custom_rule_is_found_by_id_and_name(ours: Shell, name: str) -> None:
    head = (
        "ACME001 no-owner: A rule of ours\n\nSeverity: warning. A custom rule, in rules/no-owner.md.\n\n"
        "For each policy where:\n\n    !('owner' in policy.labels)\n\nWhy it is there.\n\n## Bad\n"
    )
    assert head == ours.run("rule", name).out[: len(head)]


def test_the_config_may_be_given(ours: Shell) -> None:
    ours.write("elsewhere/.netpol-lint.yaml", "custom-rules: [elsewhere/own]\n")
    ours.write("elsewhere/own/other.md", page("true", rule="TEAM1"))
    run = ours.run("rule", "TEAM1", "--config", "elsewhere/.netpol-lint.yaml")
    assert (0, "TEAM1 other: A rule of ours") == (run.status, run.out.partition("\n")[0])


def test_custom_rules_are_listed_with_the_others(ours: Shell) -> None:
    lines = ours.run("rule", "--all").out.splitlines()
    assert ["ACME001  warning  no-owner: A rule of ours", "ACME002  warning  one-direction: A rule of ours"] == lines[
        :2
    ]
    assert ("NP001", "SEC-1") == (lines[2].split()[0], lines[-1].split()[0])


def test_a_custom_rule_as_json_is_of_its_category(ours: Shell) -> None:
    shape = json.loads(ours.run("rule", "ACME001", "-f", "json").out)
    assert ("custom", "no-owner", "warning", {}) == tuple(
        shape[key] for key in ("category", "name", "severity", "options")
    )


def test_without_config_there_are_no_custom_rules(ours: Shell) -> None:
    run = ours.run("rule", "ACME001", "--isolated")
    assert (2, "netpol-lint: error: unknown rule 'ACME001'\n") == (run.status, run.err)


def test_completion_knows_custom_rules(ours: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_NETPOL_LINT_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", "netpol-lint rule acme")
    monkeypatch.setenv("COMP_CWORD", "2")
    known = ours.run().out.split()
    ours.write(".netpol-lint.yaml", "custom-rules: [nowhere]\n")
    assert (["plain,ACME001", "plain,ACME002"], []) == (known, ours.run().out.split())


# -- rule --test ----------------------------------------------------------------------------------------------------


def test_the_rules_of_the_config_are_tested_without_a_path(ours: Shell) -> None:
    for name, text in (("one-direction", TYPES), ("there", OTHER)):
        ours.write(f"rules/{name}.md", text + EXAMPLES.replace("no owner", ""))
    assert (0, "4 examples, 0 failed\n", "") == ours.run("rule", "--test")


def test_the_rules_of_a_path_are_tested_alone(ours: Shell) -> None:
    ours.write("more/no-owner.md", OWNER + EXAMPLES)
    assert (0, "1 example, 0 failed\n", "") == ours.run("rule", "--test", "more")


def test_an_example_that_fails_is_exit_code_1(ours: Shell) -> None:
    ours.write("more/no-owner.md", OWNER + EXAMPLES + GOOD.replace("owner", "team"))
    line = len((OWNER + EXAMPLES).split("\n")) + 4
    mistake = f"more/no-owner.md:{line}: ACME001: line 4 of manifest.yaml: 1 problems where none is expected\n"
    assert (1, f"{mistake}2 examples, 1 failed\n", "") == ours.run("rule", "--test", "more")


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("--test", "nowhere"), "netpol-lint: error: nowhere: there is no such directory of custom rules"),
        (("--test", "empty"), "netpol-lint: error: empty: there are no custom rules"),
        (("--test", "broken"), "netpol-lint: error: broken/a.md:5:1: `when`: line and column 1:8: Syntax error"),
        (("--test", "bare"), "netpol-lint: error: bare/a.md: the page has no bad example with `# <- words`"),
        (("--test", "--isolated"), "the config names no `custom-rules`: give a directory"),
        (("--test", "rules", "--all"), "--test takes a directory alone"),
        (("--test", "-c", "none.yaml"), "netpol-lint: error: none.yaml"),
    ],
)
def test_what_cannot_be_tested_is_exit_code_2(ours: Shell, arguments: tuple[str, ...], error: str) -> None:
    ours.write("empty/readme.txt", "")
    ours.write("broken/a.md", page("policy =") + EXAMPLES)
    ours.write("bare/a.md", OWNER)
    run = ours.run("rule", *arguments)
    assert (2, "", True) == (run.status, run.out, error in run.err), run.err


# -- selection ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ("--select ACME", ["ACME001", "ACME002"]),
        ("--select acme0", ["ACME001", "ACME002"]),
        ("--select ACME001", ["ACME001"]),
        ("--select no-owner,there", ["ACME001", "SEC-1"]),
        ("--select SEC", ["SEC-1"]),
        ("--select SEC-", ["SEC-1"]),
        ("--select ALL --ignore ACME", ["SEC-1"]),
        ("--select ACME --ignore one-direction", ["ACME001"]),
        ("--select SEC-1 --extend-select ACME002", ["ACME002", "SEC-1"]),
        ("--select NP0", []),
        ("", ["ACME001", "ACME002", "SEC-1"]),
    ],
)
def test_custom_rules_are_chosen_on_the_command_line(ours: Shell, options: str, expected: list[str]) -> None:
    assert expected == sorted(_own(ours.run("check", "-f", "json", *options.split())))


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ("select: [ACME]", ["ACME001", "ACME002"]),
        ("select: [ACME]\nignore: [ACME002]", ["ACME001"]),
        ("select: [SEC]\nextend-select: [no-owner]", ["ACME001", "SEC-1"]),
        ("per-path: [{paths: ['*.yaml'], ignore: [ACME]}]", ["SEC-1"]),
        ("per-path: [{paths: [policy.yaml], ignore: [SEC-1, no-owner]}]", ["ACME002"]),
        ("per-path: [{paths: [other.yaml], ignore: [ACME, SEC]}]", ["ACME001", "ACME002", "SEC-1"]),
    ],
)
def test_custom_rules_are_chosen_in_the_config(ours: Shell, config: str, expected: list[str]) -> None:
    ours.write(".netpol-lint.yaml", f"{CONFIG}{config}\n")
    assert expected == sorted(_own(ours.run("check", "-f", "json")))


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("ACME01", "; did you mean ACME001?"),
        ("ACM", "; did you mean ACME?"),
        ("no-ownr", "; did you mean no-owner?"),
        ("ACME9", "; did you mean ACME?"),
        ("ZZZ", ""),
        ("A", ""),
        ("NP", ""),
    ],
)
def test_an_unknown_rule_gets_a_suggestion(ours: Shell, name: str, hint: str) -> None:
    run = ours.run("check", "--select", name)
    assert (2, f"netpol-lint: error: unknown rule {name!r}{hint}\n") == (run.status, run.err)


@pytest.mark.parametrize("config", ["select: [ACME9]", "severity: {ACME9: error}", "severity: {ACME: error}"])
def test_an_unknown_rule_in_the_config_is_an_error_at_its_place(ours: Shell, config: str) -> None:
    ours.write(".netpol-lint.yaml", f"{CONFIG}{config}\n")
    run = ours.run("check")
    assert (2, "netpol-lint: error: .netpol-lint.yaml:2:") == (run.status, run.err[:40])


def test_a_prefix_ends_where_the_number_begins(ours: Shell) -> None:
    ours.write("rules/more.md", page("true", rule="ACMEX1"))
    assert ["ACME001", "ACME002"] == _own(ours.run("check", "-f", "json", "--select", "ACME"))


@pytest.mark.parametrize(("severity", "status"), [("error", 1), ("warning", 1), ("note", 0)])
def test_the_config_gives_a_custom_rule_another_severity(ours: Shell, severity: str, status: int) -> None:
    ours.write(".netpol-lint.yaml", f"{CONFIG}select: [ACME001]\nseverity: {{no-owner: {severity}}}\n")
    run = ours.run("check", "-f", "json")
    assert (status, [severity]) == (run.status, [f["severity"] for f in json.loads(run.out)["findings"]])


def test_a_custom_rule_has_no_options(ours: Shell) -> None:
    ours.write(".netpol-lint.yaml", f"{CONFIG}options: {{ACME001: {{most: 3}}}}\n")
    run = ours.run("check")
    error = "netpol-lint: error: .netpol-lint.yaml:2:11: ACME001 has no option 'most' (its options: none)\n"
    assert (2, error) == (run.status, run.err)


# -- suppression and baseline ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["ACME001", "no-owner", "ACME"])
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("name: api", "name: api # netpol-lint: ignore[{}] the platform's"),
        ("apiVersion", "# netpol-lint: ignore-file[{}] the platform's\napiVersion"),
        ("  name", '  annotations: {{netpol-lint.io/ignore: "{} the platform\'s"}}\n  name'),
    ],
    ids=["comment", "file", "annotation"],
)
def test_what_suppresses_a_rule_suppresses_a_custom_one(ours: Shell, name: str, before: str, after: str) -> None:
    ours.write("policy.yaml", POLICY.replace(before, after.format(name), 1))
    run = ours.run("check", "-f", "json", "--show-suppressed", "--select", "ACME001,NP9")
    report = json.loads(run.out)
    reasons = [(one["rule"], one["suppression"]["reason"]) for one in report["suppressed"]]
    assert ([], [("ACME001", "the platform's")]) == (report["findings"], reasons)


def test_a_suppression_that_covers_nothing_is_reported(ours: Shell) -> None:
    text = POLICY.replace("name: api", "labels: {owner: a}\n  name: api # netpol-lint: ignore[ACME001] the platform's")
    ours.write("policy.yaml", text)
    assert ["NP901"] == _rules(ours.run("check", "-f", "json", "--select", "ACME001,NP9"))


@pytest.mark.parametrize(("name", "hint"), [("no-ownr", "; did you mean no-owner?"), ("ACME003", "")])
def test_a_suppression_that_names_no_rule_is_reported(ours: Shell, name: str, hint: str) -> None:
    """Of numbers, none is near another."""
    ours.write("policy.yaml", POLICY.replace("name: api", f"name: api # netpol-lint: ignore[{name}] the platform's"))
    [finding] = json.loads(ours.run("check", "-f", "json", "--select", "NP902").out)["findings"]
    message = f"there is no rule '{name}', so this comment does not suppress what it means{hint}"
    assert message == finding["message"]


def test_a_baseline_keeps_the_findings_of_custom_rules(ours: Shell) -> None:
    ours.write("baseline.json", ours.run("baseline").out)
    ours.write("other.yaml", POLICY.replace("name: api", "name: other"))
    run = ours.run("check", "-f", "json", "--baseline", "baseline.json", "--select", "ACME001")
    assert [("ACME001", "other.yaml")] == [(f["rule"], f["location"]["path"]) for f in json.loads(run.out)["findings"]]


# -- reports --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", formats())
def test_every_format_has_the_findings_of_custom_rules(ours: Shell, form: str) -> None:
    run = ours.run("check", "-f", form, "--select", "ACME001")
    assert (1, True, True) == (run.status, "ACME001" in run.out, "api has no owner" in run.out), run.out


@pytest.mark.parametrize("form", formats())
def test_no_format_obeys_what_a_custom_rule_says(ours: Shell, form: str) -> None:
    ours.write("rules/no-owner.md", OWNER.replace("{policy.name} has no owner", "{policy.annotations.a}"))
    ours.write("policy.yaml", POLICY.replace("name: api", 'annotations: {a: "\\e[31m<b>\\n::error::x"}\n  name: api'))
    out = ours.run("check", "-f", form, "--select", "ACME001").out
    assert ("ACME001" in out, "\x1b" in out, "\n::error::x" in out) == (True, False, False)


def test_sarif_describes_a_custom_rule(ours: Shell) -> None:
    run = json.loads(ours.run("check", "-f", "sarif", "--select", "ACME001").out)["runs"][0]
    [rule] = run["tool"]["driver"]["rules"]
    assert {
        "id": "ACME001",
        "name": "no-owner",
        "shortDescription": {"text": "A rule of ours."},
        "fullDescription": {"text": "Why it is there."},
        "helpUri": "https://github.com/netpol-lint/netpol-lint/blob/main/docs/custom-rules.md",
        "defaultConfiguration": {"level": "warning"},
    } == {key: value for key, value in rule.items() if key not in ("help", "properties")}
    assert ("Why it is there." in rule["help"]["markdown"], "custom" in rule["properties"]["tags"]) == (True, True)
    assert [("ACME001", 0)] == [(result["ruleId"], result["ruleIndex"]) for result in run["results"]]


# -- what is not there ----------------------------------------------------------------------------------------------


@pytest.fixture
def _no_library(monkeypatch: pytest.MonkeyPatch) -> None:
    EVALUATOR.close()
    found = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, *more: None if name == "cel" else found(name, *more))


@pytest.mark.usefixtures("_no_library")
def test_without_the_extra_the_message_says_how_to_get_it(ours: Shell) -> None:
    message = "netpol-lint: error: custom rules need the CEL library: pip install 'netpol-lint[custom-rules]'\n"
    assert (2, "", message) == ours.run("check", "--select", "ACME001")


@pytest.mark.usefixtures("_no_library")
def test_without_the_extra_the_other_rules_and_all_pages_are_there(ours: Shell) -> None:
    runs = [ours.run("check", "--select", "NP001"), ours.run("rule", "ACME001"), ours.run("rule", "--all")]
    assert [0, 0, 0] == [run.status for run in runs]
