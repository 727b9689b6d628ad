"""The needs of deployment units, each with what the policies make of it: each module of this package is a format."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from pathlib import Path

from netpol_lint.needs.listing import UnitNeeds


def formats() -> tuple[str, ...]:
    """The names of all formats, sorted."""
    return tuple(sorted(path.stem for path in Path(__file__).parent.glob("[a-z]*.py")))


def render(name: str, units: Sequence[UnitNeeds]) -> str:
    """The needs in a format."""
    module = importlib.import_module(f"{__name__}.{name}")
    text: str = module.render(units)
    return text
