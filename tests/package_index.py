"""Whether packages can be installed: what tests ask that install the project the way its users do."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from functools import cache

import pytest


def needed() -> None:
    """Skip the test if pip cannot fetch what builds this package; every other trouble is the test's to report."""
    if trouble := _trouble():
        pytest.skip(f"the package index cannot be reached: {trouble}")


@cache
def _trouble() -> str:
    with tempfile.TemporaryDirectory() as directory:
        fetch = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
        done = subprocess.run(
            [*fetch, "--dest", directory, "hatchling>=1.27"], capture_output=True, text=True, check=False
        )
    return done.stderr.strip().rpartition("\n")[2] if done.returncode else ""
