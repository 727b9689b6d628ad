"""The action, carried out: what is found, what it tells the runner, and that every input stays data."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests import package_index
from tests.action_runner import BASH, Run, obeyed, run_action

ROOT = Path(__file__).parent.parent
ACTION = ROOT / "action.yml"
INSTALLED = {"python": {"python-path": sys.executable}, "install": {"python": sys.executable}}
ENVIRONMENT = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
HOSTILE = (
    "$(touch pwned)",
    "`touch pwned`",
    '"; touch pwned; "',
    "'; touch pwned; '",
    "a\ntouch pwned\n",
    "x && touch pwned || touch pwned",
    "${{ github.token }} ::set-output name=exit-code::0",
    "%0A::set-output name=exit-code::0\r::add-path::/tmp",
)
POD = """\
apiVersion: v1
kind: Pod
metadata: {name: %s, labels: {app: web}}
spec: {containers: [{name: web, image: web}]}
"""
POLICY = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: %s}
spec: {podSelector: {matchLabels: {app: none}}, policyTypes: [Ingress]}
"""
FAKE_PYTHON = """\
#!/bin/sh
echo "$*"
if [ "$3" = venv ]; then mkdir -p "$5/bin" && cp "$0" "$5/bin/python"; fi
"""

Act = Callable[..., Run]


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A checkout with the examples in it."""
    directory = tmp_path / "work space"
    shutil.copytree(ROOT / "examples", directory)
    (directory / ".git").mkdir()
    return directory


@pytest.fixture
def act(workspace: Path, tmp_path: Path) -> Act:
    """Runs the action in the workspace, installed already."""
    if not BASH or sys.platform == "win32":
        pytest.skip("there is no bash here as the runner has it")
    temporary = tmp_path / "runner temp"
    temporary.mkdir()

    def run(inputs: Mapping[str, str], *, given: Mapping[str, Mapping[str, str]] = INSTALLED) -> Run:
        return run_action(
            ACTION, inputs, workspace=workspace, temporary=temporary, environment=ENVIRONMENT, given=given
        )

    return run


def test_findings_fail_the_action_and_are_counted(act: Act) -> None:
    run = act({"paths": "unprotected"})
    counts = {name: run.outputs[name] for name in ("exit-code", "errors", "warnings")}
    assert (False, {"exit-code": "1", "errors": "0", "warnings": "1"}) == (run.success, counts)


def test_what_is_mended_passes(act: Act) -> None:
    run = act({"paths": "fixed"})
    assert (True, "0") == (run.success, run.outputs["exit-code"])


def test_every_path_has_its_line(act: Act) -> None:
    run = act({"paths": "\ndemo/demo-application.yaml\r\n\ndemo/demo-networkpolicy.yaml\n", "select": "NP201"})
    assert ("1", "1") == (run.outputs["exit-code"], run.outputs["findings"])


def test_fail_on_never_passes_and_still_counts(act: Act) -> None:
    run = act({"paths": "unprotected", "fail-on": "never"})
    assert (True, "0", "1") == (run.success, run.outputs["exit-code"], run.outputs["warnings"])


def test_annotations_name_files_as_the_repository_does(act: Act) -> None:
    run = act({"paths": ".", "working-directory": "unprotected", "select": "NP203"})
    assert ["::warning file=unprotected/demo-application.yaml"] == [line.partition(",")[0] for line in obeyed(run.log)]


def test_without_annotations_the_log_commands_nothing(act: Act) -> None:
    run = act({"paths": "unprotected", "annotations": "false"})
    assert ([], True) == (obeyed(run.log), "NP203" in run.log)


def test_the_summary_names_the_rule(act: Act) -> None:
    assert "NP203" in act({"paths": "unprotected"}).summary


def test_a_summary_is_never_longer_than_the_runner_takes(act: Act, workspace: Path) -> None:
    (workspace / "many").mkdir()
    policies = "---\n".join(POLICY % f"{'x' * 200}-{number}" for number in range(4_000))
    (workspace / "many" / "policies.yaml").write_text(f"{POD % 'web'}---\n{policies}", encoding="utf-8")
    summary = act({"paths": "many"}).summary
    assert (True, True) == (500_000 < len(summary.encode()) < 1_000_000, "too long to show here" in summary)


def test_no_summary_where_none_is_wanted(act: Act) -> None:
    assert act({"paths": "unprotected", "summary": "false"}).summary == ""


def test_a_run_that_fails_says_so_in_the_summary(act: Act) -> None:
    assert "did not finish" in act({"paths": "no-such-directory"}).summary


def test_the_sarif_report_is_kept_where_it_is_asked_for(act: Act, workspace: Path) -> None:
    run = act({"paths": "../demo", "working-directory": "fixed", "sarif-file": "out/here.sarif", "select": "NP203"})
    written = workspace / "fixed" / "out" / "here.sarif"
    results = json.loads(written.read_text(encoding="utf-8"))["runs"][0]["results"]
    places = [result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for result in results]
    assert (str(written), ["demo/demo-networkpolicy.yaml"]) == (run.outputs["sarif-file"], places)


def test_a_second_call_leaves_the_first_report_alone(act: Act) -> None:
    files = [Path(act({"paths": example}).outputs["sarif-file"]) for example in ("unprotected", "fixed")]
    assert [True, False] == ["NP203" in file.read_text(encoding="utf-8").partition('"results"')[2] for file in files]


def test_the_upload_happens_although_the_action_fails(act: Act) -> None:
    run = act({"paths": "unprotected", "upload-sarif": "true", "category": "policies"})
    upload = ("github/codeql-action/upload-sarif", {"sarif_file": run.outputs["sarif-file"], "category": "policies"})
    assert (False, upload) == (run.success, run.used[-1])


def test_nothing_is_uploaded_unless_it_is_asked_for(act: Act) -> None:
    assert ["actions/setup-python"] == [name for name, _ in act({"paths": "fixed"}).used]


def test_nothing_is_uploaded_that_was_not_written(act: Act) -> None:
    run = act({"paths": "no-such-directory", "upload-sarif": "true"})
    assert (["actions/setup-python"], "2", "") == (
        [name for name, _ in run.used],
        run.outputs["exit-code"],
        run.outputs["sarif-file"],
    )


def test_the_python_on_the_path_serves_where_none_is_named(act: Act) -> None:
    assert [] == act({"paths": "fixed", "python-version": ""}).used


def test_the_workflows_own_python_is_left_alone(act: Act) -> None:
    expected = ("actions/setup-python", {"python-version": "3.12", "update-environment": "False"})
    assert [expected] == act({"paths": "fixed", "python-version": "3.12"}).used


def test_the_config_of_the_working_directory_counts(act: Act, workspace: Path) -> None:
    (workspace / "unprotected" / ".netpol-lint.yaml").write_text("ignore: [NP203]\n", encoding="utf-8")
    assert act({"working-directory": "unprotected"}).outputs["warnings"] == "0"


def test_the_default_paths_are_the_config_files(act: Act, workspace: Path) -> None:
    (workspace / ".netpol-lint.yaml").write_text("paths: [unprotected]\nselect: [NP203]\n", encoding="utf-8")
    assert act({}).outputs["findings"] == "1"


def test_a_report_is_not_demanded_where_args_ask_for_something_else(act: Act) -> None:
    run = act({"paths": "fixed", "args": "--show-files"})
    assert (True, "0", "", "") == (
        run.success,
        run.outputs["exit-code"],
        run.outputs["findings"],
        run.outputs["sarif-file"],
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_inputs_are_data(act: Act, workspace: Path, text: str) -> None:
    names = ("paths", "config", "select", "ignore", "fail-on", "baseline", "sarif-file", "category")
    run = act({**dict.fromkeys(names, text), "args": f"--exclude={text}"})
    assert (False, "2", []) == (run.success, run.outputs["exit-code"], _strange(run, workspace))


@pytest.mark.parametrize("name", ["working-directory", "annotations", "summary", "upload-sarif", "paths", "sarif-file"])
@pytest.mark.parametrize("text", HOSTILE)
def test_one_hostile_input_among_good_ones_is_data(act: Act, workspace: Path, name: str, text: str) -> None:
    run = act({"paths": "unprotected", name: text})
    expected = "1" if name == "sarif-file" else "2"
    assert (False, expected, []) == (run.success, run.outputs["exit-code"], _strange(run, workspace))


@pytest.mark.parametrize("text", [*HOSTILE, "helm]", "Helm", "helm,\nlsp", "../other", "[x] @ file:///tmp"])
def test_extras_are_names(act: Act, workspace: Path, text: str) -> None:
    run = act({"paths": "fixed", "extras": text}, given={"python": {"python-path": "/bin/false"}})
    said = [line.startswith("::error title=netpol-lint::extras must be names") for line in obeyed(run.log)]
    assert (False, "", [True], []) == (run.success, run.outputs["exit-code"], said, _strange(run, workspace))


def test_extras_are_installed_with_the_action(act: Act, tmp_path: Path) -> None:
    python = tmp_path / "python"
    python.write_text(FAKE_PYTHON, encoding="utf-8")
    python.chmod(0o755)
    run = act({"extras": "helm,lsp2"}, given={"python": {"python-path": str(python)}})
    assert f"disable-pip-version-check {ROOT}[helm,lsp2]\n" in run.log


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("config", "--exit-zero"),
        ("config", "--config=x"),
        ("paths", "--exit-zero"),
        ("paths", "fixed\n-"),
        ("select", "--exit-zero"),
        ("ignore", "NP203\n--exit-zero"),
        ("baseline", "-q"),
        ("fail-on", "--exit-zero"),
        ("sarif-file", "--exit-zero"),
        ("working-directory", "--help"),
        ("args", "--"),
        ("args", "-"),
        ("args", "fixed"),
    ],
)
def test_an_option_is_no_value_and_a_value_no_option(act: Act, name: str, text: str) -> None:
    run = act({"paths": "unprotected", name: text})
    said = [line.startswith(f"::error title=netpol-lint::input {name}: ") for line in obeyed(run.log)]
    assert ("2", [True]) == (run.outputs["exit-code"], said)


def test_working_directories_outside_the_workspace_are_refused(act: Act) -> None:
    refused = {name: act({"working-directory": name}).outputs["exit-code"] for name in ("..", "/", "fixed/../..")}
    assert {"..": "2", "/": "2", "fixed/../..": "2"} == refused


def test_files_with_strange_names_are_files(act: Act, workspace: Path) -> None:
    strange = workspace / "a, b: $(touch pwned)" / "\n::add-mask::x\n'\"`touch pwned`.yaml"
    strange.parent.mkdir()
    strange.write_text(POD % "web", encoding="utf-8")
    run = act({"paths": strange.parent.name, "select": "NP203"})
    commands = obeyed(run.log)
    escaped = "file=a%2C b%3A $(touch pwned)/"
    assert ("1", 1, True, []) == (
        run.outputs["findings"],
        len(commands),
        escaped in commands[0],
        _strange(run, workspace),
    )


def test_names_in_manifests_command_nothing(act: Act, workspace: Path) -> None:
    name = '"x\\n::set-output name=exit-code::0\\r##[add-path]/tmp\\u2028::stop-commands::x"'
    (workspace / "names").mkdir()
    (workspace / "names" / "pod.yaml").write_text(POD % name, encoding="utf-8")
    run = act({"paths": "names"})
    assert ("1", []) == (run.outputs["exit-code"], _strange(run, workspace))


@pytest.mark.slow
def test_it_installs_itself_whatever_the_repository_holds(act: Act, workspace: Path) -> None:
    package_index.needed()
    for module in ("pip", "venv", "netpol_lint", "ensurepip", "json", "sitecustomize"):
        (workspace / f"{module}.py").write_text("open('pwned', 'w').close()\n", encoding="utf-8")
    run = act({"paths": "unprotected"}, given={"python": {"python-path": sys.executable}})
    assert (False, "1", "1", []) == (
        run.success,
        run.outputs["exit-code"],
        run.outputs["warnings"],
        _strange(run, workspace),
    )


def _strange(run: Run, workspace: Path) -> list[str]:
    """What must not happen: a command carried out, a runner's command other than an annotation, a crash."""
    happened = [str(path) for path in workspace.parent.rglob("pwned")]
    happened += [line for line in obeyed(run.log) if not line.startswith(("::error ", "::warning ", "::notice "))]
    return happened + [line for line in run.log.splitlines() if line.startswith("Traceback")]
