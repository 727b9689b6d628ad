"""What a run does not need, it does not load: the command starts before a person notices."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
HEAVY = tuple(
    "attr asyncio concurrent.futures difflib email html.parser http importlib.metadata jsonschema logging"
    " multiprocessing pbr ruamel sarif_om ssl tomllib unittest urllib.request xml".split()
)
LOADED = """
import sys
from netpol_lint.cli import main
try:
    main(sys.argv[1:])
except SystemExit:
    pass
print(*sys.modules, file=sys.stderr)
"""


def _modules(*arguments: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-I", "-c", LOADED, *arguments], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return set(done.stderr.split())


@pytest.mark.parametrize(
    "arguments",
    [("--version",), ("rule", "NP201"), ("check", "--isolated", "examples/demo/demo-application.yaml")],
    ids=" ".join,
)
def test_heavy_modules_are_not_loaded(arguments: tuple[str, ...]) -> None:
    assert set() == _modules(*arguments).intersection(HEAVY)


def test_the_version_needs_no_part_of_the_linter() -> None:
    own = {name for name in _modules("--version") if name.startswith("netpol_lint.")}
    assert {"netpol_lint.cli", "netpol_lint.errors"} == own
