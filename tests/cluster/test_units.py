"""Plain manifests come together as CORPUS-like trees want it, and never depend on the order of files."""

from __future__ import annotations

import random

import pytest

from netpol_lint.cluster.grouping import groups
from netpol_lint.config import Settings
from netpol_lint.engine import from_texts
from tests.trees import inputs_of, pod, policy, texts_of, units_of


def _files(tree: str) -> dict[str, list[str]]:
    """The files of each unit by its name."""
    return {unit.name: sorted(unit.sources) for unit in inputs_of(tree).units}


def test_directories_that_name_one_namespace_are_one_unit() -> None:
    tree = f"--- # file: apps/web.yaml\n{pod('web', 'shop')}--- # file: policies/web.yaml\n{policy('web', 'shop')}"
    assert {".": ["apps/web.yaml", "policies/web.yaml"]} == _files(tree)


def test_siblings_that_name_no_namespace_stay_apart() -> None:
    tree = f"--- # file: a/web.yaml\n{pod('web')}--- # file: b/db.yaml\n{pod('db')}"
    assert {"a": ["a/web.yaml"], "b": ["b/db.yaml"]} == _files(tree)


def test_a_directory_comes_together_with_those_below_it() -> None:
    tree = f"--- # file: k8s/policy.yaml\n{policy('all')}--- # file: k8s/web/pod.yaml\n{pod('web')}"
    assert {"k8s": ["k8s/policy.yaml", "k8s/web/pod.yaml"]} == _files(tree)


@pytest.mark.parametrize("namespace", ["default", "kube-system", "system", "${NAMESPACE}"])
def test_namespaces_that_everybody_uses_or_nobody_knows_join_nothing(namespace: str) -> None:
    tree = f"--- # file: a/web.yaml\n{pod('web', namespace)}--- # file: b/db.yaml\n{pod('db', namespace)}"
    assert ["a", "b"] == sorted(_files(tree))


def test_two_definitions_of_a_workload_are_alternatives_that_share_the_rest() -> None:
    tree = (
        f"--- # file: dev.yaml\n{pod('web', 'shop', 'app: web, env: dev')}"
        f"--- # file: prod.yaml\n{pod('web', 'shop', 'app: web, env: prod')}"
        f"--- # file: policy.yaml\n{policy('web', 'shop')}"
    )
    assert {". (dev.yaml)": ["dev.yaml", "policy.yaml"], ". (prod.yaml)": ["policy.yaml", "prod.yaml"]} == _files(tree)


def test_one_file_beside_its_parts_is_an_alternative_to_all_of_them() -> None:
    tree = (
        f"--- # file: demo.yaml\n{pod('web', 'shop')}---\n{pod('db', 'shop')}"
        f"--- # file: parts/db.yaml\n{pod('db', 'shop')}--- # file: parts/web.yaml\n{pod('web', 'shop')}"
    )
    assert [["demo.yaml"], ["parts/db.yaml", "parts/web.yaml"]] == sorted(_files(tree).values())


def test_a_variant_of_a_part_has_no_claim_to_what_the_whole_alternatives_share() -> None:
    whole = f"{pod('web', 'shop')}---\n{pod('db', 'shop')}"
    tree = (
        f"--- # file: a.yaml\n{whole}--- # file: b.yaml\n{whole}--- # file: c.yaml\n{pod('db', 'shop')}"
        f"--- # file: policy.yaml\n{policy('web', 'shop')}"
    )
    assert [["a.yaml", "policy.yaml"], ["b.yaml", "policy.yaml"], ["c.yaml"]] == sorted(_files(tree).values())


def test_two_policies_of_one_name_are_no_alternatives() -> None:
    tree = f"--- # file: a.yaml\n{policy('web', 'shop')}--- # file: b.yaml\n{policy('web', 'shop')}"
    assert {".": ["a.yaml", "b.yaml"]} == _files(tree)


def test_examples_stay_alone() -> None:
    tree = "".join(
        f"--- # file: {path}/pod.yaml\n{pod('web', 'shop')}" for path in ("app", "docs/one", "examples/a", "samples")
    )
    assert ["app", "docs/one", "examples/a", "samples"] == sorted(_files(tree))


def test_an_example_that_was_asked_for_is_no_example() -> None:
    texts = texts_of(f"--- # file: examples/demo/pod.yaml\n{pod('web')}")
    (unit,) = from_texts(texts, Settings(), asked=("examples/demo",)).units
    assert (".", False) == (unit.name, unit.is_example)


def test_the_order_of_files_does_not_matter() -> None:
    tree = "".join(
        f"--- # file: {path}\n{pod(name, namespace)}"
        for path, name, namespace in (
            ("a/1.yaml", "web", "shop"), ("a/2.yaml", "web", "shop"), ("a/3.yaml", "db", "shop"),
            ("b/1.yaml", "web", ""), ("b/c/1.yaml", "x", ""), ("b/c/2.yaml", "web", ""),
            ("d/1.yaml", "y", "shop"), ("e/1.yaml", "web", "shop"),
        )
    )  # fmt: skip
    files = list(inputs_of(tree).files)
    expected = groups(files, lambda _: False)
    for seed in range(20):
        random.Random(seed).shuffle(files)  # noqa: S311
        assert expected == groups(files, lambda _: False)


def test_the_config_says_what_is_deployed_together() -> None:
    tree = f"--- # file: a/web.yaml\n{pod('web')}--- # file: b/db.yaml\n{pod('db')}--- # file: c/x.yaml\n{pod('x')}"
    settings = Settings(units=({"name": "shop", "paths": ("a", "b"), "namespace": "shop"},))
    assert {"c": ["Pod default/x"], "shop": ["Pod shop/db", "Pod shop/web"]} == units_of(tree, settings)


def test_the_config_sends_units_to_one_cluster() -> None:
    tree = f"--- # file: a/web.yaml\n{pod('web')}--- # file: b/db.yaml\n{pod('db')}--- # file: c/x.yaml\n{pod('x')}"
    settings = Settings(cluster={"prod": ("a", "b")})  # type: ignore[arg-type]
    assert {"c": ["Pod default/x"], "prod": ["Pod default/db", "Pod default/web"]} == units_of(tree, settings)
