"""Markers tell lines, and change nothing else."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, strategies as st

from netpol_lint.render.helm.markers import bare, marked, places


def lines_marked(text: str) -> list[int]:
    return [number for number, line in enumerate(marked(text, 0).text.split("\n"), start=1) if "#@np:" in line]


@pytest.mark.parametrize(
    "line",
    [
        "key: value",
        "key:",
        "  - item",
        "- key: value  # words",
        '"a key": 1',
        "app.kubernetes.io/name: x",
        "key: {{ .Values.a }}",
        '{{ $key }}: "{{ $value }}"',
        "{{- if .a }}key: value{{ end }}",
        "key: |",
        "{{- toYaml . | nindent 4 }}",
        '{{ include "a" . }}',
        "key: {{ `}}` }}",
        'key: {{ "}}" }}',
        "key: value\r",
    ],
)
def test_a_key_an_item_or_an_action_that_gives_text_is_marked(line: str) -> None:
    assert lines_marked(line) == [1]


@pytest.mark.parametrize(
    "line",
    [
        "",
        "# words: more",
        "---",
        "words",
        "{{- if .a }}",
        "{{- else if .a -}}",
        "{{- end }}",
        "{{- range $i, $x := .a }}",
        '{{- $x := dict "a" 1 }}',
        "{{- $x = 1 }}",
        "{{- /* key: value */ -}}",
        "key: {{ .a -}}",
        "{{ .a",
        "[a: 1]",
    ],
)
def test_anything_else_is_not(line: str) -> None:
    assert lines_marked(line) == []


def test_lines_within_actions_and_block_scalars_are_not_marked() -> None:
    text = """\
a: {{ dict
  "b" 1
}}
b: |
  c: 1
{{- if .x }}
  d: 1
{{- end }}

  - e
f: >-
  g: 1
h: 1
"""
    assert lines_marked(text) == [4, 11, 13]


KEYS = st.from_regex(r"[a-z]{1,8}: [a-z0-9]{0,8}", fullmatch=True)
OTHERS = st.sampled_from(["", "# words", "words"])


@given(st.lists(st.one_of(KEYS, OTHERS), max_size=30))
def test_each_line_of_a_text_without_actions_is_its_own_place(lines: list[str]) -> None:
    text = "\n".join(lines)
    template = marked(text, 0)
    found = places(text, template.text, [template.outputs])
    exact = {index + 1: place.line for index, place in enumerate(found) if place.is_exact}
    assert exact == {index + 1: index + 1 for index, line in enumerate(lines) if re.match(r"[a-z]+: ", line)}


@given(st.text(alphabet="ab:-{}`\"'/*|> \n\r#", max_size=200))
def test_markers_taken_out_leave_the_text(text: str) -> None:
    assert bare(marked(text, 3).text) == bare(text)


def test_what_an_action_gives_is_at_its_line_and_other_lines_at_the_last_before() -> None:
    plain = "a: 1\nb:\n  c: 1\n  d: 1\ne: 2\nf: 3\n"
    other = "a: 1 #@np:0:1;\nb: #@np:0:3;\n  c: 1\n  d: 1 #@np:0:4;\ne: 2\nf: 3 #@np:0:9;\n"
    found = [(place.line, place.is_exact) for place in places(plain, other, [frozenset({4})])]
    assert found == [(1, True), (3, True), (4, False), (4, False), (4, False), (9, True), (1, False)]


@pytest.mark.parametrize(
    ("plain", "other"),
    [
        ("a: 1\n", "b: 1 #@np:0:1;\n"),
        ("a: 1\n", "a: 1 #@np:0:1;\nb: 1\n"),
        ("a: 1\nb: 1\n", "a: 1 #@np:0:1;\n"),
        ("a: 1 #@np:0:1;\n", "a: 1 #@np:0:1;\n"),
        ("- a\n", "- b #@np:0:1;\n"),
    ],
)
def test_a_render_that_went_another_way_tells_nothing(plain: str, other: str) -> None:
    assert places(plain, other, [frozenset()]) == ()


@pytest.mark.parametrize("marker", ["#@np:9:1;", "#@np:0:0;", f"#@np:0:{'9' * 5000};"])
def test_a_marker_that_none_of_ours_is_tells_nothing(marker: str) -> None:
    found = places("a: 1\n", f"a: 1 {marker}\n", [frozenset()])
    assert [place.is_exact for place in found] in ([], [False, False])
