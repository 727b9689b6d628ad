"""The logic of action.yml: inputs as a call of `netpol-lint check`, its result as outputs, annotations and summary.

Inputs come as variables `NPL_*`, and nothing in them is read as code: lists have one item a line, values are passed
as `--option=value`, paths follow `--`.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from netpol_lint import config
from netpol_lint.errors import NetpolLintError
from netpol_lint.integrations import runner
from netpol_lint.records import NamedTuple

_USAGE_ERROR: Final = 2
_DEFAULT_PATHS: Final = (".",)
_SUMMARY_BYTES: Final = 900_000
"""GitHub drops the summary of a step as a whole if it is longer than 1,024 kB."""
_FAILED: Final = "### netpol-lint\n\nnetpol-lint did not finish: the log of the step says why."


@dataclass(frozen=True, slots=True)
class Inputs:
    """The inputs of action.yml. An empty text is an input that was not given."""

    paths: tuple[str, ...]
    args: tuple[str, ...]
    config: str
    select: str
    ignore: str
    fail_on: str
    baseline: str
    sarif_file: str
    working_directory: str
    annotations: bool
    summary: bool


class Place(NamedTuple):
    """Where the tool runs."""

    root: Path
    """The repository's root, which the paths in reports are relative to."""
    below: str
    """The working directory, relative to the root; "" where it is the root."""

    def path(self, given: str) -> str:
        """A path given relative to the working directory, as the tool sees it."""
        return os.path.normpath(os.path.join(self.below, given)) if self.below else given  # noqa: PTH118


class Outcome(NamedTuple):
    """The outputs of action.yml; the counts are "" where there is no report."""

    exit_code: int
    findings: str = ""
    errors: str = ""
    warnings: str = ""
    sarif_file: str = ""


def main() -> int:
    """Lint and tell the runner. 0 whatever was found: the action's last step exits with the output `exit-code`."""
    runner.speak_utf8()
    try:
        outcome = _lint(inputs_from(os.environ), os.environ)
    except NetpolLintError as wrong:
        runner.error(str(wrong))
        outcome = Outcome(_USAGE_ERROR)
    for name, value in outcome._asdict().items():
        runner.set_output(name.replace("_", "-"), str(value))
    return 0


def inputs_from(environ: Mapping[str, str]) -> Inputs:
    """The inputs; NetpolLintError for one that cannot be meant."""
    _flag("upload-sarif", environ)  # the action's own steps act on it: "yes" would silently be no
    args = _lines("args", environ)
    for arg in args:
        if not arg.startswith("-") or arg in ("-", "--"):
            raise NetpolLintError(f"input args: {arg!r} is no option; write --option=value, and files under paths")
    return Inputs(
        paths=tuple(_value("paths", path) for path in _lines("paths", environ)) or _DEFAULT_PATHS,
        args=args,
        config=_text("config", environ),
        select=",".join(_value("select", rules) for rules in _lines("select", environ)),
        ignore=",".join(_value("ignore", rules) for rules in _lines("ignore", environ)),
        fail_on=_text("fail-on", environ),
        baseline=_text("baseline", environ),
        sarif_file=_text("sarif-file", environ),
        working_directory=_text("working-directory", environ),
        annotations=_flag("annotations", environ),
        summary=_flag("summary", environ),
    )


def place_in(workspace: str, working_directory: str) -> Place:
    """Where to run; NetpolLintError unless the directory is one of the workspace.

    The root is the outermost repository between the two, for a checkout may lie below the workspace and a submodule
    below the repository whose commit is looked at.
    """
    top = Path(workspace).resolve()
    directory = (top / working_directory).resolve()
    if not directory.is_relative_to(top) or not directory.is_dir():
        raise NetpolLintError(f"input working-directory: {working_directory!r} is no directory of the workspace")
    between = [directory, *directory.parents]
    candidates = reversed(between[: between.index(top) + 1])
    root = next((candidate for candidate in candidates if (candidate / ".git").exists()), top)
    return Place(root, "" if root == directory else directory.relative_to(root).as_posix())


def arguments(inputs: Inputs, place: Place, reports: Path) -> list[str]:
    """What follows `netpol-lint check` in the root; the reports go into a directory of their own."""
    config_file = place.path(inputs.config) if inputs.config else _found_config(inputs, place)
    values = {
        "format": "github" if inputs.annotations else "text",
        "config": config_file,
        "select": inputs.select,
        "ignore": inputs.ignore,
        "fail-on": inputs.fail_on,
        "baseline": place.path(inputs.baseline) if inputs.baseline else "",
    }
    forms = ("json", "sarif", "markdown") if inputs.summary else ("json", "sarif")
    return [
        *(f"--{name}={value}" for name, value in values.items() if value),
        *(f"--report={form}={reports}/netpol-lint.{form}" for form in forms),
        f"--markdown-bytes={_SUMMARY_BYTES}",
        *inputs.args,
        "--",
        *_paths(inputs, place, config_file),
    ]


