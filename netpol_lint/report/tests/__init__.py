"""What came of test files, in every format: each module of this package is one."""

from __future__ import annotations

import importlib
from pathlib import Path

from netpol_lint.connectivity.assertions import Tested


def formats() -> tuple[str, ...]:
    """The names of all formats, sorted."""
    return tuple(sorted(path.stem for path in Path(__file__).parent.glob("[a-z]*.py")))


def render(name: str, tested: Tested, *, color: bool = False, width: int = 80, verbose: bool = False) -> str:
    """The results in a format; `verbose` lists what passed too, where that is a choice."""
    module = importlib.import_module(f"{__name__}.{name}")
    text: str = module.render(tested, color=color, width=width, verbose=verbose)
    return text
