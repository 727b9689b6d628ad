"""An explanation in every format: each module of this package is one, the package in it is shared with test results."""

from __future__ import annotations

import importlib
from pathlib import Path

from netpol_lint.connectivity.explaining import Explanation


def formats() -> tuple[str, ...]:
    """The names of all formats, sorted."""
    return tuple(sorted(path.stem for path in Path(__file__).parent.glob("[a-z]*.py")))


def render(name: str, explanation: Explanation, *, color: bool = False, width: int = 80) -> str:
    """The explanation in a format."""
    module = importlib.import_module(f"{__name__}.{name}")
    text: str = module.render(explanation, color=color, width=width)
    return text
