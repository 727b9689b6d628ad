"""What Argo CD and Flux do to what they deploy: namespaces, variables, values of charts."""

from __future__ import annotations

from typing import Any

import pytest

from netpol_lint.config import Settings
from netpol_lint.engine import check_texts
from netpol_lint.render.plan.gitops import Root, roots_in
from netpol_lint.source.documents import Document, read_documents
from tests.trees import inputs_of, pod, policy, texts_of, units_of

_KUSTOMIZATION = "--- # file: apps/web/kustomization.yaml\nnamespace: own\nresources: [web.yaml]\n"
_WEB = f"--- # file: apps/web/web.yaml\n{pod('web')}---\n{policy('deny')}"


def _flux(*more: str) -> str:
    lines = "".join(f"  {line}\n" for line in more)
    return (
        "--- # file: flux/web.yaml\napiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\n"
        f"metadata: {{name: web, namespace: flux-system}}\nspec:\n  path: ./apps/web\n{lines}"
    )


def _names(tree: str) -> list[str]:
    return units_of(tree)["apps/web"]


def test_flux_s_target_namespace_takes_the_place_of_every_other() -> None:
    tree = _WEB.replace("{name: web", "{name: web, namespace: object").replace(
        "{name: deny", "{name: deny, namespace: x"
    )
    expected = ["NetworkPolicy flux/deny", "Pod flux/web"]
    for kustomization in ("", _KUSTOMIZATION):
        assert expected == _names(tree + kustomization + _flux("targetNamespace: flux"))


def test_flux_without_a_target_namespace_leaves_them_as_they_are() -> None:
    assert ["NetworkPolicy own/deny", "Pod own/web"] == _names(_WEB + _KUSTOMIZATION + _flux())


def test_flux_fills_in_what_it_is_told() -> None:
    tree = _WEB.replace("{name: web", "{name: web, namespace: '${WHERE}'")
    given = "postBuild: {substitute: {WHERE: shop}}"
    assert "Pod shop/web" in _names(tree + _flux(given))
    assert "Pod shop/web" in _names(tree + _KUSTOMIZATION.replace("namespace: own\n", "") + _flux(given))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("${NAME}", "shop"),
        ("${NAME:=other}", "shop"),
        ("a-${NAME}-${NAME}", "a-shop-shop"),
        ("$${NAME}", "$${NAME}"),
        ("${NONE}", "${NONE}"),
        ("${NONE:=other}", "other"),
    ],
)
def test_a_variable_is_filled_in_as_flux_does(written: str, expected: str) -> None:
    tree = _WEB.replace("name: web", f"name: '{written}'", 1)
    assert f"Pod default/{expected}" in _names(tree + _flux("postBuild: {substitute: {NAME: shop}}"))


def test_an_object_may_ask_to_be_left_alone() -> None:
    tree = _WEB.replace(
        "{name: web", "{name: '${NAME}', annotations: {kustomize.toolkit.fluxcd.io/substitute: disabled}", 1
    )
    assert "Pod default/${NAME}" in _names(tree + _flux("postBuild: {substitute: {NAME: shop}}"))


def _settings(path: str, **data: str) -> str:
    pairs = ", ".join(f"{key}: {value}" for key, value in data.items())
    return f"--- # file: {path}\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: cluster}}\ndata: {{{pairs}}}\n"


def test_variables_come_from_the_nearest_config_map_of_that_name() -> None:
    tree = _WEB.replace("name: web", "name: '${A}-${B}-${C}'", 1)
    maps = _settings("flux/vars.yaml", A="near", B="near", C="near") + _settings("other/vars.yaml", A="far")
    given = ("postBuild:", "  substitute: {B: told}", "  substituteFrom: [{kind: ConfigMap, name: cluster}]")
    assert "Pod default/near-told-near" in _names(tree + maps + _flux(*given))


def test_what_equally_near_config_maps_say_differently_is_not_known() -> None:
    tree = _WEB.replace("name: web", "name: '${A}-${B}'", 1)
    maps = _settings("a/vars.yaml", A="one", B="same") + _settings("b/vars.yaml", A="two", B="same")
    given = "postBuild: {substituteFrom: [{kind: ConfigMap, name: cluster}]}"
    assert "Pod default/${A}-same" in _names(tree + maps + _flux(given))


def test_what_is_in_a_secret_is_not_used() -> None:
    tree = _WEB.replace("name: web", "name: '${A}'", 1)
    secret = _settings("flux/vars.yaml", A="hidden").replace("ConfigMap", "Secret").replace("data:", "stringData:")
    assert "Pod default/${A}" in _names(
        tree + secret + _flux("postBuild: {substituteFrom: [{kind: Secret, name: cluster}]}")
    )


def test_flux_s_variables_go_with_what_only_kustomize_renders() -> None:
    plugin = "--- # file: apps/web/plugin.yaml\napiVersion: example.com/v1\nkind: Made\nmetadata: {name: x}\n"
    tree = _WEB + _KUSTOMIZATION + "generators: [plugin.yaml]\n" + plugin
    (unit,) = inputs_of(tree + _flux("postBuild: {substitute: {NAME: shop}}")).units
    reason = "example.com/v1 Made would run another program, which is not done"
    assert [reason] == [problem.reason for problem in unit.not_rendered]


