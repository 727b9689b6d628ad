"""The map as plain data, in the exact shape of `map --format json`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from netpol_lint.connectivity.connections import Connection, Decision, Endpoint, Ports, UnitMap


def shape(maps: Iterable[UnitMap]) -> dict[str, Any]:
    """Everything but the deciding rules."""
    return {"version": 1, "units": [_unit(unit) for unit in maps]}


def shape_with_reasons(maps: Iterable[UnitMap]) -> dict[str, Any]:
    """The same with `why` beside each connection's ports."""
    data = shape(maps := tuple(maps))
    for unit, raw in zip(maps, data["units"], strict=True):
        for connection, raw_connection in zip(unit.connections, raw["connections"], strict=True):
            raw_connection["why"] = {
                "egress": [_decision(d) for d in connection.egress],
                "ingress": [_decision(d) for d in connection.ingress],
            }
    return data


def ports_shape(ports: Ports) -> Any:
    """`"all"`, or a list of `{protocol, from, to}`."""
    if ports.all:
        return "all"
    return [{"protocol": span.protocol, "from": span.first, "to": span.last} for span in ports.spans]


def _unit(unit: UnitMap) -> dict[str, Any]:
    return {
        "unit": unit.unit,
        "endpoints": [_endpoint(endpoint) for endpoint in unit.endpoints],
        "connections": [_connection(connection) for connection in unit.connections],
    }


def _endpoint(endpoint: Endpoint) -> dict[str, Any]:
    if endpoint.kind == "CIDR":
        return {"id": endpoint.id, "kind": endpoint.kind, "blocks": list(endpoint.blocks)}
    return {"id": endpoint.id, "kind": endpoint.kind, "namespace": endpoint.namespace, "name": endpoint.name}


def _connection(connection: Connection) -> dict[str, Any]:
    data: dict[str, Any] = {
        "from": connection.source,
        "to": connection.destination,
        "ports": ports_shape(connection.ports),
    }
    if connection.unknown:
        data["unknown"] = ports_shape(connection.unknown)
    return data


def _decision(decision: Decision) -> dict[str, Any]:
    path, span, _ = decision.at
    return {
        "policy": decision.policy,
        "tier": decision.tier,
        "action": decision.action,
        "rule": decision.rule,
        "location": {"path": path, "line": span.line, "column": span.column},
    }
