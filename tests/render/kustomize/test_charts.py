"""Charts that kustomizations take in: rendered by Helm, then changed as any other object."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from netpol_lint.config import Settings
from netpol_lint.engine.inputs import from_paths
from netpol_lint.render.files import Tree
from netpol_lint.render.jobs import Job, Rendered
from netpol_lint.render.kustomize import build
from netpol_lint.source.documents import Document
from netpol_lint.source.tree import plain_data
from tests.render.helm.making import needs
from tests.render.kustomize import trees

_CHART = """--- # file: app/charts/web/Chart.yaml
apiVersion: v2
name: web
version: 1.0.0
--- # file: app/charts/web/values.yaml
name: chart
own: true
deep: {a: 1, b: 1}
--- # file: app/charts/web/templates/web.yaml
apiVersion: v1
kind: Pod
metadata:
  name: {{ .Release.Name }}
  labels:
    app: web
    values: {{ toJson .Values | quote }}
spec: {containers: [{name: app, image: example.com/web}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
  namespace: {{ .Release.Namespace }}
spec:
  podSelector: {matchLabels: {app: web}}
--- # file: app/charts/web/templates/hook.yaml
apiVersion: v1
kind: ConfigMap
metadata: {name: hook, annotations: {helm.sh/hook: pre-install}}
--- # file: app/charts/web/crds/crd.yaml
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: things.example.com}
--- # file: app/own.yaml
name: file
deep: {a: 2}
--- # file: app/more.yaml
name: more
"""


@pytest.fixture
def _renderer() -> None:
    needs("auto")


pytestmark = pytest.mark.usefixtures("_renderer")


def _built(kustomization: str, tmp_path: Path, root: str = "app", **more: Any) -> Rendered:
    tree = trees.written(f"{_CHART}--- # file: app/kustomization.yaml\n{kustomization}", tmp_path)
    return build(Job("kustomize", root, root), Tree([(".", str(tree))]), **more)


def _names(rendered: Rendered) -> list[str]:
    found = []
    for one in rendered.documents:
        assert isinstance(one, Document)
        metadata: Any = plain_data(one.root)["metadata"]
        found.append(f"{one.kind} {metadata.get('namespace', '-')}/{metadata['name']}")
    return sorted(found)


def _values(kustomization: str, tmp_path: Path) -> Any:
    pod = trees.the(_built(kustomization, tmp_path), "Pod")
    return json.loads(trees.at(pod, "metadata/labels/values").text)


def test_a_chart_is_rendered_and_then_changed(tmp_path: Path) -> None:
    rendered = _built(
        "namePrefix: my-\nlabels: [{pairs: {team: a}, includeSelectors: true}]\n"
        "helmCharts: [{name: web, releaseName: shop, namespace: prod}]\n",
        tmp_path,
    )
    assert ["ConfigMap -/my-hook", "NetworkPolicy prod/my-web", "Pod -/my-shop"] == _names(rendered)
    selected = trees.at(trees.the(rendered, "NetworkPolicy"), "spec/podSelector/matchLabels")
    assert {"app": "web", "team": "a"} == plain_data(selected)
    assert (rendered.problems, rendered.closed) == ((), True)
    assert {"app/charts/web/templates/web.yaml", "app/kustomization.yaml"} <= rendered.used


def test_what_comes_of_it_stands_at_the_lines_of_the_template(tmp_path: Path) -> None:
    policy = trees.the(_built("helmCharts: [{name: web}]\n", tmp_path), "NetworkPolicy")
    template = "app/charts/web/templates/web.yaml"
    assert (template, 16, 3) == trees.place(trees.at(policy, "spec/podSelector").location)
    assert (template, 14) == trees.place(trees.at(policy, "metadata/namespace").location)[:2]


def test_a_patch_may_change_what_a_chart_gives(tmp_path: Path) -> None:
    patch = "[{op: replace, path: /spec/podSelector, value: {}}]"
    rendered = _built(
        f"helmCharts: [{{name: web}}]\npatches: [{{target: {{kind: NetworkPolicy}}, patch: '{patch}'}}]\n", tmp_path
    )
    assert {} == plain_data(trees.at(trees.the(rendered, "NetworkPolicy"), "spec/podSelector"))


@pytest.mark.parametrize(
    ("kustomization", "expected"),
    [
        ("helmCharts: [{name: web}]", ["NetworkPolicy default/web", "Pod -/release-name"]),
        ("namespace: k\nhelmCharts: [{name: web}]", ["NetworkPolicy k/web", "Pod k/release-name"]),
        ("namespace: k\nhelmCharts: [{name: web, namespace: c}]", ["NetworkPolicy c/web", "Pod k/release-name"]),
        ("helmCharts: [{name: web, nameTemplate: literal}]", ["NetworkPolicy default/web", "Pod -/literal"]),
        (
            "helmChartInflationGenerator: [{chartName: web, releaseName: old, releaseNamespace: x}]",
            ["NetworkPolicy default/web", "Pod -/old"],
        ),
    ],
)
def test_helm_is_told_the_release_and_its_namespace(kustomization: str, expected: list[str], tmp_path: Path) -> None:
    assert ["ConfigMap", *expected] == [
        name.split(" ")[0] if "hook" in name else name for name in _names(_built(kustomization, tmp_path))
    ]


def test_an_overlay_s_namespace_is_that_of_the_charts_below_it(tmp_path: Path) -> None:
    trees.written("--- # file: over/kustomization.yaml\nnamespace: o\nresources: [../app]\n", tmp_path)
    rendered = _built("helmCharts: [{name: web}]\n", tmp_path, "over")
    assert ["ConfigMap o/hook", "NetworkPolicy o/web", "Pod o/release-name"] == _names(rendered)


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ("valuesFile: own.yaml", {"name": "file", "own": True, "deep": {"a": 2, "b": 1}}),
        ("valuesInline: {name: in, deep: {b: 3}}", {"name": "in", "own": True, "deep": {"a": 1, "b": 3}}),
        ("valuesFile: own.yaml, valuesInline: {name: in}", {"name": "in", "own": True, "deep": {"a": 2, "b": 1}}),
        (
            "valuesFile: own.yaml, valuesInline: {name: in, new: 1}, valuesMerge: merge",
            {"name": "file", "new": 1, "own": True, "deep": {"a": 2, "b": 1}},
        ),
        (
            "valuesInline: {name: in, new: 1}, valuesMerge: merge",
            {"name": "chart", "new": 1, "own": True, "deep": {"a": 1, "b": 1}},
        ),
        (
            "valuesFile: own.yaml, valuesInline: {own: false}, valuesMerge: replace",
            {"name": "chart", "own": False, "deep": {"a": 1, "b": 1}},
        ),
        (
            "valuesFile: own.yaml, additionalValuesFiles: [more.yaml]",
            {"name": "more", "own": True, "deep": {"a": 2, "b": 1}},
        ),
        (
            "valuesInline: {name: in, own: no}, additionalValuesFiles: [more.yaml]",
            {"name": "more", "own": False, "deep": {"a": 1, "b": 1}},
        ),
    ],
)
def test_values_come_together_as_with_kustomize(settings: str, expected: object, tmp_path: Path) -> None:
    assert expected == _values(f"helmCharts: [{{name: web, {settings}}}]\n", tmp_path)


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ("skipHooks: true", ["NetworkPolicy", "Pod"]),
        ("includeCRDs: true", ["ConfigMap", "CustomResourceDefinition", "NetworkPolicy", "Pod"]),
    ],
)
def test_hooks_may_be_left_out_and_definitions_taken_in(settings: str, expected: list[str], tmp_path: Path) -> None:
    rendered = _built(f"helmCharts: [{{name: web, {settings}}}]\n", tmp_path)
    assert expected == [name.split(" ")[0] for name in _names(rendered)]


@pytest.mark.parametrize(
    ("place", "kustomization"),
    [
        ("vendor/web", "helmGlobals: {chartHome: ../vendor}\nhelmCharts: [{name: web}]"),
        ("vendor/web", "helmGlobals: {chartHome: ../vendor}\nhelmCharts: [{name: web, repo: x, version: 1.0.0}]"),
        (
            "vendor/web-1.0.0/web",
            "helmGlobals: {chartHome: ../vendor}\nhelmCharts: [{name: web, repo: x, version: 1.0.0}]",
        ),
        ("vendor/web", "helmChartInflationGenerator: [{chartName: web, chartHome: ../vendor}]"),
    ],
)
def test_a_chart_is_looked_for_where_kustomize_looks(place: str, kustomization: str, tmp_path: Path) -> None:
    tree = _CHART.replace("app/charts/web", place)
    trees.written(f"{tree}--- # file: app/kustomization.yaml\n{kustomization}\n", tmp_path)
    assert len(trees.built(tmp_path, "app").documents) == 3


@pytest.mark.parametrize(
    ("kustomization", "expected"),
    [
        ("helmCharts: [{name: other}]", ("`helmCharts` needs kustomize", "app/kustomization.yaml", 1)),
        (
            "helmCharts: [{version: 1}]",
            ("kustomize refuses a chart in `helmCharts` without a name", "app/kustomization.yaml", 1),
        ),
        (
            "helmCharts: [{name: web, valuesFile: none.yaml}]",
            ("the values file none.yaml is not read: no such file or directory", "app/kustomization.yaml", 1),
        ),
        (
            "helmCharts: [{name: web, valuesMerge: never}]",
            ("kustomize knows no `valuesMerge: never`", "app/kustomization.yaml", 1),
        ),
        (
            "helmCharts: [{name: web, nameTemplate: '{{ .Chart }}'}]",
            ("the chart's `nameTemplate` is known only when it is deployed", "app/kustomization.yaml", 1),
        ),
        (
            "resources: [web.yaml]\nhelmCharts: [{name: web}]",
            ("kustomize refuses charts/web: NetworkPolicy web is there already", "app/kustomization.yaml", 2),
        ),
    ],
)
def test_what_cannot_be_rendered_is_a_problem(
    kustomization: str, expected: tuple[str, str, int], tmp_path: Path
) -> None:
    policy = "--- # file: app/web.yaml\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: web}\n"
    trees.written(policy, tmp_path)
    rendered = _built(kustomization + "\n", tmp_path)
    assert ([expected], False) == (trees.problems(rendered), rendered.closed)


def test_without_helm_the_remedy_is_kustomize_s(tmp_path: Path) -> None:
    rendered = _built("helmCharts: [{name: web}]\n", tmp_path, helm_renderer="none")
    (problem,) = rendered.problems
    assert ("kustomize", "rendering charts is switched off") == (problem.job.kind, problem.reason)
    assert "`kustomize build --enable-helm app | netpol-lint check -`" in problem.remedy


def test_a_template_that_fails_opens_the_unit(tmp_path: Path) -> None:
    trees.written('--- # file: app/charts/web/templates/bad.yaml\n{{ fail "no" }}\n', tmp_path)
    rendered = _built("helmCharts: [{name: web}]\n", tmp_path)
    (problem,) = rendered.problems
    assert ("app/charts/web/templates/bad.yaml", False) == (problem.at.path, rendered.closed)


def test_a_chart_that_a_kustomization_takes_in_is_seen_through_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    trees.written(f"{_CHART}--- # file: app/kustomization.yaml\nnamespace: k\nhelmCharts: [{{name: web}}]\n", tmp_path)
    (unit,) = from_paths(Settings(paths=(".",))).units
    assert ("app", ["k"]) == (unit.name, sorted({meta.namespace for file in unit.files for meta in file.metas}))
