"""Which document a finding points into, among many of one file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from netpol_lint.config import Settings
from netpol_lint.engine.trees import Trees
from netpol_lint.source.location import Location, Span
from netpol_lint.source.tree import Node, plain_data

if TYPE_CHECKING:
    import pytest

POLICY = """apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: p{number}, namespace: shop}}
spec:
  podSelector: {{}}
  ingress: [{{ports: [{{port: {number}}}]}}]
---
"""
IN_ONE_LINE = '{{"kind": "NetworkPolicy", "apiVersion": "networking.k8s.io/v1", "spec": {{"ingress": [{number}]}}}}'


def _trees(text: str) -> Trees:
    return Trees(lambda path: text.encode(), Settings())


def _stable(trees: Trees, line: int, column: int) -> str:
    return trees(Location("a.yaml", Span(line, column, line, column + 1))).stable("/spec/ingress/0")


def test_each_policy_of_a_file_is_found_by_its_lines() -> None:
    together = _trees("".join(POLICY.format(number=number) for number in range(1, 5)))
    alone = [_stable(_trees(POLICY.format(number=number)), 6, 3) for number in range(1, 5)]
    assert [_stable(together, 6 + 7 * number, 3) for number in range(4)] == alone


def test_items_of_a_list_on_one_line_are_told_apart_by_their_columns() -> None:
    items = [IN_ONE_LINE.format(number=number) for number in range(3)]
    start = '{"kind": "List", "apiVersion": "v1", "items": ['
    together = _trees(start + ",".join(items) + "]}")
    columns = [len(start) + 1 + number * (len(items[0]) + 1) for number in range(3)]
    assert [_stable(together, 1, column) for column in columns] == [_stable(_trees(item), 1, 1) for item in items]


def test_a_place_after_the_last_document_is_in_none() -> None:
    assert _stable(_trees(POLICY.format(number=1)), 30, 1) == "/spec/ingress/0"


def test_a_document_becomes_plain_data_once_however_many_findings_point_into_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    calls: list[Node] = []

    def counted(node: Node) -> Any:
        calls.append(node)
        return plain_data(node)

    monkeypatch.setattr("netpol_lint.engine.trees.plain_data", counted)
    trees = _trees("".join(POLICY.format(number=number) for number in range(1, 5)))
    for _ in range(9):
        _stable(trees, 6, 3)
    assert len(calls) == 1