@pytest.mark.parametrize(("repository", "names"), [("own", [".", "apps/web"]), ("other", ["apps/web"])])
def test_all_of_another_repository_is_not_all_of_this_one(repository: str, names: list[str]) -> None:
    whole = _flux(f"sourceRef: {{kind: GitRepository, name: {repository}}}").replace("./apps/web", "./")
    tree = _WEB + whole.replace("flux/web", "flux/all") + _flux("sourceRef: {kind: GitRepository, name: own}")
    assert names == [unit.name for unit in inputs_of(tree).units]


def test_all_of_the_only_repository_is_all_of_this_one() -> None:
    whole = _flux("sourceRef: {kind: GitRepository, name: any}").replace("./apps/web", "./")
    assert ["."] == [unit.name for unit in inputs_of(_WEB + whole).units]


# -- values that Argo CD gives a chart ----------------------------------------------------------------------


def _values(helm: str) -> Any:
    (root,) = _roots(
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: app}\nspec:\n"
        f"  destination: {{namespace: shop}}\n  source:\n    path: app\n    helm:\n{helm}"
    )
    return root.set_values


def _roots(text: str) -> list[Root]:
    (document,) = read_documents(text.encode(), "app.yaml")
    assert isinstance(document, Document)
    return list(roots_in(document))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("prod.yaml", ("prod.yaml",)),
        ("/env/prod.yaml", ("/env/prod.yaml",)),
        ("$same/env/prod.yaml", ("/env/prod.yaml",)),
        ("$other/env/prod.yaml", ()),
        ("$nobody/env/prod.yaml", ()),
        ("$same", ()),
        ("https://example.com/values.yaml", ()),
        ("{{env}}.yaml", ()),
    ],
)
def test_values_files_are_those_of_the_chart_s_own_repository(written: str, expected: tuple[str, ...]) -> None:
    (root,) = _roots(
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: app}\nspec:\n  sources:\n"
        f"    - {{repoURL: mine, path: app, helm: {{valueFiles: ['{written}']}}}}\n"
        "    - {repoURL: mine, ref: same}\n    - {repoURL: theirs, ref: other}\n"
    )
    assert expected == root.values


def test_an_application_set_fills_in_the_names_of_values_files() -> None:
    roots = _roots(
        "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: apps}\nspec:\n"
        "  generators: [{list: {elements: [{env: dev}, {env: prod}]}}]\n"
        "  template: {spec: {source: {path: app, helm: {valueFiles: ['{{env}}.yaml']}}}}\n"
    )
    assert [("dev.yaml",), ("prod.yaml",)] == [root.values for root in roots]


def test_a_values_file_from_the_top_of_the_repository_is_rendered_with() -> None:
    tree = (
        "--- # file: charts/app/Chart.yaml\nname: app\nversion: 1.0.0\n--- # file: env/prod.yaml\na: 1\n"
        "--- # file: argo/app.yaml\napiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: app}\n"
        "spec: {sources: [{repoURL: mine, path: charts/app, helm: {valueFiles: [$v/env/prod.yaml]}},"
        " {repoURL: mine, ref: v}]}\n"
    )
    (job,) = [job for unit in inputs_of(tree).units for job in unit.jobs]
    assert ("env/prod.yaml",) == job.values


def test_values_may_be_an_object_or_yaml_in_a_string() -> None:
    assert {"a": {"b": 1}} == _values("      valuesObject: {a: {b: 1}}\n")
    assert {"a": {"b": 1}} == _values("      values: |\n        a:\n          b: 1\n")
    assert {"a": 1} == _values("      valuesObject: {a: 1}\n      values: 'b: 2'\n")


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("a.b", "x", {"a": {"b": "x"}}),
        ("a.b", "'1'", {"a": {"b": 1}}),
        ("a.b", "'01'", {"a": {"b": "01"}}),
        ("a.b", "'true'", {"a": {"b": True}}),
        ("a.b", "'1', forceString: true", {"a": {"b": "1"}}),
        ("a[1].b", "x", {"a": [None, {"b": "x"}]}),
        (r"a\.b.c", "x", {"a.b": {"c": "x"}}),
    ],
)
def test_parameters_are_set_as_helm_does(name: str, value: str, expected: object) -> None:
    assert expected == _values(f"      parameters: [{{name: '{name}', value: {value}}}]\n")


def test_parameters_go_over_values() -> None:
    helm = "      values: 'a: {b: 1, c: 2}'\n      parameters: [{name: a.b, value: x}]\n"
    assert {"a": {"b": "x", "c": 2}} == _values(helm)


@pytest.mark.parametrize(
    "helm", ["values: 'a: {{b}}'", "values: '[1]'", "values: ': : :'", "parameters: 3", "values: ''"]
)
def test_values_that_cannot_be_read_are_none(helm: str) -> None:
    assert () == _values(f"      {helm}\n")


def test_an_application_set_has_only_so_many_elements_and_a_notice_says_so() -> None:
    elements = ", ".join(f"{{n: a{number}}}" for number in range(1_003))
    text = (
        "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: many}\nspec:\n"
        f"  generators: [{{list: {{elements: [{elements}]}}}}]\n"
        "  template: {metadata: {name: '{{n}}'}, spec: {source: {path: apps}, destination: {namespace: '{{n}}'}}}\n"
    )
    (notice,) = check_texts(texts_of(f"--- # file: set.yaml\n{text}"), Settings()).notifications
    assert (1_000, "3 elements of the generators are too many and not looked at") == (len(_roots(text)), notice.message)
