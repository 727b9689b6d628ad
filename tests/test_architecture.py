"""The folders are the layers: imports go down only, types and style hold everywhere."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PROGRAMS = Path(sys.executable).parent


def _run(*command: str) -> tuple[int, str]:
    done = subprocess.run(
        [str(PROGRAMS / command[0]), *command[1:]], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    "command",
    [
        ("lint-imports", "--no-cache"),
        ("mypy",),
        ("ruff", "check", "--no-cache", "."),
        ("ruff", "format", "--no-cache", "--check", "."),
    ],
    ids=" ".join,
)
def test_the_code_keeps_its_own_rules(command: tuple[str, ...]) -> None:
    status, output = _run(*command)
    assert 0 == status, output


def test_files_stay_short_enough_to_read() -> None:
    lengths = {
        str(p.relative_to(ROOT)): len(p.read_text("utf-8").splitlines()) for p in ROOT.glob("netpol_lint/**/*.py")
    }
    assert {} == {path: length for path, length in lengths.items() if length > 320}
