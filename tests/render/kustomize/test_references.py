"""What a kustomization refers to."""

from __future__ import annotations

from pathlib import Path

from netpol_lint.render.files import Tree
from netpol_lint.render.kustomize import Reach, Role, references
from tests.render.kustomize import trees

_PROJECT = """\
--- # file: app/kustomization.yaml
namespace: prod
resources:
  - ../base
  - file.yaml
  - https://example.org/x.yaml
bases: [../gone]
components: [../part]
patches:
  - path: patch.yaml
  - patch: |
      - op: test
patchesStrategicMerge:
  - merge.yaml
  - |
    kind: Pod
configMapGenerator:
  - name: a
    files: [key=data.txt, other.txt]
    envs: [a.env]
replacements:
  - path: replacement.yaml
transformers: [plugin.yaml]
configurations: [config.yaml]
helmCharts:
  - name: chart
    valuesFile: values.yaml
--- # file: app/file.yaml
--- # file: app/patch.yaml
--- # file: app/merge.yaml
--- # file: app/data.txt
--- # file: app/a.env
--- # file: app/replacement.yaml
--- # file: app/plugin.yaml
--- # file: app/config.yaml
--- # file: app/values.yaml
--- # file: app/charts/chart/Chart.yaml
--- # file: base/kustomization.yaml
--- # file: part/kustomization.yaml
kind: Component
apiVersion: kustomize.config.k8s.io/v1alpha1
"""


def test_everything_that_is_named_is_a_reference_with_its_role_and_place(tmp_path: Path) -> None:
    found = references("app", Tree([(".", str(trees.written(_PROJECT, tmp_path)))]))
    expected = [
        (Role.RESOURCE, Reach.DIRECTORY, "base", 3),
        (Role.RESOURCE, Reach.FILE, "app/file.yaml", 4),
        (Role.RESOURCE, Reach.REMOTE, "", 5),
        (Role.RESOURCE, Reach.MISSING, "gone", 6),
        (Role.COMPONENT, Reach.DIRECTORY, "part", 7),
        (Role.CONFIGURATION, Reach.FILE, "app/config.yaml", 23),
        (Role.PATCH, Reach.FILE, "app/merge.yaml", 13),
        (Role.PLUGIN, Reach.FILE, "app/plugin.yaml", 22),
        (Role.PATCH, Reach.FILE, "app/patch.yaml", 9),
        (Role.REPLACEMENT, Reach.FILE, "app/replacement.yaml", 21),
        (Role.GENERATOR_INPUT, Reach.FILE, "app/data.txt", 18),
        (Role.GENERATOR_INPUT, Reach.MISSING, "app/other.txt", 18),
        (Role.GENERATOR_INPUT, Reach.FILE, "app/a.env", 19),
        (Role.CHART, Reach.DIRECTORY, "app/charts/chart", 25),
        (Role.CHART, Reach.FILE, "app/values.yaml", 26),
    ]
    actual = [(one.role, one.reach, one.path, one.at.span.line) for one in found.references]
    assert expected == actual


def test_a_kustomization_says_what_it_is(tmp_path: Path) -> None:
    tree = Tree([(".", str(trees.written(_PROJECT, tmp_path)))])
    expected = [("app/kustomization.yaml", False, "prod", ""), ("part/kustomization.yaml", True, "", "")]
    actual = [(f.path, f.is_component, f.namespace, f.problem) for f in (references(d, tree) for d in ("app", "part"))]
    assert expected == actual


def test_a_directory_without_a_kustomization_has_a_problem(tmp_path: Path) -> None:
    found = references("app/charts", Tree([(".", str(trees.written(_PROJECT, tmp_path)))]))
    expected = ("", (), "the directory has no kustomization.yaml")
    actual = (found.path, found.references, found.problem)
    assert expected == actual


def test_flux_has_another_kind_of_that_name(tmp_path: Path) -> None:
    text = "--- # file: a/kustomization.yaml\napiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\n"
    found = references("a", Tree([(".", str(trees.written(text, tmp_path)))]))
    expected = "kustomize takes no kustomize.toolkit.fluxcd.io/v1 Kustomization for a kustomization"
    actual = found.problem
    assert expected == actual


def test_a_file_of_a_remote_looking_name_is_a_file(tmp_path: Path) -> None:
    text = "--- # file: a/kustomization.yaml\nresources: [github.com/x.yaml]\n--- # file: a/github.com/x.yaml\n"
    found = references("a", Tree([(".", str(trees.written(text, tmp_path)))]))
    expected = [Reach.FILE]
    actual = [one.reach for one in found.references]
    assert expected == actual
