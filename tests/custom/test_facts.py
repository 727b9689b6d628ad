"""The documented facts are those that there are, with the types that are documented."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from netpol_lint import custom
from netpol_lint.config import Settings
from netpol_lint.custom import child, evaluating, expressions
from netpol_lint.custom.facts import KINDS, Fact, facts_of
from netpol_lint.engine import from_texts
from netpol_lint.engine.judging import cluster_of

_DOCS = Path(__file__).parents[2] / "docs" / "custom-rules.md"
_ROW = re.compile(r"^\| (?P<facts>`[^|]*) \| (?P<type>[^|]*) \|", re.MULTILINE)
_MAPS = frozenset(("labels", "annotations", "podSelector", "selectors"))
"""What has keys of the user's."""
_SHAPES = {"pods": "pod", "selects": "pod", "workloads": "pod"}
_NESTED = {"rule.peers": "peer", "rule.ports": "port"}
_EVERYTHING = b"""apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, ports: [{port: 80}]}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec: {containers: [{name: web, image: web, ports: [{containerPort: 80}]}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec: {podSelector: {}, ingress: [{from: [{podSelector: {}}], ports: [{port: 80}]}]}
"""
_OF_ANOTHER_DIALECT = b"""---
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: web, namespace: shop}
spec: {endpointSelector: {}, ingress: [{}]}
"""


def _facts(text: bytes, kind: str) -> tuple[Fact, ...]:
    return facts_of(cluster_of(from_texts({"a.yaml": text}, Settings()).units[0], Settings()), kind)


def _documented() -> dict[str, str]:
    table = _DOCS.read_text(encoding="utf-8").partition("\n## Facts\n")[2].partition("\n### ")[0]
    return {name: row["type"] for row in _ROW.finditer(table) for name in re.findall(r"`([^`]+)`", row["facts"])}


def _flat(path: str, value: Any) -> Iterator[tuple[str, str]]:
    """The facts below a path with their types."""
    key = path.rpartition(".")[2]
    match value:
        case dict() if key in _MAPS:
            yield path, "map"
        case dict():
            for name, item in value.items():
                yield from _flat(f"{path}.{name}", item)
        case list() if key in _SHAPES or path in _NESTED:
            shape = _SHAPES.get(key) or _NESTED[path]
            yield path, f"list of {shape}"
            yield from _flat(shape, value[0])
        case list() if value and isinstance(value[0], dict):
            yield from _flat(f"{path}[]", value[0])
        case list():
            yield path, "list of string"
        case bool() | int() | str():
            yield path, {bool: "bool", int: "int", str: "string"}[type(value)]
        case _:
            raise AssertionError(f"{path} is {value!r}, which no type of the table is")


def test_the_documented_facts_are_those_that_there_are() -> None:
    """`isolated` and `defaultDeny` are the ones that a policy of another dialect makes unknown."""
    there = {name: kind for what in KINDS for fact in _facts(_EVERYTHING, what) for name, kind in _flat_variables(fact)}
    open_facts = {
        name
        for what in ("workload", "namespace")
        for fact in _facts(_EVERYTHING.rpartition(b"---")[0] + _OF_ANOTHER_DIALECT, what)
        for name, kind in _flat_variables(fact)
        if there[name] == "bool" and kind != "bool"
    }
    assert there | dict.fromkeys(open_facts, "bool or unknown") == _documented()


def _flat_variables(fact: Fact) -> Iterator[tuple[str, str]]:
    for name, value in fact.variables.items():
        yield from _flat(name, value)


def test_the_documented_variables_are_those_that_there_are() -> None:
    there = {what: tuple(_facts(_EVERYTHING, what)[0].variables) for what in KINDS}
    expected = {
        "workload": ("workload",),
        "policy": ("policy",),
        "rule": ("policy", "rule"),
        "peer": ("policy", "rule", "peer"),
        "port": ("policy", "rule", "port"),
        "namespace": ("ns",),
        "service": ("service",),
        "unit": ("unit",),
    }
    assert expected == there


def test_the_documented_bounds_are_those_that_hold() -> None:
    table = _DOCS.read_text(encoding="utf-8").partition("\n| Bound | |\n")[2].partition("\n\n")[0]
    bounds = dict(row.strip("| ").split(" | ") for row in table.split("\n")[1:])
    assert {
        "Length of `when`": f"{expressions.LONGEST:,} characters",
        "Brackets within each other": str(expressions.DEEPEST),
        "`all`, `exists`, `exists_one`, `filter` and `map` within each other": str(expressions.MOST_MACROS),
        "Facts about one unit": f"{evaluating.MOST_DATA >> 20} MiB",
        "Time for one rule and one unit": f"{evaluating.MOST_SECONDS:g} seconds",
        "Memory of the child process": f"{child.MOST_MEMORY >> 20:,} MiB",
        "Pages": f"{custom.MOST_PAGES}, of {custom.LARGEST_PAGE:,} bytes each",
    } == bounds


def test_the_documented_example_is_a_rule(tmp_path: Path) -> None:
    text = _DOCS.read_text(encoding="utf-8").partition("```markdown\n")[2].partition("...\n```")[0]
    (tmp_path / "a.md").write_text(text, encoding="utf-8")
    definition = custom.definition_of(tmp_path / "a.md")
    assert ("policy", "!('owner' in policy.labels)") == (definition.what, definition.when.text)
