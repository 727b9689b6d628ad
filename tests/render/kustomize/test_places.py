"""Every value of what is built points at the line a person wrote it on."""

from __future__ import annotations

from pathlib import Path

from netpol_lint.render.files import Tree
from netpol_lint.render.jobs import Job, Rendered
from netpol_lint.render.kustomize import build
from netpol_lint.source.documents import Document
from netpol_lint.source.tree import Mapping, duplicate_keys
from tests.render.kustomize import trees

_BASE = """\
--- # file: base/kustomization.yaml
resources: [policy.yaml]
--- # file: base/policy.yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
  labels:
    app: web
spec:
  podSelector:
    matchLabels:
      app: web
  ingress:
    - from:
        - podSelector: {}
"""


def test_what_nothing_changes_stays_where_it_is(tmp_path: Path) -> None:
    policy = trees.the(_built(tmp_path, "namespace: prod\n"), "NetworkPolicy")
    expected = [("base/policy.yaml", 4, 9), ("base/policy.yaml", 10, 12), ("base/policy.yaml", 13, 11)]
    actual = [
        trees.place(trees.at(policy, path).location)
        for path in ("metadata/name", "spec/podSelector/matchLabels/app", "spec/ingress/0/from/0/podSelector")
    ]
    assert expected == actual


def test_a_namespace_that_is_added_points_at_the_kustomization(tmp_path: Path) -> None:
    policy = trees.the(_built(tmp_path, "namespace: prod\n"), "NetworkPolicy")
    metadata = trees.at(policy, "metadata")
    expected = [("overlay/kustomization.yaml", 2, 12), ("overlay/kustomization.yaml", 2, 1)]
    actual = [
        trees.place(trees.at(metadata, "namespace").location),
        trees.place(metadata.key_location("namespace")),
    ]
    assert expected == actual


def test_a_label_that_is_added_points_at_its_pair_and_the_others_at_the_base(tmp_path: Path) -> None:
    policy = trees.the(_built(tmp_path, "commonLabels:\n  env: prod\n"), "NetworkPolicy")
    labels = trees.at(policy, "spec/podSelector/matchLabels")
    expected = {"app": ("base/policy.yaml", 10, 7), "env": ("overlay/kustomization.yaml", 3, 3)}
    actual = {entry.key: trees.place(labels.key_location(entry.key)) for entry in labels}
    assert expected == actual


def test_a_mapping_made_for_labels_points_at_what_asked_for_it(tmp_path: Path) -> None:
    text = "labels:\n  - includeTemplates: true\n    pairs:\n      env: prod\nresources: [pod.yaml]\n"
    tree = "--- # file: o/kustomization.yaml\n" + text + "--- # file: o/pod.yaml\n"
    tree += "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n"
    rendered = trees.built(trees.written(tree, tmp_path), "o")
    expected = ("o/kustomization.yaml", 3, 5)
    actual = trees.place(trees.at(trees.the(rendered, "Pod"), "metadata/labels").location)
    assert expected == actual


def test_a_renamed_object_points_at_its_name_in_the_base(tmp_path: Path) -> None:
    name = trees.at(trees.the(_built(tmp_path, "namePrefix: prod-\n"), "NetworkPolicy"), "metadata/name")
    expected = ("prod-web", ("base/policy.yaml", 4, 9))
    actual = (name.text, trees.place(name.location))
    assert expected == actual


def test_what_a_patch_file_sets_points_at_the_patch(tmp_path: Path) -> None:
    patch = """\
patches: [{path: patch.yaml}]
--- # file: overlay/patch.yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
spec:
  podSelector:
    matchLabels:
      app: api
  ingress: []
"""
    policy = trees.the(_built(tmp_path, patch), "NetworkPolicy")
    spec = trees.at(policy, "spec")
    expected = [
        ("overlay/patch.yaml", 8, 12),
        ("overlay/patch.yaml", 8, 7),
        ("base/policy.yaml", 9, 5),
        ("overlay/patch.yaml", 9, 3),
    ]
    labels = trees.at(spec, "podSelector/matchLabels")
    actual = [
        trees.place(trees.at(labels, "app").location),
        trees.place(labels.key_location("app")),
        trees.place(labels.location),
        trees.place(spec.key_location("ingress")),
    ]
    assert expected == actual


def test_an_inline_patch_points_into_the_kustomization(tmp_path: Path) -> None:
    patch = """\
patches:
  - target:
      kind: NetworkPolicy
    patch: |-
      - op: add
        path: /spec/egress
        value:
          - to:
              - podSelector: {}
      - op: replace
        path: /spec/podSelector/matchLabels/app
        value: api
"""
    policy = trees.the(_built(tmp_path, patch), "NetworkPolicy")
    expected = [("overlay/kustomization.yaml", 10, 17), ("overlay/kustomization.yaml", 13, 16)]
    actual = [
        trees.place(trees.at(policy, "spec/egress/0/to/0/podSelector").location),
        trees.place(trees.at(policy, "spec/podSelector/matchLabels/app").location),
    ]
    assert expected == actual


