"""`netpol-lint diff`: directories, files, standard input and git revisions, compared."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from typing import Any

import pytest

from tests.cli.running import DENY, POD, Shell


def _git(shell: Shell, *arguments: str) -> str:
    who = ("-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false")
    done = subprocess.run(["git", *who, *arguments], cwd=shell.directory, check=True, capture_output=True, text=True)
    return done.stdout


def _trees(shell: Shell) -> None:
    shell.write("old/all.yaml", f"{POD}---\n{DENY}")
    shell.write("new/all.yaml", POD)


def _pairs(changes: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(change["from"], change["to"]) for change in changes]


def test_what_a_policy_held_back_is_opened(shell: Shell) -> None:
    _trees(shell)
    expected = """\
unit .: 2 connections opened, 0 closed

newly reachable from outside:
  + 0.0.0.0/0 -> shop/Pod/backend: all

opened to addresses outside:
  + shop/Pod/backend -> 0.0.0.0/0: all
"""
    assert (0, expected, "") == shell.run("diff", "old", "new")


def test_files_are_compared_like_directories(shell: Shell) -> None:
    _trees(shell)
    assert shell.run("diff", "old", "new").out == shell.run("diff", "old/all.yaml", "new/all.yaml").out


def test_units_are_known_by_their_names_below_each_side(shell: Shell) -> None:
    other = POD.replace("backend", "other").replace("namespace: shop", "namespace: tools")
    for root in ("deploy", "copy"):
        shell.write(f"{root}/pod.yaml", POD)
        shell.write(f"{root}/deploy/prod/kustomization.yaml", "kind: Kustomization\nresources: [pod.yaml]\n")
        shell.write(f"{root}/deploy/prod/pod.yaml", other)
    assert "no connection changes\n" == shell.run("diff", "deploy", "copy").out


@pytest.mark.parametrize(("new", "status"), [("old", 0), ("new", 1)])
def test_a_difference_is_an_exit_code_on_request(shell: Shell, new: str, status: int) -> None:
    _trees(shell)
    assert [0, status] == [shell.run("diff", "old", new).status, shell.run("diff", "old", new, "--exit-code").status]


def test_an_added_workload_is_a_difference(shell: Shell) -> None:
    shell.write("old/policy.yaml", DENY)
    shell.write("new/all.yaml", f"{POD}---\n{DENY}")
    found = json.loads(shell.run("diff", "old", "new", "-f", "json").out)
    assert ([], ["shop/Pod/backend"]) == (found["opened"], [one["id"] for one in found["added_endpoints"]])


def test_revisions_are_compared_without_touching_the_work_tree(shell: Shell) -> None:
    shell.write("deploy/all.yaml", f"{POD}---\n{DENY}")
    _git(shell, "init", "-q")
    _git(shell, "add", ".")
    _git(shell, "commit", "-q", "-m", "one")
    shell.write("deploy/all.yaml", POD)
    shell.write("deploy/untracked.yaml", POD.replace("backend", "other"))
    before = _git(shell, "status", "--porcelain")
    there = json.loads(shell.run("diff", "git:HEAD", ".", "-f", "json").out)
    back = json.loads(shell.run("diff", "deploy", "git:HEAD:deploy", "-f", "json").out)
    assert (before, there["opened"], ["shop/Pod/other"]) == (
        _git(shell, "status", "--porcelain"),
        [{**one, "unit": "deploy"} for one in back["closed"]],
        [one["id"] for one in there["added_endpoints"]],
    )


def test_two_revisions_are_compared(shell: Shell) -> None:
    shell.write("all.yaml", f"{POD}---\n{DENY}")
    _git(shell, "init", "-q")
    for number, text in enumerate((f"{POD}---\n{DENY}", POD)):
        shell.write("all.yaml", text)
        _git(shell, "add", ".")
        _git(shell, "commit", "-q", "-m", str(number))
    assert 1 == shell.run("diff", "git:HEAD~1", "git:HEAD", "--exit-code").status


def test_standard_input_is_a_side(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    _trees(shell)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(POD.encode())))
    assert "newly reachable from outside" in shell.run("diff", "old", "-").out


@pytest.mark.parametrize(
    ("sides", "words"),
    [
        (("old", "nowhere"), "nowhere: no such file or directory"),
        (("git:", "new"), "names no revision"),
        (("git:nothing", "new"), "git"),
        (("old", "new", "--unit", "prod"), "there is no deployment unit 'prod'; there are '.'"),
    ],
    ids=["path", "empty", "revision", "unit"],
)
def test_a_wrong_side_is_wrong_usage(shell: Shell, sides: tuple[str, ...], words: str) -> None:
    _trees(shell)
    run = shell.run("diff", *sides)
    assert (2, "", True) == (run.status, run.out, words in run.err)


def test_a_side_without_manifests_is_said(shell: Shell) -> None:
    _trees(shell)
    shell.write("empty/readme.txt", "")
    run = shell.run("diff", "empty", "new")
    assert ("netpol-lint: no manifest found in empty\n", True) == (run.err, run.out.startswith("unit . (new)"))
