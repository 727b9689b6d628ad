"""The map as a graph for Graphviz."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from netpol_lint.connectivity.connections import Endpoint, UnitMap
from netpol_lint.report.escaping import one_line


def render(maps: Iterable[UnitMap]) -> str:
    """One digraph; each unit a cluster, each of its namespaces a cluster within."""
    lines = ["digraph connections {", "  rankdir=LR;", "  node [shape=box];"]
    for number, unit in enumerate(maps):
        lines += [f"  subgraph cluster_{number} {{", f"    label={_quoted(unit.unit)};"]
        lines += [f"    {line}" for line in _nodes(number, unit)]
        lines += [
            f"    {_node(number, c.source)} -> {_node(number, c.destination)} [label={_quoted(str(c.ports) or '?')}];"
            for c in unit.connections
        ]
        lines.append("  }")
    return "\n".join((*lines, "}", ""))


def _nodes(number: int, unit: UnitMap) -> Iterator[str]:
    namespaces: dict[str, list[Endpoint]] = {}
    for endpoint in unit.endpoints:
        namespaces.setdefault(endpoint.namespace, []).append(endpoint)
    for index, (namespace, endpoints) in enumerate(sorted(namespaces.items())):
        nodes = [f"{_node(number, e.id)} [label={_quoted(e.name or e.id)}];" for e in endpoints]
        if not namespace:
            yield from nodes
            continue
        yield f"subgraph cluster_{number}_{index} {{"
        yield f"  label={_quoted(namespace)};"
        yield from (f"  {node}" for node in nodes)
        yield "}"


def _node(number: int, name: str) -> str:
    return _quoted(f"{number}:{name}")


def _quoted(text: str) -> str:
    return '"' + one_line(text).replace("\\", "\\\\").replace('"', '\\"') + '"'
