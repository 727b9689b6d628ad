"""The needs as JSON, in the shape that `needs.schema.json` describes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from netpol_lint.connectivity.connections import ports_of
from netpol_lint.needs.listing import Listed, UnitNeeds
from netpol_lint.report.connections.parts.shape import ports_shape
from netpol_lint.report.escaping import json_text
from netpol_lint.report.parts.shape import location_shape


def render(units: Sequence[UnitNeeds]) -> str:
    """On one line."""
    shapes = [{"unit": unit.unit, "needs": [_shape(one) for one in unit.needs]} for unit in units]
    return json_text({"version": 1, "units": shapes}) + "\n"


def _shape(one: Listed) -> dict[str, Any]:
    return {
        "from": one.source,
        "to": one.destination,
        "ports": ports_shape(ports_of(one.need.ports)),
        "reason": one.need.reason.name.lower(),
        "sure": one.need.sureness.name.lower(),
        "verdict": one.kept.value,
        "shown_by": one.need.shown_by,
        "location": location_shape(one.need.at),
    }
