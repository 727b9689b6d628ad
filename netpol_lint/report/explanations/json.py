"""The explanation as JSON, in the shape that `explain.schema.json` describes."""

from __future__ import annotations

from typing import Any

from netpol_lint.connectivity.connections import ports_of
from netpol_lint.connectivity.explaining import Explanation
from netpol_lint.connectivity.questions import Judgement, Reply
from netpol_lint.report.connections.parts.shape import decision_shape, ports_shape
from netpol_lint.report.escaping import json_text
from netpol_lint.resources.policy import Direction


def render(explanation: Explanation, *, color: bool, width: int) -> str:  # noqa: ARG001 -- one signature for all formats
    """On one line."""
    return json_text(shape(explanation)) + "\n"


def shape(explanation: Explanation) -> dict[str, Any]:
    """`ports` are those that are allowed from every address, or to every one, if an end is a block."""
    reply = explanation.reply
    data: dict[str, Any] = {
        "version": 1,
        "from": explanation.source,
        "to": explanation.destination,
        "verdict": reply.judgement.value,
        "ports": ports_shape(ports_of(reply.allowed)),
    }
    if reply.unknown:
        data["unknown"] = ports_shape(ports_of(reply.unknown))
    if reply.judgement is Judgement.UNKNOWN:
        data["because"] = list(reply.doubts())
    data["egress"] = _side(reply, Direction.EGRESS)
    data["ingress"] = _side(reply, Direction.INGRESS)
    return data


def _side(reply: Reply, direction: Direction) -> dict[str, Any]:
    decided_by = [decision_shape(decision) for decision in reply.decisions(direction)]
    return {"isolated": reply.isolated(direction), "decided_by": decided_by}
