"""The map in its formats: exact where programs read it, short where people do, inert whatever the names are."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given, settings

from netpol_lint.connectivity.choosing import Choice
from netpol_lint.connectivity.connections import ALL_PORTS, NO_PORTS, Endpoint, Flow, Table, UnitMap
from netpol_lint.report import connections
from netpol_lint.report.connections.parts.words import paragraphs, ports_in_words
from netpol_lint.report.escaping import visible
from netpol_lint.resources.policy import Direction
from tests.connectivity.making import cluster
from tests.connectivity.test_mapping import DATA, JOB, SHOP, WEB, WEB_ONLY, one_map
from tests.report.connecting import ANYWHERE, DNS, HTTP, any_map, hostile_map, pod, schema_errors, shown, table

_SHOP = one_map(cluster(namespaces=SHOP, pods=(WEB, DATA, JOB), policies=(WEB_ONLY,)))
_NODE = re.compile(r'u\d+n\d+ \[label="(?:[^"\\]|\\.)*"(, shape=ellipse)?\];')
_EDGE = re.compile(r'u\d+n\d+ -> u\d+n\d+ \[label="(?:[^"\\]|\\.)*"(, style=dashed)?\];')
_CLUSTER = re.compile(
    r'subgraph cluster_\d+(_\d+)? \{|label="(?:[^"\\]|\\.)*";|\}|digraph connections \{|(rankdir=LR|newrank=true);'
)
_LOOKS = re.compile(
    r'fontname="sans-serif";|node \[shape=box, fontname="sans-serif"\];|edge \[fontname="sans-serif"\];'
)
_LABEL = r'"(?:[\w ./:,=()+*?-]|#\d+;|<br>)*"'
_MERMAID = re.compile(
    rf"flowchart LR|end|subgraph u\d+(s\d+)?\[{_LABEL}\]|u\d+n\d+(\[{_LABEL}\]|\(\[{_LABEL}\]\))"
    rf"|u\d+n\d+ (-->|-\.->)\|{_LABEL}\| u\d+n\d+"
)


def test_there_are_these_formats() -> None:
    assert ("csv", "dot", "html", "json", "md", "mermaid", "text") == connections.formats()


# -- for people ---------------------------------------------------------------------------------------------


def test_a_small_map_is_a_matrix() -> None:
    expected = """\
unit .: 3 workloads and 1 class of addresses, 10 connections allowed

from / to              1    2    3    4
  1  shop/Pod/data     -  all  all  all
  2  shop/Pod/web   5432    -  all  all
  3  tools/Pod/job     .  all    -  all
  4  0.0.0.0/0         .  all  all    -

.  nothing
"""
    assert expected == shown("text", _SHOP)


def test_a_matrix_shows_ports_and_what_is_unknown() -> None:
    made = UnitMap(".", table((pod("a"), pod("b")), {(0, 1): (HTTP, DNS), (1, 0): (NO_PORTS, ALL_PORTS)}))
    expected = """\
unit .: 2 workloads, 2 connections allowed

from / to           1              2
  1  shop/Pod/a     -  80,53,UDP/53?
  2  shop/Pod/b  all?              -

.  nothing
What is unknown is left open by Kubernetes or the manifests; netpol-lint explain says why.
"""
    assert expected == shown("text", made)


def test_a_wide_matrix_has_letters_for_ports() -> None:
    endpoints = tuple(pod(f"workload-{number}") for number in range(20))
    opened = {(place, place + 1): (HTTP if place % 2 else DNS) for place in range(19)} | {(0, 2): ALL_PORTS}
    text = shown("text", UnitMap(".", table(endpoints, opened)))
    assert (["*  all", "a  TCP/53, UDP/53", "b  TCP/80"], True) == (
        sorted(text.splitlines()[-3:]),
        max(map(len, text.splitlines())) <= 100,
    )


def test_a_large_map_is_a_list_that_says_equal_things_once() -> None:
    made = one_map(cluster(pods=[{**WEB, "name": f"web-{number}"} for number in range(30)] + [JOB]))
    expected = """\
unit .: 31 workloads and 1 class of addresses, 992 connections allowed

every workload
  -> every workload: all
  -> 0.0.0.0/0: all

0.0.0.0/0
  -> every workload: all
"""
    assert expected == shown("text", made)


def test_a_part_of_a_map_is_a_list_because_an_empty_cell_would_mean_that_nothing_is_allowed() -> None:
    made = one_map(
        cluster(namespaces=SHOP, pods=(WEB, DATA, JOB), policies=(WEB_ONLY,)),
        Choice(focus=("data",), directions=frozenset((Direction.INGRESS,))),
    )
    expected = """\
unit .: 2 workloads, 1 connection allowed

shop/Pod/web
  -> shop/Pod/data: TCP/5432
