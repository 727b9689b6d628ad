"""The map as a flowchart that Markdown viewers draw."""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator

from netpol_lint.connectivity.connections import Endpoint, UnitMap
from netpol_lint.report.escaping import one_line


def render(maps: Iterable[UnitMap]) -> str:
    """One flowchart; each namespace of each unit a subgraph."""
    lines = ["flowchart LR"]
    for number, unit in enumerate(maps):
        lines += [f"  {line}" for line in _unit(number, unit)]
    return "\n".join((*lines, ""))


def _unit(number: int, unit: UnitMap) -> Iterator[str]:
    names = {endpoint.id: f"u{number}e{index}" for index, endpoint in enumerate(unit.endpoints)}
    namespaces: dict[str, list[Endpoint]] = {}
    for endpoint in unit.endpoints:
        namespaces.setdefault(endpoint.namespace, []).append(endpoint)
    for index, (namespace, endpoints) in enumerate(sorted(namespaces.items())):
        title = f"{unit.unit}: {namespace or 'outside'}"
        yield f"subgraph u{number}n{index}[{_quoted(title)}]"
        yield from (f"  {names[e.id]}[{_quoted(e.name or e.id)}]" for e in endpoints)
        yield "end"
    for c in unit.connections:
        yield f"{names[c.source]} -->|{_quoted(str(c.ports) or '?')}| {names[c.destination]}"


def _quoted(text: str) -> str:
    """Mermaid takes HTML entities inside quotes, and nothing else as an escape."""
    return '"' + html.escape(one_line(text)).replace("&", "#").replace("#amp;", "#38;") + '"'
