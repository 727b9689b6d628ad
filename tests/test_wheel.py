"""What is installed is what is in the repository: the rules' pages travel inside the wheel, and the command runs."""

from __future__ import annotations

import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from tests import package_index

ROOT = Path(__file__).parent.parent
DEMO = ROOT / "examples" / "demo"


def _run(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(part) for part in command], cwd=cwd, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    package_index.needed()
    target = tmp_path_factory.mktemp("wheel")
    done = _run(sys.executable, "-m", "build", "--wheel", "--outdir", target, ROOT, cwd=target)
    assert 0 == done.returncode, done.stdout + done.stderr
    [built] = target.glob("*.whl")
    return built


@pytest.mark.slow
def test_the_pages_of_the_wheel_are_those_of_the_repository(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        prefix = "netpol_lint/_rules/"
        packed = {n.removeprefix(prefix): archive.read(n) for n in archive.namelist() if n.startswith(prefix)}
    written = {path.relative_to(ROOT / "rules").as_posix(): path.read_bytes() for path in ROOT.glob("rules/**/*.md")}
    assert written == packed


@pytest.mark.slow
def test_the_wheel_carries_what_the_program_reads(wheel: Path) -> None:
    needed = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "netpol_lint").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    with zipfile.ZipFile(wheel) as archive:
        assert set() == needed - set(archive.namelist())


@pytest.mark.slow
def test_the_installed_command_lints_the_demo(wheel: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "venv", with_pip=True)
    [python] = [*(tmp_path / "venv").glob("bin/python"), *(tmp_path / "venv").glob("Scripts/python.exe")]
    installed = _run(python, "-m", "pip", "install", "--quiet", wheel, cwd=tmp_path)
    assert 0 == installed.returncode, installed.stderr
    done = _run(python, "-I", "-m", "netpol_lint", "check", "--isolated", "-f", "concise", DEMO, cwd=tmp_path)
    reported = {line.split()[1] for line in done.stdout.splitlines()}
    assert (1, {"NP007", "NP201", "NP203", "NP204"}) == (done.returncode, reported), done.stderr