def _lint(inputs: Inputs, environ: Mapping[str, str]) -> Outcome:
    place = place_in(environ.get("GITHUB_WORKSPACE") or ".", inputs.working_directory)
    # Never removed: later steps may read the SARIF report, and the runner empties its temporary directory itself.
    reports = Path(tempfile.mkdtemp(dir=environ.get("RUNNER_TEMP"), prefix="netpol-lint-"))
    with contextlib.chdir(place.root):
        exit_code = _run(arguments(inputs, place, reports), annotations=inputs.annotations)
        if inputs.summary:
            _add_summary(exit_code, reports / "netpol-lint.markdown")
        counted = reports / "netpol-lint.json"
        if not counted.is_file():  # the tool did not finish, or args ask for something else: --diff, --help
            return Outcome(exit_code)
        sarif = reports / "netpol-lint.sarif"
        if inputs.sarif_file:
            sarif = _copied(sarif, Path(place.path(inputs.sarif_file)).absolute())
        return _counted(exit_code, counted, sarif)


def _add_summary(exit_code: int, report: Path) -> None:
    if report.is_file():
        runner.add_summary(report.read_text(encoding="utf-8"))
    elif exit_code == _USAGE_ERROR:
        runner.add_summary(_FAILED)


def _run(given: list[str], *, annotations: bool) -> int:
    """The exit code of `netpol-lint check`, its output in the log. -I: the repository's own files are no modules."""
    done = subprocess.run(
        [sys.executable, "-I", "-X", "utf8", "-m", "netpol_lint", "check", *given],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    runner.log(done.stdout, annotations=annotations)
    runner.log(done.stderr, annotations=False)
    if done.returncode in (0, 1):
        return done.returncode
    said = done.stderr.strip().rpartition("\n")[2] if done.returncode == _USAGE_ERROR else ""
    runner.error(said or f"netpol-lint was ended with code {done.returncode}")
    return _USAGE_ERROR


def _counted(exit_code: int, report: Path, sarif: Path) -> Outcome:
    found = json.loads(report.read_text(encoding="utf-8"))
    summary = found["summary"]
    return Outcome(exit_code, str(len(found["findings"])), str(summary["errors"]), str(summary["warnings"]), str(sarif))


def _copied(report: Path, target: Path) -> Path:
    """The target, now with the report in it."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(report, target)
    except OSError as error:
        raise NetpolLintError(f"cannot be written: {error.strerror or error}", path=str(target)) from error
    return target


def _found_config(inputs: Inputs, place: Place) -> str:
    """The config file that the tool would find if it ran in the working directory; "" if it finds the same itself."""
    if not place.below or "--isolated" in inputs.args:
        return ""
    return config.find(place.below)


def _paths(inputs: Inputs, place: Place, config_file: str) -> Iterator[str]:
    """The paths to analyse; none where the default means what the config file says."""
    if inputs.paths == _DEFAULT_PATHS and (not place.below or _names_paths(config_file)):
        return
    yield from (place.path(path) for path in inputs.paths)


def _names_paths(config_file: str) -> bool:
    return bool(config_file) and config.load(config_file).paths != config.Settings().paths


def _text(name: str, environ: Mapping[str, str]) -> str:
    return _value(name, environ.get(_variable(name), ""))


def _lines(name: str, environ: Mapping[str, str]) -> tuple[str, ...]:
    """The items of a list, one a line; blanks within a line are part of the item."""
    lines = environ.get(_variable(name), "").replace("\r\n", "\n").split("\n")
    return tuple(line for line in lines if line.strip())


def _value(name: str, value: str) -> str:
    if value.startswith("-"):
        raise NetpolLintError(f"input {name}: {value!r} looks like an option; a file of that name is './{value}'")
    return value


def _flag(name: str, environ: Mapping[str, str]) -> bool:
    value = environ.get(_variable(name), "")
    if value not in ("true", "false"):
        raise NetpolLintError(f"input {name}: {value!r} is neither 'true' nor 'false'")
    return value == "true"


def _variable(name: str) -> str:
    return f"NPL_{name.upper().replace('-', '_')}"


if __name__ == "__main__":
    sys.exit(main())
