"""The map as a graph for Graphviz."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from netpol_lint.connectivity.connections import UnitMap
from netpol_lint.report.connections.parts.diagram import diagram
from netpol_lint.report.escaping import visible


def render(maps: Iterable[UnitMap]) -> Iterator[str]:
    """One digraph; each unit a cluster, each of its namespaces one within. Endpoints treated alike are one node."""
    # newrank: without it some drawings of clusters fail with "trouble in init_rank"
    yield 'digraph connections {\n  rankdir=LR;\n  newrank=true;\n  fontname="sans-serif";\n'
    yield '  node [shape=box, fontname="sans-serif"];\n  edge [fontname="sans-serif"];\n'
    for number, one in enumerate(maps):
        for line in _unit(number, one):
            yield f"  {line}\n"
    yield "}\n"


def _unit(unit: int, one: UnitMap) -> Iterator[str]:
    drawing = diagram(one.table)
    yield f"subgraph cluster_{unit} {{"
    yield f"  label={_quoted('unit ' + one.unit)};"
    for index, (namespace, numbers) in enumerate(drawing.namespaces.items()):
        indent = "    " if namespace else "  "
        if namespace:
            yield f"  subgraph cluster_{unit}_{index} {{"
            yield f"    label={_quoted(namespace)};"
        for number in numbers:
            node = drawing.nodes[number]
            shape = ", shape=ellipse" if node.outside else ""
            yield f"{indent}u{unit}n{number} [label={_quoted(*node.lines)}{shape}];"
        if namespace:
            yield "  }"
    for line in drawing.lines:
        style = ", style=dashed" if line.uncertain else ""
        yield f"  u{unit}n{line.source} -> u{unit}n{line.destination} [label={_quoted(line.ports)}{style}];"
    yield "}"


def _quoted(*lines: str) -> str:
    """A label of these lines; `\\n` between them is Graphviz' escape."""
    return '"' + "\\n".join(visible(line).replace("\\", "\\\\").replace('"', '\\"') for line in lines) + '"'
