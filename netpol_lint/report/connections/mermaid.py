"""The map as a flowchart that Markdown viewers draw."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from netpol_lint.connectivity.connections import UnitMap
from netpol_lint.report.connections.parts.diagram import Node, diagram
from netpol_lint.report.escaping import visible

_ACTIVE: Final = re.compile(r"[^\w ./:,=()+*?-]")
"""Everything but what means nothing to Mermaid, to HTML and to Markdown inside quotes."""


def render(maps: Iterable[UnitMap]) -> Iterator[str]:
    """One flowchart; each namespace of each unit a subgraph. Endpoints treated alike are one node."""
    yield "flowchart LR\n"
    for number, one in enumerate(maps):
        for line in _unit(number, one):
            yield f"  {line}\n"


def _unit(unit: int, one: UnitMap) -> Iterator[str]:
    drawing = diagram(one.table)
    yield f"subgraph u{unit}[{_quoted(f'unit {one.unit}')}]"
    for index, (namespace, numbers) in enumerate(drawing.namespaces.items()):
        if namespace:
            yield f"  subgraph u{unit}s{index}[{_quoted(namespace)}]"
        for number in numbers:
            yield f"{'    ' if namespace else '  '}u{unit}n{number}{_shape(drawing.nodes[number])}"
        if namespace:
            yield "  end"
    yield "end"
    for line in drawing.lines:
        arrow = "-.->" if line.uncertain else "-->"
        yield f"u{unit}n{line.source} {arrow}|{_quoted(line.ports)}| u{unit}n{line.destination}"


def _shape(node: Node) -> str:
    text = _quoted(*node.lines)
    return f"([{text}])" if node.outside else f"[{text}]"


def _quoted(*lines: str) -> str:
    """A label of these lines. Mermaid knows no escape but character codes (`#34;`)."""
    return '"' + "<br>".join(_ACTIVE.sub(lambda found: f"#{ord(found[0])};", visible(line)) for line in lines) + '"'
