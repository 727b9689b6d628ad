"""`rule`, `init`, `schema`, `completion`, `baseline` and the command itself."""

from __future__ import annotations

import json

import jsonschema
import pytest

from netpol_lint import __version__
from tests.cli.running import POD, Shell


def test_the_version_is_that_of_the_package(shell: Shell) -> None:
    assert (0, f"netpol-lint {__version__}\n", "") == shell.run("--version")


@pytest.mark.parametrize("name", ["NP203", "missing-default-deny", "np203"])
def test_a_rules_page_is_found_by_id_and_name(shell: Shell, name: str) -> None:
    assert shell.run("rule", name).out.startswith("NP203 missing-default-deny: ")


def test_all_rules_are_listed_in_order(shell: Shell) -> None:
    ids = [line.split()[0] for line in shell.run("rule", "--all").out.splitlines()]
    assert (sorted(ids), True) == (ids, "NP103" in ids)


def test_a_rule_as_json_has_its_options(shell: Shell) -> None:
    shape = json.loads(shell.run("rule", "NP201", "-f", "json").out)
    assert ("unselected-pod", {"every-namespace": False}) == (shape["name"], shape["options"])


@pytest.mark.parametrize("arguments", [("rule",), ("rule", "NP201", "--all"), ("rule", "NP999")])
def test_a_rule_that_is_not_one_is_wrong_usage(shell: Shell, arguments: tuple[str, ...]) -> None:
    assert 2 == shell.run(*arguments).status


def test_init_writes_a_config_that_the_next_run_takes(shell: Shell) -> None:
    shell.write("pod.yaml", POD)
    before = shell.run("check", "-f", "json-lines").out
    shell.run("init")
    assert before == shell.run("check", "-f", "json-lines").out


def test_init_overwrites_only_by_force(shell: Shell) -> None:
    shell.write(".netpol-lint.yaml", "ignore: []\n")
    assert [2, 0] == [shell.run("init").status, shell.run("init", "--force").status]


@pytest.mark.parametrize("name", ["report", "config"])
def test_a_schema_is_one(shell: Shell, name: str) -> None:
    jsonschema.Draft7Validator.check_schema(json.loads(shell.run("schema", name).out))


@pytest.mark.parametrize("kind", ["bash", "zsh", "fish"])
def test_completion_calls_back(shell: Shell, kind: str) -> None:
    assert "_NETPOL_LINT_COMPLETE" in shell.run("completion", kind).out


def test_completion_knows_commands_and_rules(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_NETPOL_LINT_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", "netpol-lint rule unsel")
    monkeypatch.setenv("COMP_CWORD", "2")
    assert ["plain,unselected-pod", "plain,unselected-pod-egress"] == shell.run().out.split()


def test_a_baseline_is_the_same_bytes_each_time(shell: Shell) -> None:
    shell.write("pod.yaml", POD)
    assert shell.run("baseline").out == shell.run("baseline").out
