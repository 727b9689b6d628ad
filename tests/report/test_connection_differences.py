"""Differences in their formats: the most dangerous first, exact for programs, cut to a comment's length for people."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings, strategies as st

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.connectivity.connections import ALL_PORTS, Table, UnitMap
from netpol_lint.connectivity.differences import UnitDifference, difference
from netpol_lint.connectivity.network import Network
from netpol_lint.report import differences
from tests.connectivity.drawing import clusters
from tests.report.connecting import ANYWHERE, DNS, HTTP, hostile_map, pod, schema_errors, table

_ENDS = (pod("a"), pod("b"), pod("c", "tools"), ANYWHERE)
_NOTHING = table(_ENDS, {})


def shown(form: str, *units: UnitDifference) -> str:
    return "".join(differences.render(form, units))


def changed(opened: Table = _NOTHING, closed: Table = _NOTHING, in_doubt: Table = _NOTHING) -> UnitDifference:
    return UnitDifference(".", (), (), opened, closed, in_doubt, _NOTHING)


_SAMPLE = replace(
    changed(
        table(_ENDS, {(0, 1): HTTP, (2, 0): DNS, (1, 3): HTTP, (3, 0): ALL_PORTS}),
        table(_ENDS, {(0, 2): HTTP}),
        table(_ENDS, {(2, 1): HTTP}),
    ),
    added=(pod("a"),),
    removed=(pod("b"),),
)


def test_there_are_these_formats() -> None:
    assert ("json", "md", "text") == differences.formats()


def test_text_begins_with_what_is_reachable_from_outside() -> None:
    expected = """\
unit .: 4 connections opened, 1 closed, 1 unknown now; 1 workload added, 1 workload removed

newly reachable from outside:
  + 0.0.0.0/0 -> shop/Pod/a: all

opened to addresses outside:
  + shop/Pod/b -> 0.0.0.0/0: TCP/80

opened across namespaces:
  + tools/Pod/c -> shop/Pod/a: TCP/53, UDP/53

opened inside a namespace:
  + shop/Pod/a -> shop/Pod/b: TCP/80

unknown now across namespaces:
  ? tools/Pod/c -> shop/Pod/b: TCP/80

closed across namespaces:
  - shop/Pod/a -> tools/Pod/c: TCP/80

added:
  + shop/Pod/a

removed:
  - shop/Pod/b
"""
    assert expected == shown("text", _SAMPLE)


def test_markdown_is_a_comment_that_a_bot_finds_again() -> None:
    expected = """\
<!-- netpol-lint diff -->
## Connections that the policies allow

1 connection opened, 0 closed.

**Newly reachable from outside**