"""
    assert expected == shown("text", made)


def test_a_unit_without_connections_says_so() -> None:
    assert "unit .: 1 workload, 0 connections allowed\n" == shown("text", UnitMap(".", table((pod("a"),), {})))


def _expanded(made: Table) -> dict[tuple[str, str], set[tuple[Any, Any]]]:
    """What the paragraphs say, pair by pair."""

    def ids(words: tuple[str, ...]) -> set[str]:
        found: set[str] = set()
        for text in words:
            workloads = [e for e in made.endpoints if not e.is_outside and e.kind != "FuturePod"]
            if text == "every workload":
                found.update(e.id for e in workloads)
            elif text.startswith("every workload of "):
                found.update(e.id for e in workloads if e.namespace == text.removeprefix("every workload of "))
            elif text == "every address":
                found.update(e.id for e in made.endpoints if e.is_outside)
            else:
                found.add(text)
        return found

    pairs: dict[tuple[str, str], set[tuple[Any, Any]]] = {}
    for sources, flows in paragraphs(made):
        for flow in flows:
            for source in ids(sources):
                for destination in ids(flow.destinations) - {source}:
                    pairs.setdefault((source, destination), set()).add((flow.ports, flow.unknown))
    return pairs


@given(any_map())
def test_sets_in_words_mean_the_connections_and_no_others(made: UnitMap) -> None:
    expected = {(c.source.id, c.destination.id): {(c.ports, c.unknown)} for c in made.table.connections()}
    assert expected == _expanded(made.table)


@pytest.mark.parametrize(
    ("words", "ports", "unknown"),
    [
        ("all", ALL_PORTS, NO_PORTS),
        ("TCP/53, UDP/53", DNS, NO_PORTS),
        ("TCP/80; unknown: TCP/53, UDP/53", HTTP, DNS),
        ("unknown: all", NO_PORTS, ALL_PORTS),
    ],
)
def test_ports_in_words(words: str, ports: Any, unknown: Any) -> None:
    assert words == ports_in_words(ports, unknown)


def test_markdown_has_one_table_per_unit() -> None:
    made = UnitMap("a|b", table((pod("a"), pod("b"), ANYWHERE), {(0, 1): HTTP, (2, 0): ALL_PORTS}))
    expected = r"""## Connections in unit a\|b

2 workloads and 1 class of addresses, 2 connections allowed.

| from | to | ports |
| --- | --- | --- |
| shop/Pod/a | shop/Pod/b | TCP/80 |
| 0.0.0.0/0 | shop/Pod/a | all |
"""
    assert expected == shown("md", made)


# -- for programs -------------------------------------------------------------------------------------------


@given(any_map())
def test_json_has_every_connection_and_fits_the_schema(made: UnitMap) -> None:
    text = shown("json", made)
    (unit,) = json.loads(text)["units"]
    pairs = [(c.source.id, c.destination.id, bool(c.unknown)) for c in made.table.connections()]
    assert ([], pairs, [e.id for e in made.table.endpoints]) == (
        schema_errors("map", text),
        [(c["from"], c["to"], "unknown" in c) for c in unit["connections"]],
        [e["id"] for e in unit["endpoints"]],
    )


def test_json_is_as_documented() -> None:
    made = UnitMap(".", table((pod("a"), ANYWHERE), {(0, 1): ALL_PORTS, (1, 0): (HTTP, DNS)}))
    tcp, udp = ({"protocol": protocol, "from": 53, "to": 53} for protocol in ("TCP", "UDP"))
    http = {"protocol": "TCP", "from": 80, "to": 80}
    expected = {
        "version": 1,
        "units": [
            {
                "unit": ".",
                "endpoints": [
                    {"id": "shop/Pod/a", "kind": "Pod", "namespace": "shop", "name": "a"},
                    {"id": "0.0.0.0/0", "kind": "CIDR", "blocks": ["0.0.0.0/0"]},
                ],
                "connections": [
                    {"from": "shop/Pod/a", "to": "0.0.0.0/0", "ports": "all"},
                    {"from": "0.0.0.0/0", "to": "shop/Pod/a", "ports": [http], "unknown": [tcp, udp]},
                ],
            }
        ],
    }
    assert expected == json.loads(shown("json", made))


def test_json_without_units_is_json() -> None:
    assert {"version": 1, "units": []} == json.loads(shown("json"))


@pytest.mark.parametrize("form", connections.formats())
def test_the_order_of_manifests_changes_no_byte(form: str) -> None:
    one, other = (
        one_map(cluster(namespaces=SHOP, pods=pods, policies=(WEB_ONLY,)))
        for pods in ((WEB, DATA, JOB), (JOB, DATA, WEB))
    )
    assert shown(form, one) == shown(form, other)


def test_csv_has_a_row_per_connection() -> None:
    made = UnitMap(".", table((pod("a"), pod("b")), {(0, 1): (HTTP, DNS)}))
    expected = [
        ["unit", "from", "to", "ports", "unknown"],
        [".", "shop/Pod/a", "shop/Pod/b", "TCP/80", "TCP/53, UDP/53"],
    ]
    assert expected == list(csv.reader(io.StringIO(shown("csv", made))))


@given(hostile_map())
def test_no_cell_is_a_formula(made: UnitMap) -> None:
    rows = list(csv.reader(io.StringIO(shown("csv", made))))
    assert ({5}, []) == (
        {len(row) for row in rows},
        [c for row in rows for c in row if c.startswith(("=", "+", "-", "@"))],
    )


# -- drawings -----------------------------------------------------------------------------------------------


@given(hostile_map())
def test_each_line_for_graphviz_is_a_node_an_edge_or_a_frame(made: UnitMap) -> None:
    lines = [line.strip() for line in shown("dot", made).split("\n") if line]
    wrong = [one for one in lines if not any(p.fullmatch(one) for p in (_NODE, _EDGE, _CLUSTER, _LOOKS))]
    assert [] == wrong


@given(hostile_map())
def test_each_line_for_mermaid_is_a_node_an_arrow_or_a_frame(made: UnitMap) -> None:
    lines = [line.strip() for line in shown("mermaid", made).split("\n") if line]
    assert [] == [line for line in lines if not _MERMAID.fullmatch(line)]


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("dot"), reason="Graphviz is not installed")
@settings(max_examples=20)
@given(hostile_map())
def test_graphviz_reads_the_drawing(made: UnitMap) -> None:
    done = subprocess.run(["dot", "-Tcanon"], input=shown("dot", made).encode(), capture_output=True, check=False)
    assert (0, b"") == (done.returncode, done.stderr)


def test_endpoints_treated_alike_are_one_node() -> None:
    made = one_map(cluster(pods=[{**WEB, "name": f"web-{number}"} for number in range(20)]))
    lines = shown("mermaid", made).splitlines()
    assert (2, 3) == (sum("([" in line or '["Pod' in line for line in lines), sum("-->" in line for line in lines))


# -- the page -----------------------------------------------------------------------------------------------


class _Page(HTMLParser):
    """The elements of a page and what they load."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.loads: list[str] = []
        self.data = ""
        self._in_data = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self._in_data = ("id", "data") in attrs
        self.loads += [value or "" for name, value in attrs if name in ("src", "href", "action", "srcset", "data")]

    def handle_data(self, data: str) -> None:
        if self._in_data:
            self.data += data

    def handle_endtag(self, tag: str) -> None:
        self._in_data = False


