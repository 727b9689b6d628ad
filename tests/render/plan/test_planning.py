"""What says how files belong together: kustomizations, charts, Argo CD, Flux and the config."""

from __future__ import annotations

from types import MappingProxyType

from netpol_lint.config import Settings
from tests.trees import inputs_of, pod, policy, units_of

_BASE = f"--- # file: base/kustomization.yaml\nresources: [web.yaml]\n--- # file: base/web.yaml\n{pod('web')}"


def _overlay(path: str, namespace: str, *more: str) -> str:
    fields = "".join(f"{line}\n" for line in more)
    return f"--- # file: {path}/kustomization.yaml\nnamespace: {namespace}\nresources: [../../base]\n{fields}"


def _application(name: str, path: str, namespace: str, *more: str) -> str:
    return (
        f"apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {{name: {name}}}\nspec:\n"
        f"  source: {{path: {path}}}\n  destination: {{namespace: {namespace}, name: prod}}\n"
    ) + "".join(more)


def test_only_leaves_are_units_and_bases_are_seen_through_them() -> None:
    tree = _BASE + _overlay("overlays/dev", "dev") + _overlay("overlays/prod", "prod")
    assert {"overlays/dev": ["Pod dev/web"], "overlays/prod": ["Pod prod/web"]} == units_of(tree)


def test_a_component_is_never_deployed_alone() -> None:
    tree = (
        "--- # file: deny/kustomization.yaml\napiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n"
        f"resources: [deny.yaml]\n--- # file: deny/deny.yaml\n{policy('deny')}"
    )
    with_it = tree + _BASE + _overlay("overlays/prod", "prod", "components: [../../deny]")
    assert {} == units_of(tree)
    assert {"overlays/prod": ["NetworkPolicy prod/deny", "Pod prod/web"]} == units_of(with_it)


def test_patches_and_the_inputs_of_generators_are_no_objects() -> None:
    patch = "metadata: {name: web}\napiVersion: v1\nkind: Pod\nspec: {containers: [{name: app, image: b}]}\n"
    tree = (
        f"{_BASE}--- # file: overlays/a/kustomization.yaml\nresources: [../../base]\npatches: [{{path: more.yaml}}]\n"
        f"configMapGenerator: [{{name: c, files: [data/pod.yaml]}}]\n--- # file: overlays/a/more.yaml\n{patch}"
        f"--- # file: overlays/a/data/pod.yaml\n{pod('not-deployed')}"
    )
    assert {"overlays/a": ["Pod default/web"]} == units_of(tree)


def test_what_a_kustomization_does_not_list_is_a_unit_of_its_own() -> None:
    tree = f"{_BASE}--- # file: base/other.yaml\n{pod('other')}"
    assert {"base": ["Pod default/web"], "base (not listed)": ["Pod default/other"]} == units_of(tree)


def test_an_unlisted_patch_is_nothing() -> None:
    tree = f"{_BASE}--- # file: base/web-patch.yaml\n{pod('web')}--- # file: base/patches/x.yaml\n{pod('web')}"
    assert {"base": ["Pod default/web"]} == units_of(tree)


def test_what_an_example_is_made_of_is_still_deployed_itself() -> None:
    tree = _BASE + _overlay("examples/demo", "demo")
    assert {"base": ["Pod default/web"], "examples/demo": ["Pod demo/web"]} == units_of(tree)


def test_a_path_that_argo_cd_deploys_is_a_unit_though_it_is_no_leaf() -> None:
    tree = _BASE + _overlay("overlays/dev", "dev") + f"--- # file: argo/web.yaml\n{_application('web', 'base', 'shop')}"
    assert {"base": ["Pod shop/web"], "overlays/dev": ["Pod dev/web"]} == units_of(tree)


def test_the_cluster_of_an_application_is_known() -> None:
    tree = f"{_BASE}--- # file: argo/web.yaml\n{_application('web', 'base', 'shop')}"
    assert ["prod"] == [unit.cluster for unit in inputs_of(tree).units]


def test_one_path_for_two_namespaces_is_two_units() -> None:
    applications = "---\n".join(_application(name, "base", name) for name in ("dev", "prod"))
    tree = f"{_BASE}--- # file: argo/web.yaml\n{applications}"
    assert {"base (dev)": ["Pod dev/web"], "base (prod)": ["Pod prod/web"]} == units_of(tree)


def test_an_object_that_names_its_namespace_keeps_it() -> None:
    tree = (
        f"--- # file: app/a.yaml\n{pod('a')}--- # file: app/b.yaml\n{pod('b', 'own')}"
        f"--- # file: argo/web.yaml\n{_application('web', 'app', 'shop')}"
    )
    assert {"app": ["Pod own/b", "Pod shop/a"]} == units_of(tree)


def test_argo_cd_reads_one_directory_and_those_below_only_when_told_to() -> None:
    files = f"--- # file: app/a.yaml\n{pod('a')}--- # file: app/sub/b.yaml\n{pod('b')}--- # file: argo/web.yaml\n"
    once = files + _application("web", "app", "shop")
    deep = files + _application("web", "app", "shop").replace("path: app", "path: app, directory: {recurse: true}")
    assert {"app": ["Pod shop/a"], "app/sub": ["Pod default/b"]} == units_of(once)
    assert {"app": ["Pod shop/a", "Pod shop/b"]} == units_of(deep)


