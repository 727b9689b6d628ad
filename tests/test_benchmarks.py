"""The benchmarks run, on sizes at which nothing can be measured: they must not rot before they are needed."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
RUNS = {
    "connectivity.py": ("60", "12"),
    "growth.py": ("--sizes", "10,20", "policies", "--", "--select", "NP2"),
    "hooks.py": ("--sizes", "1", "--runs", "1"),
    "maps.py": ("--sizes", "10", "--runs", "1"),
    "peers.py": ("--sizes", "1", "--runs", "1", "examples/demo"),
    "trees.py": ("examples",),
}
SAID = {
    "connectivity.py": r"60 x +12: .* s .* classes",
    "growth.py": r"  seconds +exponent",
    "hooks.py": r"\| netpol-lint \| \d|pre-commit: not found",
    "maps.py": r"\| netpol-lint map \| \d",
    "peers.py": r"### demo, its plain manifests only",
    "trees.py": r"\| demo \| \d",
}


def _run(script: str, *arguments: str) -> str:
    command = [sys.executable, f"benchmarks/{script}", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("script", RUNS)
def test_a_benchmark_prints_its_figures(script: str) -> None:
    output = _run(script, *RUNS[script])
    assert (True, False) == (bool(re.search(SAID[script], output)), "Traceback" in output), output


def test_every_benchmark_is_run_and_described() -> None:
    scripts = {path.name for path in (ROOT / "benchmarks").glob("*.py") if "__main__" in path.read_text()}
    described = set(re.findall(r"`(\w+\.py)`", (ROOT / "benchmarks" / "README.md").read_text()))
    assert (scripts, set()) == (RUNS.keys() | {"instructions.py"}, scripts - described)