| from | to | ports |
| --- | --- | --- |
| 0.0.0.0/0 | shop/Pod/a | all |
"""
    assert expected == shown("md", changed(table(_ENDS, {(3, 0): ALL_PORTS})))


def test_json_is_as_documented_and_by_risk() -> None:
    def change(source: str, to: str, *ports: tuple[str, int]) -> dict[str, object]:
        spans = [{"protocol": protocol, "from": port, "to": port} for protocol, port in ports]
        return {"unit": ".", "from": source, "to": to, "ports": spans or "all"}

    expected = {
        "version": 1,
        "opened": [
            change("0.0.0.0/0", "shop/Pod/a"),
            change("shop/Pod/b", "0.0.0.0/0", ("TCP", 80)),
            change("tools/Pod/c", "shop/Pod/a", ("TCP", 53), ("UDP", 53)),
            change("shop/Pod/a", "shop/Pod/b", ("TCP", 80)),
        ],
        "closed": [change("shop/Pod/a", "tools/Pod/c", ("TCP", 80))],
        "unknown": [change("tools/Pod/c", "shop/Pod/b", ("TCP", 80))],
        "added_endpoints": [{"unit": ".", "id": "shop/Pod/a", "kind": "Pod", "namespace": "shop", "name": "a"}],
        "removed_endpoints": [{"unit": ".", "id": "shop/Pod/b", "kind": "Pod", "namespace": "shop", "name": "b"}],
    }
    assert expected == json.loads(shown("json", _SAMPLE))


def test_json_without_changes_has_just_the_documented_members() -> None:
    expected = {"version": 1, "opened": [], "closed": [], "added_endpoints": [], "removed_endpoints": []}
    assert expected == json.loads(shown("json", changed()))


def test_json_sorts_by_risk_across_units() -> None:
    inside, outside = (changed(table(_ENDS, {pair: HTTP})) for pair in ((0, 1), (3, 0)))
    found = json.loads(shown("json", replace(inside, unit="a"), replace(outside, unit="b")))
    assert ["b", "a"] == [change["unit"] for change in found["opened"]]


@settings(max_examples=50)
@given(clusters(), clusters(), st.booleans(), st.booleans())
def test_json_fits_the_schema(one: Cluster, other: Cluster, is_new: bool, is_gone: bool) -> None:
    found = replace(difference("x", Network.of(one), Network.of(other)), is_new=is_new, is_gone=is_gone)
    assert [] == schema_errors("diff", shown("json", found))


@pytest.mark.parametrize(("form", "said"), [("text", "no connection changes\n"), ("md", "\nNothing changes.\n")])
def test_no_change_is_said(form: str, said: str) -> None:
    assert shown(form, changed()).endswith(said)


def test_units_that_come_and_go_are_said_to() -> None:
    units = replace(changed(), unit="dev", is_new=True), replace(changed(), unit="prod", is_gone=True)
    firsts = [line for line in shown("text", *units).splitlines() if line.startswith("unit")]
    expected = ["unit dev (new): 0 connections opened, 0 closed", "unit prod (gone): 0 connections opened, 0 closed"]
    assert (expected, ["dev"], ["prod"]) == (
        firsts,
        json.loads(shown("json", *units))["added_units"],
        json.loads(shown("json", *units))["removed_units"],
    )


@pytest.mark.parametrize(("form", "most"), [("text", 200), ("md", 50)])
def test_long_sections_end_with_how_much_more_there_is(form: str, most: int) -> None:
    ends = tuple(pod(f"pod-{number:03}", f"namespace-{number}") for number in range(301))
    found = shown(form, changed(table(ends, {(0, number): HTTP for number in range(1, 301)})))
    assert (most, True) == (found.count("namespace-0/"), "and more, 300 connections in all" in found)


def test_a_comment_is_never_longer_than_github_takes() -> None:
    ends = tuple(pod("p" * 200 + str(number), f"n{number}") for number in range(120))
    unit = changed(table(ends, {(0, number): HTTP for number in range(1, 120)}))
    found = shown("md", *(replace(unit, unit=f"unit-{number}") for number in range(9)))
    assert (True, True) == (len(found) < 65_536, "more than fits" in found)


@given(hostile_map())
def test_names_make_no_markdown_and_no_lines(made: UnitMap) -> None:
    hostile = made.table
    unit = UnitDifference("x", hostile.endpoints[:1], (), hostile, hostile, hostile, hostile)
    rows = [line for line in shown("md", unit).split("\n") if line.startswith("|")]
    cells = {len(re.findall(r"(?<!\\)\|", row.replace("\\\\", ""))) for row in rows}
    unprintable = [line for line in shown("text", unit).split("\n") if not line.isprintable()]
    assert ({4}, []) == (cells, unprintable)


def test_a_port_that_is_not_certain_any_more_is_closed_and_unknown() -> None:
    made = changed(closed=table(_ENDS, {(0, 1): HTTP}), in_doubt=table(_ENDS, {(0, 1): HTTP}))
    lines = [line.strip() for line in shown("text", made).splitlines() if "->" in line]
    assert ["? shop/Pod/a -> shop/Pod/b: TCP/80", "- shop/Pod/a -> shop/Pod/b: TCP/80"] == lines


def test_nothing_is_a_difference_of_nothing() -> None:
    assert (False, True) == (bool(changed()), bool(changed(table(_ENDS, {(0, 1): HTTP}))))
