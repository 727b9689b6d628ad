"""What is deployed by objects that exist only rendered: by kustomizations, by charts, by other deployments."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from netpol_lint.config import Settings
from netpol_lint.engine.inputs import from_paths
from tests.render.helm.making import needs, put
from tests.trees import inputs_of, pod, units_of

if TYPE_CHECKING:
    import pytest

_FLUX = (
    "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: %s, namespace: flux-system}\n"
)
_APPS = f"--- # file: apps/one/one.yaml\n{pod('one')}--- # file: apps/two/two.yaml\n{pod('two')}"


def _ks(file: str, name: str, spec: str) -> str:
    return f"--- # file: {file}\n{_FLUX % name}spec: {{{spec}}}\n"


def test_a_patch_says_what_a_kustomization_of_flux_deploys() -> None:
    patch = "[{op: replace, path: /spec/path, value: ./apps/two}, {op: add, path: /spec/targetNamespace, value: shop}]"
    tree = (
        _ks("base/ks.yaml", "apps", "path: ./apps/one, targetNamespace: no")
        + "--- # file: base/kustomization.yaml\nresources: [ks.yaml]\n"
        + "--- # file: prod/kustomization.yaml\nresources: [../base]\n"
        + f"patches: [{{target: {{kind: Kustomization}}, patch: '{patch}'}}]\n"
    )
    assert {"apps/one": ["Pod default/one"], "apps/two": ["Pod shop/two"]} == units_of(_APPS + tree)


def test_each_overlay_deploys_its_own() -> None:
    tree = (
        _ks("base/ks.yaml", "apps", "path: ./to/fill/in")
        + "--- # file: base/kustomization.yaml\nresources: [ks.yaml]\n"
    )
    for name in ("one", "two"):
        patch = f"[{{op: replace, path: /spec/path, value: ./apps/{name}}}]"
        tree += (
            f"--- # file: over/{name}/kustomization.yaml\nresources: [../../base]\nnameSuffix: -{name}\n"
            f"patches: [{{target: {{kind: Kustomization}}, patch: '{patch}'}}]\n"
        )
    found = {unit.name: unit.reason for unit in inputs_of(_APPS + tree).units}
    assert {f"apps/{name}": f"Kustomization apps-{name} (base/ks.yaml) deploys it" for name in ("one", "two")} == found


def test_flux_fills_in_what_its_own_kustomizations_deploy() -> None:
    tree = _ks("cluster/all.yaml", "all", "path: ./fleet, postBuild: {substitute: {APP: two, NS: shop}}")
    tree += _ks("fleet/ks.yaml", "app", "path: './apps/${APP}', targetNamespace: '${NS}'")
    assert {"apps/one": ["Pod default/one"], "apps/two": ["Pod shop/two"]} == units_of(_APPS + tree)


def test_so_it_goes_on_for_some_levels() -> None:
    tree = _ks("cluster/all.yaml", "all", "path: ./l1, postBuild: {substitute: {TO: '2'}}")
    tree += _ks("l1/ks.yaml", "one", "path: './l${TO}', postBuild: {substitute: {TO: '3'}}")
    tree += _ks("l2/ks.yaml", "two", "path: './l${TO}', postBuild: {substitute: {NS: shop}}")
    tree += _ks("l3/ks.yaml", "three", "path: ./apps/one, targetNamespace: '${NS}'")
    assert ["Pod shop/one"] == units_of(_APPS + tree)["apps/one"]


def test_what_deploys_itself_comes_to_an_end() -> None:
    tree = _ks("l1/ks.yaml", "one", "path: ./l1, postBuild: {substitute: {TO: '${TO}x'}}, targetNamespace: '${TO}'")
    assert {"apps/one": ["Pod default/one"], "apps/two": ["Pod default/two"]} == units_of(_APPS + tree)


def test_kustomizations_that_deploy_all_of_each_other_are_not_followed_for_ever() -> None:
    tree = "".join(
        _ks(f"l1/ks{number}.yaml", f"k{number}", f"path: ./l1, postBuild: {{substitute: {{TO: '${{TO}}{number}'}}}}")
        for number in range(50)
    )
    assert len(inputs_of(_APPS + tree).units) <= 52


def test_values_that_name_themselves_do_not_grow_without_end() -> None:
    many = "${TO}" * 2_000
    tree = _ks("l1/ks.yaml", "one", f"path: ./l1, postBuild: {{substitute: {{TO: '{many}'}}}}")
    (unit,) = (
        unit for unit in inputs_of(_APPS + tree + f"--- # file: l1/pod.yaml\n{pod('p')}").units if unit.name == "l1"
    )
    grown = [root.variables for file in unit.files for root in file.roots]
    assert [2_000_000] > [max(map(len, dict(variables).values())) for variables in grown]


def test_an_application_set_that_reads_files_is_as_it_stands_in_its_file() -> None:
    tree = (
        "--- # file: argo/set.yaml\napiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: apps}\n"
        "spec:\n  generators: [{git: {files: [{path: conf.json}]}}]\n"
        "  template: {spec: {source: {path: apps/one}, destination: {namespace: '{{space}}'}}}\n"
        '--- # file: conf.json\n{"space": "shop"}\n'
        "--- # file: argo/kustomization.yaml\nnamespace: argocd\nresources: [set.yaml]\n"
    )
    assert ["Pod shop/one"] == units_of(_APPS + tree)["apps/one"]


def test_examples_deploy_nothing() -> None:
    patch = "[{op: replace, path: /spec/targetNamespace, value: shop}]"
    tree = (
        _ks("base/ks.yaml", "apps", "path: ./apps/one, targetNamespace: own")
        + "--- # file: base/kustomization.yaml\nresources: [ks.yaml]\n"
        + "--- # file: examples/kustomization.yaml\nresources: [../base]\n"
        + f"patches: [{{target: {{kind: Kustomization}}, patch: '{patch}'}}]\n"
    )
    assert ["Pod own/one"] == units_of(_APPS + tree)["apps/one"]


def test_a_name_that_a_patch_gives_does_not_hide_the_kustomization_with_the_patch() -> None:
    patch = "[{op: replace, path: /metadata/name, value: new}, {op: replace, path: /spec/path, value: ./apps/two}]"
    tree = (
        _ks("prod/ks.yaml", "apps", "path: ./apps/none")
        + f"--- # file: prod/web.yaml\n{pod('web')}"
        + "--- # file: prod/kustomization.yaml\nresources: [ks.yaml, web.yaml]\n"
        + f"patches:\n  - target: {{kind: Kustomization}}\n    patch: '{patch}'\n"
    )
    units = inputs_of(_APPS + tree).units
    assert ["apps/one", "apps/two", "prod"] == [unit.name for unit in units]
    assert units[1].reason.startswith("Kustomization new (")


_CHART = {
    "fleet/Chart.yaml": "apiVersion: v2\nname: fleet\nversion: 1.0.0\n",
    "fleet/values.yaml": "apps: [one]\n",
    "fleet/templates/apps.yaml": """
        {{- range .Values.apps }}
        ---
        apiVersion: argoproj.io/v1alpha1
        kind: Application
        metadata: {name: {{ . | quote }} }
        spec: {source: {path: apps/{{ . }} }, destination: {namespace: shop-{{ . }} }}
        {{- end }}
        """,
    "fleet/ci/test-values.yaml": "apps: [two]\n",
    "apps/one/one.yaml": pod("one"),
    "apps/two/two.yaml": pod("two"),
}


def test_a_chart_s_applications_are_deployed_but_not_those_of_its_tests(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    needs("auto")
    monkeypatch.chdir(tmp_path)
    put(_CHART)
    units = from_paths(Settings(paths=(".",))).units
    assert [("apps/one", "shop-one"), ("apps/two", "")] == [(unit.name, unit.namespace) for unit in units]