def test_an_inline_patch_in_quotes_points_at_its_text(tmp_path: Path) -> None:
    patch = """\
patches:
  - target: {name: web}
    patch: '[{"op": "add", "path": "/metadata/labels/x", "value": "1"}]'
"""
    label = trees.at(trees.the(_built(tmp_path, patch), "NetworkPolicy"), "metadata/labels/x")
    expected = ("overlay/kustomization.yaml", 4, 12)
    actual = trees.place(label.location)
    assert expected == actual


def test_documents_further_down_an_inline_patch_have_their_own_lines(tmp_path: Path) -> None:
    patch = """\
patches:
  - patch: |
      # two documents
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata:
        name: web
        labels: {one: "1"}
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata:
        name: web
        labels:
          two: "2"
"""
    labels = trees.at(trees.the(_built(tmp_path, patch), "NetworkPolicy"), "metadata/labels")
    expected = {"app": 6, "one": 9, "two": 16}
    actual = {entry.key: entry.value.span.line for entry in labels}
    assert expected == actual


def test_what_is_generated_points_at_its_generator(tmp_path: Path) -> None:
    rendered = _built(tmp_path, "configMapGenerator:\n  - name: settings\n    literals: [a=b]\n")
    config_map = trees.the(rendered, "ConfigMap")
    expected = ("overlay/kustomization.yaml", 3, 11)
    actual = trees.place(trees.at(config_map, "metadata/name").location)
    assert expected == actual


def test_a_replacement_points_at_the_value_it_copies(tmp_path: Path) -> None:
    text = """\
replacements:
  - source: {kind: NetworkPolicy, fieldPath: metadata.labels.app}
    targets:
      - select: {kind: NetworkPolicy}
        fieldPaths: [spec.podSelector.matchLabels.copy]
        options: {create: true}
"""
    copied = trees.at(trees.the(_built(tmp_path, text), "NetworkPolicy"), "spec/podSelector/matchLabels/copy")
    expected = ("web", ("base/policy.yaml", 6, 10))
    actual = (copied.text, trees.place(copied.location))
    assert expected == actual


def test_a_document_is_of_the_file_it_was_written_in(tmp_path: Path) -> None:
    rendered = _built(tmp_path, "namespace: prod\n")
    expected = [("base/policy.yaml", "NetworkPolicy", "networking.k8s.io/v1")]
    actual = [(d.path, d.kind, d.api_version) for d in rendered.documents if isinstance(d, Document)]
    assert expected == actual


def test_every_file_that_went_into_it_is_used(tmp_path: Path) -> None:
    text = """\
patches: [{path: patch.yaml}]
configMapGenerator: [{name: a, files: [key=data.txt]}]
--- # file: overlay/patch.yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web}
--- # file: overlay/data.txt
text
--- # file: overlay/stray.yaml
"""
    expected = {
        *("overlay/kustomization.yaml", "overlay/patch.yaml", "overlay/data.txt"),
        *("base/kustomization.yaml", "base/policy.yaml"),
    }
    actual = _built(tmp_path, text).used
    assert expected == actual


def test_the_namespace_of_the_job_is_that_of_objects_that_name_none(tmp_path: Path) -> None:
    trees.written(_BASE, tmp_path)
    found = [trees.built(tmp_path, "base", **job).documents[0] for job in ({}, {"namespace": "argo"})]
    expected = ["default", "argo"]
    actual = [one.default_namespace for one in found if isinstance(one, Document)]
    assert expected == actual


def test_a_key_given_twice_in_a_base_is_still_known(tmp_path: Path) -> None:
    twice = _BASE.replace("  ingress:\n", "  policyTypes: [Ingress]\n  policyTypes: [Egress]\n  ingress:\n")
    text = twice + "--- # file: overlay/kustomization.yaml\nresources: [../base]\nnamespace: prod\n"
    rendered = trees.built(trees.written(text, tmp_path), "overlay")
    (document,) = [one for one in rendered.documents if isinstance(one, Document)]
    expected = [("policyTypes", 11, 12)]
    assert document.may_repeat_keys
    actual = [(twice.key, twice.first.span.line, twice.second.span.line) for twice in duplicate_keys(document.root)]
    assert expected == actual


def test_the_bases_do_not_change_when_an_overlay_does(tmp_path: Path) -> None:
    text = _BASE + "--- # file: overlay/kustomization.yaml\nresources: [../base]\ncommonLabels: {a: b}\n"
    directory = trees.written(text, tmp_path)
    tree = Tree([(".", str(directory))])
    expected = trees.objects(build(Job("kustomize", "base", "base"), tree))
    build(Job("kustomize", "overlay", "overlay"), tree)
    actual = trees.objects(build(Job("kustomize", "base", "base"), tree))
    assert expected == actual


def _built(tmp_path: Path, overlay: str) -> Rendered:
    text = f"{_BASE}--- # file: overlay/kustomization.yaml\nresources: [../base]\n{overlay}"
    rendered = trees.built(trees.written(text, tmp_path), "overlay")
    assert rendered.problems == ()
    assert isinstance(rendered.documents[0], Document)
    assert isinstance(rendered.documents[0].root, Mapping)
    return rendered