def test_an_application_set_deploys_each_directory_that_its_generator_names() -> None:
    manifest = (
        "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: apps}\nspec:\n"
        "  generators: [{git: {directories: [{path: apps/*}]}}]\n  template:\n    spec:\n"
        "      source: {path: '{{path}}'}\n      destination: {namespace: shop}\n"
    )
    tree = "".join(f"--- # file: apps/{name}/pod.yaml\n{pod(name)}" for name in ("a", "b"))
    expected = {"apps/a": ["Pod shop/a"], "apps/b": ["Pod shop/b"]}
    assert expected == units_of(f"{tree}--- # file: argo/set.yaml\n{manifest}")


def test_flux_applies_every_manifest_below_a_path_without_a_kustomization() -> None:
    ks = (
        "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: apps}\n"
        "spec: {path: ./apps, targetNamespace: shop}\n"
    )
    tree = (
        f"--- # file: cluster/ks.yaml\n{ks}--- # file: apps/a.yaml\n{pod('a')}--- # file: apps/b/b.yaml\n{pod('b')}"
        f"--- # file: apps/c/kustomization.yaml\nresources: [c.yaml]\n--- # file: apps/c/c.yaml\n{pod('c')}"
    )
    assert {"apps": ["Pod shop/a", "Pod shop/b", "Pod shop/c"]} == units_of(tree)


def test_the_manifests_of_a_chart_are_no_plain_manifests() -> None:
    tree = (
        f"--- # file: app/Chart.yaml\nname: app\nversion: 1.0.0\n--- # file: app/templates/a.yaml\n{pod('a')}"
        f"--- # file: app/values.yaml\n{pod('b')}--- # file: app/crds/c.yaml\n{pod('c')}--- # file: app/more/d.yaml\n"
        f"{pod('d')}"
    )
    assert ["Pod default/d"] == units_of(tree)["app/more"]
    assert {"app", "app/more"} == set(units_of(tree))


def test_each_set_of_values_is_a_unit() -> None:
    tree = (
        "--- # file: app/Chart.yaml\nname: app\nversion: 1.0.0\n--- # file: app/values.yaml\na: 1\n"
        "--- # file: app/values-prod.yaml\na: 2\n--- # file: app/ci/x-values.yaml\na: 3\n"
        "--- # file: app/ci/y.yaml\na: 4\n"
    )
    assert ["app", "app (ci/x-values.yaml)", "app (values-prod.yaml)"] == [u.name for u in inputs_of(tree).units]


def test_the_config_says_how_a_chart_is_rendered() -> None:
    tree = "--- # file: app/Chart.yaml\nname: app\nversion: 1.0.0\n--- # file: app/values-prod.yaml\na: 2\n"
    settings = Settings(helm=({"path": "app", "namespace": "shop", "values": ("prod.yaml",)},))
    assert ["app (prod.yaml)"] == [unit.name for unit in inputs_of(tree, settings).units]


def test_what_others_say_comes_after_the_object_the_renderer_and_the_config() -> None:
    """The order of namespaces: object, renderer, config, GitOps root, `--namespace`, `default`."""
    tree = (
        f"--- # file: app/kustomization.yaml\nresources: [a.yaml, b.yaml]\n--- # file: app/a.yaml\n{pod('a')}"
        f"--- # file: app/b.yaml\n{pod('b', 'object')}--- # file: argo/web.yaml\n{_application('web', 'app', 'gitops')}"
    )
    rendered = tree.replace("resources: [a", "namespace: renderer\nresources: [a")
    config = Settings(units=({"name": "app", "paths": ("app",), "namespace": "config"},), namespace="asked")
    no_root = tree.replace("path: app", "path: other")
    assert [
        ["Pod renderer/a", "Pod renderer/b"],
        ["Pod config/a", "Pod object/b"],
        ["Pod gitops/a", "Pod object/b"],
        ["Pod asked/a", "Pod object/b"],
        ["Pod default/a", "Pod object/b"],
    ] == [
        units_of(rendered, config)["app"],
        units_of(tree, config)["app"],
        units_of(tree, Settings(namespace="asked"))["app"],
        units_of(no_root, Settings(namespace="asked"))["app"],
        units_of(no_root)["app"],
    ]


def test_kinds_of_the_same_name_in_other_groups_deploy_nothing() -> None:
    other = _application("web", "base", "shop").replace("argoproj.io/v1alpha1", "app.k8s.io/v1beta1")
    assert {"base": ["Pod default/web"]} == units_of(f"{_BASE}--- # file: x/app.yaml\n{other}")


def test_the_paths_of_a_config_are_relative_to_it() -> None:
    tree = _BASE.replace("base/", "deploy/base/")
    settings = Settings(units=({"name": "shop", "paths": ("base",)},), base="deploy")
    assert {"shop": ["Pod default/web"]} == units_of(tree, settings)


def test_files_named_one_by_one_are_taken_as_they_are() -> None:
    from netpol_lint.engine import from_texts
    from tests.trees import texts_of

    (unit,) = from_texts(texts_of(_BASE), Settings(), asked=()).units
    assert (False, ()) == (unit.is_rendered, unit.not_rendered)


def test_what_is_remote_leaves_a_unit_open() -> None:
    tree = _BASE.replace("[web.yaml]", "[web.yaml, https://example.com/x.yaml]")
    (unit,) = inputs_of(tree).units
    assert (False, ["Pod default/web"]) == (unit.closed, units_of(tree)["base"])


def test_nothing_of_the_config_is_needed() -> None:
    assert {} == units_of("", Settings(cluster=MappingProxyType({"prod": ("a",)})))
