"""The map for programs."""

from __future__ import annotations

import json
from collections.abc import Iterable

from netpol_lint.connectivity.connections import UnitMap
from netpol_lint.report.connections.shape import shape


def render(maps: Iterable[UnitMap]) -> str:
    """`{"version": 1, "units": [...]}`."""
    return json.dumps(shape(maps), indent=2, ensure_ascii=False) + "\n"
