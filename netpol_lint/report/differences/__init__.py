"""What changes between two trees, in each format: each module here is one, the package in it what they share."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import cast

from netpol_lint.connectivity.differences import UnitDifference


def formats() -> tuple[str, ...]:
    """The names of all formats, sorted."""
    return tuple(sorted(path.stem for path in Path(__file__).parent.glob("*.py") if path.stem != "__init__"))


def render(name: str, units: Sequence[UnitDifference]) -> Iterator[str]:
    """The difference in one of the formats, piece by piece."""
    module = importlib.import_module(f"{__name__}.{name}")
    return cast(Iterator[str], module.render(units))
