"""Parts of the map as plain data, in the exact shape of `map --format json`."""

from __future__ import annotations

from typing import Any

from netpol_lint.connectivity.connections import FUTURE, Connection, Decision, Endpoint, Ports


def ports_shape(ports: Ports) -> Any:
    """`"all"`, or a list of `{protocol, from, to}`."""
    if ports.all:
        return "all"
    return [{"protocol": span.protocol, "from": span.first, "to": span.last} for span in ports.spans]


def endpoint_shape(endpoint: Endpoint) -> dict[str, Any]:
    """One element of `endpoints`."""
    if endpoint.is_outside:
        return {"id": endpoint.id, "kind": endpoint.kind, "blocks": list(endpoint.blocks)}
    data: dict[str, Any] = {
        "id": endpoint.id,
        "kind": endpoint.kind,
        "namespace": endpoint.namespace,
        "name": endpoint.name,
    }
    if endpoint.kind == FUTURE:
        data |= {"labels": dict(endpoint.labels), "namespace_labels": dict(endpoint.namespace_labels)}
    return data


def connection_shape(connection: Connection) -> dict[str, Any]:
    """One element of `connections`."""
    source, destination = connection.source.id, connection.destination.id
    data: dict[str, Any] = {"from": source, "to": destination, "ports": ports_shape(connection.ports)}
    if connection.unknown:
        data["unknown"] = ports_shape(connection.unknown)
    return data


def decision_shape(decision: Decision) -> dict[str, Any]:
    """A rule that decides, as `explain` shows it."""
    path, span, _ = decision.at
    return {
        "policy": decision.policy,
        "tier": decision.tier,
        "action": decision.action,
        "rule": decision.rule,
        "location": {"path": path, "line": span.line, "column": span.column},
    }
