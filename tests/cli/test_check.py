"""`netpol-lint check`: exit codes, selection, outputs, baseline, revisions, fixes."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys

import pytest

from netpol_lint import catalog, engine
from netpol_lint.config import Settings
from tests.cli.running import DENY, MISSPELT, POD, Shell


def _git(shell: Shell, *arguments: str) -> None:
    who = ("-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *who, *arguments], cwd=shell.directory, check=True, capture_output=True)


# -- exit codes ---------------------------------------------------------------------------------------------


def test_a_warning_fails_the_run(shell: Shell) -> None:
    shell.write("pod.yaml", POD)
    assert 1 == shell.run("check").status


def test_a_clean_tree_says_what_was_looked_at(shell: Shell) -> None:
    shell.write("pod.yaml", POD + "---\n" + DENY)
    run = shell.run("check")
    assert (0, "", "2 objects, 1 policy; nothing found\n") == run


@pytest.mark.parametrize(("least", "status"), [("error", 0), ("warning", 1), ("note", 1), ("never", 0)])
def test_fail_on_is_the_least_severity_that_fails(shell: Shell, least: str, status: int) -> None:
    shell.write("pod.yaml", POD)
    assert status == shell.run("check", "--fail-on", least).status


def test_exit_zero_wins_over_findings(shell: Shell) -> None:
    shell.write("pod.yaml", POD)
    assert 0 == shell.run("check", "--exit-zero").status


def test_a_path_that_does_not_exist_is_wrong_usage(shell: Shell) -> None:
    run = shell.run("check", "nowhere")
    assert (2, "", "netpol-lint: error: nowhere: no such file or directory\n") == run


def test_no_input_is_said_and_fails_only_on_request(shell: Shell) -> None:
    assert "no manifest found" in shell.run("check").err
    assert [0, 2] == [shell.run("check").status, shell.run("check", "--fail-on-no-input").status]


def test_an_unknown_rule_is_answered_with_the_one_meant(shell: Shell) -> None:
    run = shell.run("check", "--select", "missing-default-denny")
    assert (2, True) == (run.status, "did you mean missing-default-deny?" in run.err)


def test_a_mistyped_command_is_answered_with_the_one_meant(shell: Shell) -> None:
    run = shell.run("chek")
    assert (2, True) == (run.status, "did you mean check?" in run.err)


def test_a_path_in_place_of_a_command_is_answered_with_the_command(shell: Shell) -> None:
    shell.write("manifests/pod.yaml", POD)
    assert "netpol-lint check manifests" in shell.run("manifests").err


def test_a_crash_of_a_rule_names_it_and_is_no_finding(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    shell.write("pod.yaml", POD)
    monkeypatch.setattr("netpol_lint.checks.isolation.missing_default_deny.check", lambda cluster: 1 / 0)
    run = shell.run("check")
    assert (2, True, True) == (run.status, "ZeroDivisionError" in run.err, "rule NP203 crashed" in run.err)


# -- what is shown ------------------------------------------------------------------------------------------


def test_selection_takes_prefixes_names_and_lists(shell: Shell) -> None:
    shell.write("all.yaml", POD + "---\n" + MISSPELT)
    run = shell.run("check", "-f", "json", "--select", "NP1,missing-default-deny", "--ignore", "NP103")
    assert ["NP203"] == [finding["rule"] for finding in json.loads(run.out)["findings"]]


def test_min_severity_hides_what_is_less(shell: Shell) -> None:
    shell.write("pod.yaml", POD)
    run = shell.run("check", "-f", "json", "--min-severity", "warning")
    assert ["warning"] == [finding["severity"] for finding in json.loads(run.out)["findings"]]


def test_one_run_writes_several_reports(shell: Shell) -> None:
    shell.write("pod.yaml", POD)
    run = shell.run("check", "-q", "--report", "sarif=out/a.sarif", "--report", "json=out/a.json", "-f", "concise")
    report = json.loads((shell.directory / "out/a.json").read_text())
    sarif = json.loads((shell.directory / "out/a.sarif").read_text())
    counts = (len(run.out.splitlines()), len(report["findings"]), len(sarif["runs"][0]["results"]))
    assert (2, 2, 2) == counts


def test_a_report_of_no_format_is_wrong_usage(shell: Shell) -> None:
    assert 2 == shell.run("check", "--report", "sarif").status


def test_the_output_file_takes_the_findings_and_leaves_nothing_half_written(shell: Shell) -> None:
    shell.write("pod.yaml", POD)
    run = shell.run("check", "-f", "json", "-o", "deep/er/out.json")
    assert ("", ["out.json"]) == (run.out, [path.name for path in (shell.directory / "deep/er").iterdir()])


def test_quiet_leaves_the_findings_and_twice_only_the_exit_code(shell: Shell) -> None:
    shell.write("pod.yaml", POD)
    once, twice = shell.run("check", "-q"), shell.run("check", "-qq")
    assert (True, "", 1, "", "") == (bool(once.out), once.err, twice.status, twice.out, twice.err)


def test_verbose_says_what_is_looked_at(shell: Shell) -> None:
    shell.write("a/pod.yaml", POD)
    once, twice = (shell.run("check", given, "-q").err.splitlines() for given in ("-v", "-vv"))
    assert ["configuration: none", "1 file read, 1 deployment unit"] == once
    assert "  a/pod.yaml" == twice[-1]


@pytest.mark.parametrize(
    ("option", "environment", "colored"),
    [
        ("auto", {}, False),
        ("always", {"NO_COLOR": "1"}, True),
        ("never", {"FORCE_COLOR": "1"}, False),
        ("auto", {"FORCE_COLOR": "1"}, True),
        ("auto", {"CLICOLOR_FORCE": "1"}, True),
        ("auto", {"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
        ("auto", {"NO_COLOR": ""}, False),
    ],
)
def test_colours_follow_option_then_environment_then_terminal(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, option: str, environment: dict[str, str], colored: bool
) -> None:
    shell.write("pod.yaml", POD)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert colored == ("\x1b[" in shell.run("check", "--color", option).out)


def test_the_format_may_come_from_the_environment(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    shell.write("pod.yaml", POD)
    monkeypatch.setenv("NETPOL_LINT_FORMAT", "json")
    assert 1 == json.loads(shell.run("check").out)["version"]


def test_auto_is_github_in_a_github_workflow_alone(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    shell.write("pod.yaml", POD)
    here = shell.run("check", "-f", "auto").out
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    assert (False, True) == ("::warning" in here, "::warning" in shell.run("check", "-f", "auto").out)


def test_statistics_count_by_rule(shell: Shell) -> None:
    shell.write("pod.yaml", POD)
    assert ["NP203", "NP204"] == [line.split()[1] for line in shell.run("check", "--statistics").out.splitlines()]


def test_standard_input_has_the_name_it_is_given(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(POD.encode())))
    run = shell.run("check", "-", "--stdin-filename", "dump.yaml", "-f", "json")
    assert {"dump.yaml"} == {finding["location"]["path"] for finding in json.loads(run.out)["findings"]}


def test_show_files_and_settings_stop_before_the_run(shell: Shell) -> None:
    shell.write("a/pod.yaml", POD)
    shell.write(".netpol-lint.yaml", "ignore: [NP204]\n")
    settings = json.loads(shell.run("check", "--show-settings").out)
    assert (".netpol-lint.yaml", False) == (settings["source"], "NP204" in settings["rules"])
    assert "a/pod.yaml\n" in shell.run("check", "--show-files").out


def test_isolated_takes_no_config_file(shell: Shell) -> None:
    shell.write("pod.yaml", POD)
    shell.write(".netpol-lint.yaml", "select: [NP1]\n")
    assert [0, 1] == [shell.run("check").status, shell.run("check", "--isolated").status]


def test_fixtures_are_left_out_and_counted(shell: Shell) -> None:
    shell.write("tests/pod.yaml", POD)
    shell.write("deploy/deny.yaml", DENY)
    assert "1 file left out as test data" in shell.run("check").err
    assert [0, 0, 0] == [shell.run("check", *given).status for given in ((), ("--include-fixtures",), ("deploy",))]


def test_the_order_of_paths_changes_nothing(shell: Shell) -> None:
    shell.write("a.yaml", POD)
    shell.write("b.yaml", MISSPELT)
    assert shell.run("check", "a.yaml", "b.yaml") == shell.run("check", "b.yaml", "a.yaml", "b.yaml")


# -- known and new findings ---------------------------------------------------------------------------------


def test_a_baseline_keeps_what_is_known_and_reports_what_is_new(shell: Shell) -> None:
    shell.write("pod.yaml", POD)
    shell.run("baseline", "-o", "known.json")
    assert 0 == shell.run("check", "--baseline", "known.json").status
    shell.write("policy.yaml", MISSPELT)
    run = shell.run("check", "--baseline", "known.json", "-f", "json", "--select", "NP103,NP203")
    assert ["NP103"] == [finding["rule"] for finding in json.loads(run.out)["findings"]]


def test_since_reports_only_what_a_revision_did_not_have(shell: Shell) -> None:
    shell.write("pod.yaml", POD)
    _git(shell, "init", "-q")
    _git(shell, "add", "-A")
    _git(shell, "commit", "-qm", "x")
    assert 0 == shell.run("check", "--since", "HEAD").status
    shell.write("policy.yaml", MISSPELT)
    run = shell.run("check", "--since", "HEAD", "-f", "json", "--select", "NP103,NP204")
    assert ["NP103"] == [finding["rule"] for finding in json.loads(run.out)["findings"]]


def test_a_revision_that_does_not_exist_is_wrong_usage(shell: Shell) -> None:
    shell.write("pod.yaml", POD)
    _git(shell, "init", "-q")
    run = shell.run("check", "--since", "--output=pwned")
    assert (2, False) == (run.status, (shell.directory / "pwned").exists())


# -- fixes --------------------------------------------------------------------------------------------------


def test_a_diff_changes_nothing_and_exits_1(shell: Shell) -> None:
    path = shell.write("all.yaml", POD + "---\n" + MISSPELT)
    before = path.read_bytes()
    run = shell.run("check", "--diff", "--unsafe-fixes")
    assert (1, True, before) == (
        run.status,
        "-  podSelector: {matchLabels: {app: bakend}}" in run.out,
        path.read_bytes(),
    )


def test_a_diff_of_nothing_exits_0(shell: Shell) -> None:
    shell.write("all.yaml", POD + "---\n" + MISSPELT)
    assert 0 == shell.run("check", "--diff").status


def test_fixing_twice_changes_nothing_the_second_time(shell: Shell) -> None:
    path = shell.write("all.yaml", (POD + "---\n" + MISSPELT).replace("\n", "\r\n"))
    shell.run("check", "--fix", "--unsafe-fixes")
    once = path.read_bytes()
    shell.run("check", "--fix", "--unsafe-fixes")
    assert once == path.read_bytes()
    assert once == (POD + "---\n" + MISSPELT.replace("bakend", "backend")).replace("\n", "\r\n").encode()


def test_a_fix_that_the_text_does_not_allow_is_counted_as_left(shell: Shell) -> None:
    split = f"{MISSPELT.replace('bakend', 'backend')}  ingress:\n    -\n      from: [{{podSelector: {{}}}}]\n    -\n"
    shell.write("web.yaml", f"{split}      ports: [{{port: 80}}]\n")
    run = shell.run("check", "--select", "NP109", "--fix", "--unsafe-fixes")
    assert ("1 finding left: the text would not say what was meant\n", 1) == (
        run.err.splitlines(keepends=True)[0],
        run.status,
    )


def test_a_fix_that_a_patch_of_an_overlay_does_not_survive_is_counted_as_left(shell: Shell) -> None:
    peer = "    - from: [{podSelector: {}}]\n      ports: [{port: 80}]\n"
    rules = f"  policyTypes: [Ingress]\n  ingress:\n{peer}{peer}"
    base = shell.write("base/web.yaml", f"{MISSPELT.replace('bakend', 'backend')}{rules}")
    text = base.read_text()
    shell.write("base/kustomization.yaml", "resources: [web.yaml]\n")
    patch = "[{op: replace, path: /spec/ingress/1/ports/0/port, value: 80}]"
    target = "{kind: NetworkPolicy}"
    shell.write("prod/kustomization.yaml", f"resources: [../base]\npatches: [{{target: {target}, patch: '{patch}'}}]\n")
    for fix in (["--fix"], ["--fix", "--unsafe-fixes"]):
        run = shell.run("check", "--select", "NP603,NP010", *fix)
        assert "1 finding left: a kustomization or chart would not be rendered any more" == run.err.splitlines()[0]
        assert (text, False) == (base.read_text(), "NP010" in run.out)


def test_a_byte_order_mark_survives_a_fix(shell: Shell) -> None:
    path = shell.write("policy.yaml", "\ufeff" + MISSPELT)
    shell.write("pod.yaml", POD)
    shell.run("check", "--fix", "--unsafe-fixes")
    assert ("\ufeff" + MISSPELT.replace("bakend", "backend")) == path.read_text(encoding="utf-8")


def test_a_file_keeps_its_permissions_and_a_link_stays_one(shell: Shell) -> None:
    target = shell.write("there/all.yaml", POD + "---\n" + MISSPELT)
    target.chmod(0o640)
    link = shell.directory / "link.yaml"
    link.symlink_to("there/all.yaml")
    shell.run("check", "--fix", "--unsafe-fixes", "link.yaml")
    assert (True, 0o640, POD + "---\n" + MISSPELT.replace("bakend", "backend")) == (
        link.is_symlink(),
        target.stat().st_mode & 0o777,
        target.read_text(encoding="utf-8"),
    )


def test_a_link_beside_a_file_that_is_written_is_not_followed(shell: Shell) -> None:
    shell.write("all.yaml", POD + "---\n" + MISSPELT)
    other = shell.write("other.txt", "mine\n")
    (shell.directory / f".all.yaml.{os.getpid()}.tmp").symlink_to(other)
    run = shell.run("check", "--fix-only", "--unsafe-fixes")
    assert ("1 finding fixed in 1 file\n", "mine\n") == (run.err, other.read_text(encoding="utf-8"))
    assert ["all.yaml", "other.txt"] == sorted(path.name for path in shell.directory.iterdir())


def test_fix_only_reports_nothing(shell: Shell) -> None:
    shell.write("all.yaml", POD + "---\n" + MISSPELT)
    run = shell.run("check", "--fix-only", "--unsafe-fixes")
    assert (0, "", "1 finding fixed in 1 file\n") == run


def test_standard_input_is_not_fixed(shell: Shell) -> None:
    assert 2 == shell.run("check", "-", "--fix").status


# -- the library --------------------------------------------------------------------------------------------


def test_every_rule_of_the_catalog_is_run() -> None:
    report = engine.check_texts({"a.yaml": POD.encode()}, Settings())
    assert [rule.id for rule in catalog.load().rules] == [rule.id for rule in report.rules]


def test_absolute_paths_are_paths_too(shell: Shell) -> None:
    shell.write("deploy/a/pod.yaml", POD.replace("namespace: shop, ", ""))
    shell.write("deploy/b/pod.yaml", POD.replace("namespace: shop, ", "").replace("name: backend", "name: other"))
    relative = shell.run("check", "-f", "json", "deploy")
    assert relative == shell.run("check", "-f", "json", str(shell.directory / "deploy"))
    away = shell.directory / "elsewhere"
    away.mkdir()
    os.chdir(away)
    assert 1 == shell.run("check", str(shell.directory / "deploy")).status


def test_a_map_says_once_that_templates_are_not_read(shell: Shell) -> None:
    shell.write("pod.yaml", POD)
    for name in ("a", "b", "c"):
        shell.write(f"templates/{name}.yaml", "kind: Pod\nmetadata: {name: {{ .Values.name }}, labels: {{ x }}}\n")
    run = shell.run("map")
    assert 1 == run.err.count("a template, which is not YAML until it is rendered; so are 2 others")


# -- charts -------------------------------------------------------------------------------------------------


def test_no_chart_is_rendered_without_a_renderer(shell: Shell) -> None:
    shell.write("app/Chart.yaml", "name: app\nversion: 1.0.0\n")
    shell.write("app/templates/pod.yaml", POD)
    run = shell.run("check", "--helm-renderer", "none", "--format", "concise", "--select", "NP010")
    assert (0, True, "no object in 2 files; 1 note; 1 chart not rendered\n") == (
        run.status,
        "chart app is not all rendered: rendering charts is switched off" in run.out,
        run.err,
    )


def test_the_settings_shown_know_the_rules_of_the_user(shell: Shell) -> None:
    shell.write(
        "rules/owner.md",
        "---\nid: ACME001\nseverity: warning\nfor: policy\nwhen: \"!('owner' in policy.labels)\"\n"
        "message: nobody owns it\n---\n\n# A policy has no owner\n",
    )
    shell.write(".netpol-lint.yaml", "custom-rules: [rules]\nselect: [ACME001]\n")
    run = shell.run("check", "--show-settings")
    assert (0, {"ACME001": "warning"}) == (run.status, json.loads(run.out)["rules"])
