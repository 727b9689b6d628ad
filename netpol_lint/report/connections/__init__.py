"""The map of connections in each format: each module of this package is a format, the package in it what they share."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import cast

from netpol_lint.connectivity.connections import UnitMap


def formats() -> tuple[str, ...]:
    """The names of all formats, sorted."""
    return tuple(sorted(path.stem for path in Path(__file__).parent.glob("*.py") if path.stem != "__init__"))


def render(name: str, maps: Iterable[UnitMap]) -> Iterator[str]:
    """The map in one of the formats, piece by piece, so that a long one is never in memory as a whole."""
    module = importlib.import_module(f"{__name__}.{name}")
    return cast(Iterator[str], module.render(maps))
