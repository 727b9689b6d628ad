"""Which value decides, and where it is set."""

from __future__ import annotations

from typing import Any

import pytest

from netpol_lint.render.helm import decided_by
from netpol_lint.render.jobs import Job
from netpol_lint.source.location import Location, Span
from tests.render.helm.making import CHART, put, tree

TEMPLATE = """
a: {{ .Values.web.port }}
b: {{ $.Values.web.name | quote }}
{{- with .Values.web }}
c: {{ .port }}
{{- range .rules }}
d: {{ . }}
{{- end }}
e: fixed
{{- end }}
{{- range $x := .Values.rules }}
{{- if $x.on }}
f: {{ $x.port }}
{{- end }}
{{- end }}
g: {{ .Values.none }}
h: {{ .Release.Name }}
"""


def decided(line: int, *, path: str = "app/templates/a.yaml", **job: Any) -> list[str]:
    at = Location(path, Span(line, 1, line, 2))
    return [f"{found.path}:{found.span.line}" for found in decided_by(Job("helm", "app", "app", **job), tree(), at)]


def app() -> None:
    values = "web:\n  port: 1\n  name: x\nrules:\n  - a\nstore:\n  size: 1\n"
    put({"Chart.yaml": CHART, "values.yaml": values, "templates/a.yaml": TEMPLATE}, at="app")
    put({"prod.yaml": "web:\n\n  port: 2\n", "more.yaml": "web:\n\n\n  name: y\n"})


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (1, ["app/values.yaml:2"]),
        (2, ["app/values.yaml:3"]),
        (4, ["app/values.yaml:1"]),
        (6, []),
        (8, []),
        (12, ["app/values.yaml:4"]),
        (15, []),
        (16, []),
        (99, []),
    ],
)
def test_the_value_that_a_line_takes_is_found_in_the_chart_s_values(line: int, expected: list[str]) -> None:
    app()
    assert decided(line) == expected


def test_the_last_values_file_that_has_the_key_decides() -> None:
    app()
    found = [decided(line, values=("prod.yaml", "more.yaml")) for line in (1, 2)]
    assert found == [["prod.yaml:3"], ["more.yaml:4"]]


def test_an_inline_value_is_in_none_of_the_files() -> None:
    app()
    assert (decided(1, set_values={"web": {"port": 3}}), decided(2, set_values={"web": {"port": 3}})) == (
        [],
        ["app/values.yaml:3"],
    )


def test_a_subchart_s_value_is_under_its_alias_else_its_own() -> None:
    app()
    dependencies = "dependencies:\n- {name: db, version: 1.0.0, alias: store}\n"
    put({"Chart.yaml": f"{CHART}{dependencies}"}, at="app")
    put(
        {
            "Chart.yaml": "name: db\nversion: 1.0.0\n",
            "values.yaml": "other: 1\nsize: 2\n",
            "templates/a.yaml": "a: {{ .Values.size }}\nb: {{ .Values.other }}\n",
        },
        at="app/charts/db",
    )
    path = "app/charts/db/templates/a.yaml"
    assert (decided(1, path=path), decided(2, path=path)) == (["app/values.yaml:7"], ["app/charts/db/values.yaml:1"])


@pytest.mark.parametrize("path", ["other/templates/a.yaml", "templates/a.yaml", "app/values.yaml", "app/none.yaml"])
def test_only_templates_of_the_chart_take_values(path: str) -> None:
    app()
    put({"other/templates/a.yaml": "a: {{ .Values.web }}\n", "templates/a.yaml": "a: {{ .Values.web }}\n"})
    assert decided(1, path=path) == []


BLOCK = """
spec:
  podSelector:
    matchLabels:
      {{- if .Values.on }}
      app: {{ .Values.app }}
      {{- end }}
      tier: web
  ingress:
    - ports: []
      from: {{ .Values.from }}
"""


@pytest.mark.parametrize(
    ("line", "pointer", "expected"),
    [
        (1, "/spec", []),
        (2, "/spec/podSelector", ["app/values.yaml:2"]),
        (7, "/spec/podSelector/matchLabels/tier", []),
        (8, "/spec/ingress", ["app/values.yaml:3"]),
        (9, "/spec/ingress/0/ports", []),
    ],
)
def test_a_field_of_a_spec_is_decided_by_the_values_in_it(line: int, pointer: str, expected: list[str]) -> None:
    put({"Chart.yaml": CHART, "values.yaml": "on: true\napp: web\nfrom: []\n", "templates/a.yaml": BLOCK}, at="app")
    at = Location("app/templates/a.yaml", Span(line, 1, line, 2), pointer)
    found = decided_by(Job("helm", "app", "app"), tree(), at)
    assert expected == [f"{place.path}:{place.span.line}" for place in found]
