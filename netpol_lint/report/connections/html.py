"""The map as one interactive page without external assets."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from netpol_lint.connectivity.connections import Decision, Ports, Reasons, Row, UnitMap
from netpol_lint.report.connections.parts.shape import ports_shape
from netpol_lint.report.escaping import json_text, visible

_PAGE: Final = Path(__file__).parent / "parts" / "page"


def render(maps: Iterable[UnitMap]) -> Iterator[str]:
    """A self-contained page; its policy lets it load nothing, and run and look like nothing but what is in it."""
    page, script, style = ((_PAGE / name).read_text(encoding="utf-8") for name in ("page.html", "page.js", "page.css"))
    # "<" is the only character that can end a script element early.
    data = json_text(_Data().of(maps)).replace("<", "\\u003c")
    for mark, text in (
        ("@SCRIPT_HASH@", _hash(script)),
        ("@STYLE_HASH@", _hash(style)),
        ("@STYLE@", style),
        ("@DATA@", data),
        ("@SCRIPT@", script),
    ):
        before, _, page = page.partition(mark)
        yield before
        yield text
    yield page


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(sha256(text.encode()).digest()).decode()


class _Data:
    """What the script of the page reads: groups of endpoints; sets of groups, lists of ports and rules, each once."""

    def __init__(self) -> None:
        self._ports: dict[Ports, int] = {}
        self._rules: dict[Decision, int] = {}
        self._doubts: dict[str, int] = {}

    def of(self, maps: Iterable[UnitMap]) -> dict[str, Any]:
        units = [self._unit(one) for one in maps]
        return {
            "units": units,
            "ports": [ports_shape(ports) for ports in self._ports],
            "rules": [_rule(decision) for decision in self._rules],
            "doubts": [visible(doubt) for doubt in self._doubts],
        }

    def _unit(self, one: UnitMap) -> dict[str, Any]:
        table = one.table
        sets: dict[int, int] = {}
        rows: dict[Row, int] = {}
        return {
            "unit": visible(one.unit),
            "count": table.count,
            "endpoints": [[visible(e.id), e.kind, visible(e.namespace), visible(e.name)] for e in table.endpoints],
            "groups": table.groups,
            "row": [_number(rows, row) for row in table.rows],
            "rows": [
                [[_number(sets, f.to), _number(self._ports, f.ports), _number(self._ports, f.unknown)] for f in row]
                for row in rows
            ],
            "sets": [_runs(to) for to in sets],
            "why": {f"{source} {to}": self._why(reasons) for (source, to), reasons in one.reasons.items()},
        }

    def _why(self, reasons: Reasons) -> list[list[int]]:
        return [
            [_number(self._rules, decision) for decision in reasons.egress],
            [_number(self._rules, decision) for decision in reasons.ingress],
            [_number(self._doubts, doubt) for doubt in reasons.doubts],
        ]


def _number(known: dict[Any, int], value: object) -> int:
    return known.setdefault(value, len(known))


def _runs(groups: int) -> list[int]:
    """A set as the first member and the length of each run of consecutive ones."""
    runs: list[int] = []
    at = 0
    while groups:
        skipped = (groups & -groups).bit_length() - 1
        groups >>= skipped
        length = (~groups & (groups + 1)).bit_length() - 1
        groups >>= length
        runs += (at + skipped, length)
        at += skipped + length
    return runs


def _rule(decision: Decision) -> list[str]:
    policy, tier, action, rule, at = (
        decision.policy,
        decision.tier,
        decision.action,
        decision.rule,
        f"{decision.at.path}:{decision.at.span.line}:{decision.at.span.column}",
    )
    return [visible(text) for text in (policy, tier, action, rule, at)]
