"""The hooks, run by pre-commit and by prek from a copy of this repository in a repository that uses them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests import package_index

ROOT = Path(__file__).parent.parent
MANIFEST = ".pre-commit-hooks.yaml"
NO_CONFIG = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
AUTHOR = ("-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false")
runners = pytest.mark.parametrize("runner", ["pre-commit", "prek"])


@pytest.fixture(scope="module")
def hooks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository of what is committed or about to be committed here."""
    copy = tmp_path_factory.mktemp("hooks") / "netpol-lint"
    listed = _git(ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, copy / name)
    _commit_all(copy)
    return copy


@pytest.fixture(scope="module")
def homes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Where the two keep what they install: one place for all tests, none of the user's."""
    return {name: str(tmp_path_factory.mktemp(name)) for name in ("PRE_COMMIT_HOME", "PREK_HOME")}


@pytest.fixture
def consumer(tmp_path: Path) -> Path:
    """A repository with the demo: the article's policy leaves its frontend open."""
    _take(tmp_path, "demo")
    _commit_all(tmp_path)
    return tmp_path


@runners
def test_the_manifest_is_valid(runner: str) -> None:
    code, output = _run(_program(runner), "validate-manifest", MANIFEST, directory=ROOT)
    assert (0, "") == (code, "" if code == 0 else output)


@pytest.mark.slow
@runners
def test_a_bad_manifest_fails_its_fix_passes_and_deleting_the_policy_fails(
    runner: str, hooks: Path, homes: dict[str, str], consumer: Path
) -> None:
    package_index.needed()
    results = [_try(runner, "netpol-lint", hooks, homes, consumer)]
    _take(consumer, "fixed")
    _commit_all(consumer)
    results.append(_try(runner, "netpol-lint", hooks, homes, consumer))
    _git(consumer, "rm", "--quiet", "default-deny.yaml")
    results.append(_try(runner, "netpol-lint", hooks, homes, consumer, everything=False))
    expected = [(1, True), (0, False), (1, True)]
    assert expected == [(code, "NP203" in output) for code, output in results], results


@pytest.mark.slow
@runners
def test_the_hook_for_files_reads_only_what_is_changed(
    runner: str, hooks: Path, homes: dict[str, str], consumer: Path
) -> None:
    package_index.needed()
    (consumer / "bad.yaml").write_text("kind: NetworkPolicy\napiVersion: networking.k8s.io/v1\n  spec: {}\n")
    _commit_all(consumer)
    (consumer / "new.yaml").write_text("kind: NetworkPolicy\napiVersion: networking.k8s.io/v1\nspec: [\n")
    _git(consumer, "add", "new.yaml")
    code, output = _try(runner, "netpol-lint-files", hooks, homes, consumer, everything=False)
    assert (1, True, False) == (code, "new.yaml" in output, "bad.yaml" in output), output


@pytest.mark.slow
@runners
def test_the_system_hook_runs_what_is_on_the_path(
    runner: str, hooks: Path, homes: dict[str, str], consumer: Path
) -> None:
    code, output = _try(runner, "netpol-lint-system", hooks, homes, consumer)
    assert (1, True) == (code, "NP203" in output), output


def _try(
    runner: str, hook: str, hooks: Path, homes: dict[str, str], consumer: Path, *, everything: bool = True
) -> tuple[int, str]:
    """Exit code and output; with `everything` as in CI, else as when committing what is staged."""
    how = ("--all-files", "--verbose") if everything else ("--verbose",)
    program = _program(runner)
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return _run(program, "try-repo", str(hooks), hook, *how, directory=consumer, PATH=path, **homes)


def _program(runner: str) -> str:
    program = shutil.which(runner, path=str(Path(sys.executable).parent))
    if not program:
        pytest.skip(f"{runner} is not installed beside Python")
    return program


def _run(*command: str, directory: Path, **variables: str) -> tuple[int, str]:
    # GIT_*: pytest may itself run inside a hook of git.
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    done = subprocess.run(
        command,
        cwd=directory,
        env={**inherited, **NO_CONFIG, "NO_COLOR": "1", **variables},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    return done.returncode, done.stdout


def _git(directory: Path, *command: str) -> str:
    code, output = _run("git", *AUTHOR, *command, directory=directory)
    assert code == 0, output
    return output


def _commit_all(directory: Path) -> None:
    if not (directory / ".git").exists():
        _git(directory, "init", "--quiet")
    _git(directory, "add", "--all")
    _git(directory, "commit", "--quiet", "--message", "state")


def _take(directory: Path, example: str) -> None:
    for manifest in (ROOT / "examples" / example).glob("*.yaml"):
        shutil.copyfile(manifest, directory / manifest.name)