_PLAIN = _Page(shown("html", _SHOP))


@given(hostile_map())
def test_names_make_no_elements_in_the_page(made: UnitMap) -> None:
    assert (_PLAIN.tags, []) == ((page := _Page(shown("html", made))).tags, page.loads)


@given(hostile_map())
def test_the_page_has_the_names_as_text(made: UnitMap) -> None:
    data = json.loads(_Page(shown("html", made)).data)
    assert [visible(e.id) for e in made.table.endpoints] == [one[0] for one in data["units"][0]["endpoints"]]


def test_the_page_loads_nothing_and_runs_nothing_else() -> None:
    text = shown("html", _SHOP)
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', text)
    sha = r"'sha256-[A-Za-z0-9+/=]+'"
    expected = rf"default-src 'none'; script-src {sha}; style-src {sha}; base-uri 'none'; form-action 'none'"
    assert (True, [], []) == (bool(re.fullmatch(expected, policy)), _PLAIN.loads, re.findall(r"@[A-Z_]+@", text))


def test_rules_stand_once_however_many_connections_they_decide() -> None:
    pods = [{**WEB, "name": f"web-{number}", "labels": {"app": "web", "n": str(number)}} for number in range(5)]
    made = one_map_with_reasons(pods)
    data = json.loads(_Page(shown("html", made)).data)
    assert [["shop/data", "NetworkPolicy", "allow", "spec.ingress[0]"]] == [rule[:4] for rule in data["rules"]]


def one_map_with_reasons(pods: list[dict[str, Any]]) -> UnitMap:
    return one_map(cluster(namespaces=SHOP, pods=[*pods, DATA], policies=(WEB_ONLY,)), Choice(reasons=True))


def test_a_page_is_small_where_all_are_alike() -> None:
    endpoints = tuple(pod(f"workload-{number:05}") for number in range(5000))
    alike = Table(endpoints, (tuple(range(5000)),), ((Flow(1, ALL_PORTS),),))
    assert len(shown("html", UnitMap(".", alike))) < 600_000


def test_a_class_of_addresses_shows_its_blocks() -> None:
    blocks = ("0.0.0.0/5", "8.0.0.0/7")
    made = UnitMap(".", table((pod("a"), Endpoint("0.0.0.0/5 + 8.0.0.0/7", "CIDR", blocks=blocks)), {}))
    assert list(blocks) == json.loads(shown("json", made))["units"][0]["endpoints"][1]["blocks"]
