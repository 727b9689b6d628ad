"""Carries out the steps of a composite action as GitHub's runner does, as far as action.yml needs it.

Steps that use other actions are written down instead of run. What a step prints is read as the runner reads it, to
know which workflow commands it would have obeyed.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import takewhile
from pathlib import Path
from typing import Any, Final

import yaml

BASH: Final = shutil.which("bash") or ""
_EXPRESSION: Final = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)
_TOKEN: Final = re.compile(r"\s*(?:('(?:[^']|'')*')|(==|!=|&&|\|\|)|([A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)*))")
_COMMAND: Final = re.compile(r"\s*::([A-Za-z][\w-]*|[0-9a-f]{32})(?: [^:]*)?::")


@dataclass
class Run:
    """What came of an action."""

    success: bool = True
    outputs: dict[str, str] = field(default_factory=dict)
    steps: dict[str, dict[str, str]] = field(default_factory=dict)
    """The outputs of each step with an id."""
    used: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    """Other actions by name without version, and their inputs."""
    log: str = ""
    summary: str = ""


def run_action(
    action: Path,
    inputs: Mapping[str, str],
    *,
    workspace: Path,
    temporary: Path,
    environment: Mapping[str, str],
    given: Mapping[str, Mapping[str, str]],
) -> Run:
    """The action with these inputs. Steps in `given` are not run but have the outputs given there."""
    description = yaml.safe_load(action.read_text(encoding="utf-8"))
    unknown = inputs.keys() - description["inputs"].keys()
    assert not unknown, f"no inputs of the action: {unknown}"
    values = {name: str(item.get("default", "")) for name, item in description["inputs"].items()} | dict(inputs)
    run = Run()
    for number, step in enumerate(description["runs"]["steps"]):
        scope = {"inputs": values, "steps": run.steps}
        if not run.success or not _truth(_value_of(step["if"], scope) if "if" in step else "true"):
            continue
        outputs: dict[str, str] = {}
        if "uses" in step:
            settings = {name: _filled(str(value), scope) for name, value in step.get("with", {}).items()}
            run.used.append((step["uses"].partition("@")[0], settings))
            outputs = dict(given.get(step.get("id", ""), {}))
        elif step.get("id") in given:
            outputs = dict(given[step["id"]])
        else:
            files = {name: temporary / f"{name}-{number}" for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
            for file in files.values():
                file.touch()
            variables = {name: _filled(str(value), scope) for name, value in step.get("env", {}).items()}
            variables |= {name: str(file) for name, file in files.items()}
            variables |= {"GITHUB_ACTION_PATH": str(action.parent), "GITHUB_WORKSPACE": str(workspace)}
            variables |= {"RUNNER_TEMP": str(temporary), "GITHUB_ACTIONS": "true"}
            run.success &= _carry_out(step, scope, {**environment, **variables}, workspace, temporary, run)
            outputs = dict(_outputs_in(files["GITHUB_OUTPUT"].read_bytes().decode()))
            run.summary += files["GITHUB_STEP_SUMMARY"].read_bytes().decode()
        if "id" in step:
            run.steps[step["id"]] = outputs
    scope = {"inputs": values, "steps": run.steps}
    run.outputs = {name: _filled(item["value"], scope) for name, item in description["outputs"].items()}
    return run


def obeyed(log: str) -> list[str]:
    """The lines that the runner would take for workflow commands, those of stop-commands left out."""
    commands = []
    token = ""
    for line in re.split(r"\r\n|\r|\n", log):
        found = _COMMAND.match(line)
        if token:
            token = "" if found and found[1] == token else token
        elif found and found[1] == "stop-commands":
            token = line.rpartition("::")[2]
        elif found or "##[" in line:
            commands.append(line)
    assert not token, "commands were stopped and never resumed"
    return commands


def _carry_out(
    step: Mapping[str, Any],
    scope: Mapping[str, Any],
    variables: Mapping[str, str],
    workspace: Path,
    temporary: Path,
    run: Run,
) -> bool:
    assert step["shell"] == "bash"
    script = temporary / "script.sh"
    script.write_text(_filled(step["run"], scope), encoding="utf-8", newline="\n")
    done = subprocess.run(
        [BASH, "--noprofile", "--norc", "-eo", "pipefail", script],
        cwd=workspace,
        env=dict(variables),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    run.log += done.stdout.decode("utf-8")
    return done.returncode == 0


def _outputs_in(text: str) -> Iterator[tuple[str, str]]:
    lines = iter(text.removesuffix("\n").split("\n") if text else ())
    for line in lines:
        found = re.fullmatch(r"([\w-]+)(=|<<)(.*)", line)
        assert found, f"no output: {line!r}"
        name, separator, value = found.groups()
        yield name, value if separator == "=" else "\n".join(takewhile(value.__ne__, lines))


def _filled(text: str, scope: Mapping[str, Any]) -> str:
    """A text with its expressions replaced by their values, which are not looked into again."""
    return _EXPRESSION.sub(lambda found: _value_of(found[1], scope), text)


def _truth(value: str) -> bool:
    return value not in ("", "false")


def _value_of(expression: str, scope: Mapping[str, Any]) -> str:
    """Comparisons of texts and names, joined by && and ||; anything else is an error of this runner."""
    tokens = _tokens(expression)
    value = _either(tokens, scope)
    assert not tokens, f"cannot read the expression {expression!r}"
    return value


def _tokens(expression: str) -> list[str]:
    tokens = []
    at = 0
    text = expression.rstrip()
    while at < len(text):
        found = _TOKEN.match(text, at)
        assert found, f"cannot read the expression {expression!r}"
        tokens.append(found[0].strip())
        at = found.end()
    return tokens


def _either(tokens: list[str], scope: Mapping[str, Any]) -> str:
    return _joined("||", _both, lambda one, other: one if _truth(one) else other, tokens, scope)


def _both(tokens: list[str], scope: Mapping[str, Any]) -> str:
    return _joined("&&", _comparison, lambda one, other: other if _truth(one) else one, tokens, scope)


def _joined(
    operator: str,
    operand: Callable[[list[str], Mapping[str, Any]], str],
    join: Callable[[str, str], str],
    tokens: list[str],
    scope: Mapping[str, Any],
) -> str:
    value = operand(tokens, scope)
    while tokens and tokens[0] == operator:
        tokens.pop(0)
        value = join(value, operand(tokens, scope))
    return value


def _comparison(tokens: list[str], scope: Mapping[str, Any]) -> str:
    value = _atom(tokens, scope)
    if tokens and tokens[0] in ("==", "!="):
        equal = tokens.pop(0) == "=="
        return "true" if (value == _atom(tokens, scope)) is equal else "false"
    return value


def _atom(tokens: list[str], scope: Mapping[str, Any]) -> str:
    token = tokens.pop(0)
    if token.startswith("'"):
        return token[1:-1].replace("''", "'")
    match token.split("."):
        case ["inputs", name]:
            return str(scope["inputs"][name])
        case ["steps", step, "outputs", name]:
            return str(scope["steps"].get(step, {}).get(name, ""))
        case _:
            raise AssertionError(f"this runner knows no {token}")
