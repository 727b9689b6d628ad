"""What cannot be built is a problem at its place, and the rest is built all the same."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from netpol_lint.render.jobs import Rendered
from netpol_lint.source.documents import Document, Failure
from tests.render.kustomize import trees

_POD = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n"


def test_a_missing_file_is_a_problem_on_its_line(tmp_path: Path) -> None:
    rendered = _built(tmp_path, "resources:\n  - pod.yaml\n  - absent.yaml\n")
    expected = (1, [("absent.yaml is not read: no such file or directory", "app/kustomization.yaml", 3)], False)
    actual = (len(rendered.documents), trees.problems(rendered), rendered.closed)
    assert expected == actual


@pytest.mark.parametrize(
    "reference",
    [
        "https://example.org/x.yaml",
        "HTTPS://example.org/x.yaml",
        "github.com/org/repo//base?ref=main",
        "git@github.com:org/repo",
        "git::https://example.org/repo",
        "ssh://git@example.org/repo",
    ],
)
def test_what_is_remote_is_not_fetched(reference: str, tmp_path: Path) -> None:
    rendered = _built(tmp_path, f"resources:\n  - pod.yaml\n  - {reference}\n")
    reason = f"{reference} is not read: it is remote, and nothing is fetched"
    expected = (1, [(reason, "app/kustomization.yaml", 3)], False)
    actual = (len(rendered.documents), trees.problems(rendered), rendered.closed)
    assert expected == actual


def test_nothing_outside_the_tree_is_read(tmp_path: Path) -> None:
    (tmp_path / "secret.yaml").write_text(_POD, encoding="utf-8")
    (tmp_path / "tree").mkdir()
    rendered = _built(tmp_path / "tree", "resources:\n  - pod.yaml\n  - ../../secret.yaml\n")
    reason = "../../secret.yaml is not read: outside the scanned tree, so it is not read"
    expected = [(reason, "app/kustomization.yaml", 3)]
    actual = trees.problems(rendered)
    assert expected == actual


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege")
def test_a_link_out_of_the_tree_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret.yaml").write_text(_POD, encoding="utf-8")
    (tmp_path / "tree" / "app").mkdir(parents=True)
    (tmp_path / "tree" / "app" / "file.yaml").symlink_to(tmp_path / "outside" / "secret.yaml")
    (tmp_path / "tree" / "app" / "directory").symlink_to(tmp_path / "outside")
    rendered = _built(tmp_path / "tree", "resources:\n  - file.yaml\n  - directory/secret.yaml\n")
    leads_out = "is not read: a symbolic link that leads out of the scanned tree, so it is not followed"
    expected = [
        (f"file.yaml {leads_out}", "app/kustomization.yaml", 2),
        (f"directory/secret.yaml {leads_out}", "app/kustomization.yaml", 3),
    ]
    actual = trees.problems(rendered)
    assert expected == actual


def test_a_cycle_is_a_problem(tmp_path: Path) -> None:
    text = "--- # file: a/kustomization.yaml\nresources: [../b]\n--- # file: b/kustomization.yaml\nresources: [../a]\n"
    rendered = trees.built(trees.written(text, tmp_path), "a")
    expected = [("a cycle: ../a leads back to a", "b/kustomization.yaml", 1)]
    actual = trees.problems(rendered)
    assert expected == actual


def test_a_cycle_through_components_is_a_problem(tmp_path: Path) -> None:
    text = """\
--- # file: a/kustomization.yaml
components: [../c]
--- # file: c/kustomization.yaml
apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
components: [../d]
--- # file: d/kustomization.yaml
apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
components: [../c]
"""
    rendered = trees.built(trees.written(text, tmp_path), "a")
    expected = [("a cycle: ../c leads back to c", "d/kustomization.yaml", 3)]
    actual = trees.problems(rendered)
    assert expected == actual


def test_a_base_above_is_a_cycle_to_kustomize(tmp_path: Path) -> None:
    text = "--- # file: base/kustomization.yaml\nresources: []\n"
    text += "--- # file: base/over/kustomization.yaml\nresources: [..]\n"
    rendered = trees.built(trees.written(text, tmp_path), "base/over")
    expected = [("a cycle: .. leads back to base/over", "base/over/kustomization.yaml", 1)]
    actual = trees.problems(rendered)
    assert expected == actual


def test_a_file_that_is_no_yaml_is_a_failure(tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "bad.yaml").write_text("a: [\n", encoding="utf-8")
    rendered = _built(tmp_path, "resources: [pod.yaml, bad.yaml]\n")
    expected = ([("app/bad.yaml", 2)], False)
    actual = (
        [(one.at.path, one.at.span.line) for one in rendered.documents if isinstance(one, Failure)],
        rendered.closed,
    )
    assert expected == actual


@pytest.mark.parametrize(
    ("text", "reason", "line"),
    [
        ("resources: [pod.yaml]\nresorces: []\n", "kustomize knows no field 'resorces'", 2),
        ("resources: [pod.yaml]\npatches: [patch.yaml]\n", "`patches` has to be a list of mappings", 2),
        ("resources: pod.yaml\n", "`resources` has to be a list of texts", 1),
        ("kind: Kustomization\n", "kustomize refuses an empty kustomization", 1),
        ("kind: Deployment\napiVersion: apps/v1\n", "kustomize takes no apps/v1 Deployment for a kustomization", 1),
        ("- a\n", "a kustomization is a mapping with `resources`", 1),
        ("# nothing\n", "the kustomization is empty", 1),
        ("resources: [pod.yaml, pod.yaml]\n", "kustomize refuses pod.yaml: Pod web is there already", 1),
        ("components: [../app2]\n", "../app2 is not read: no such file or directory", 1),
        ("resources: [pod.yaml]\nnamePrefix: a\nNamePrefix: b\n", "`namePrefix` is given in two spellings", 3),
        ("resources: [pod.yaml]\nhelmCharts: [{name: x}]\n", "`helmCharts` needs kustomize", 2),
        ("commonLabels:\n  version: 2\n", "the value of 'version' has to be text, in quotes", 2),
        ("labels:\n  - pairs: {live: true}\n", "the value of 'live' has to be text, in quotes", 2),
        (
            "apiVersion: kustomize.config.k8s.io/v1alpha1\nresources: [pod.yaml]\n",
            "the `apiVersion` of a Kustomization is kustomize.config.k8s.io/v1beta1",
            1,
        ),
        ("resources: [empty.yaml]\n", "empty.yaml is not read: no such file or directory", 1),
    ],
)
def test_what_kustomize_refuses_is_a_problem(text: str, reason: str, line: int, tmp_path: Path) -> None:
    expected = [(reason, "app/kustomization.yaml", line)]
    actual = trees.problems(_built(tmp_path, text))
    assert expected == actual


_NO_POD = "kustomize refuses the patch: no object is Pod api"


@pytest.mark.parametrize(
    ("patches", "reason", "line"),
    [
        ("- {path: absent.yaml}", "the patch absent.yaml is not read: no such file or directory", 3),
        ("- patch: |\n    apiVersion: v1\n    kind: Pod\n    metadata:\n      name: api", _NO_POD, 7),
        ("- patch: '[]'\n  path: x", "a patch has either a `path` or a `patch`", 3),
        ("- patch: '[{op: add, path: /a, value: 1}]'", "a JSON patch needs a `target`", 3),
        (
            "- target: {kind: Pod}\n  patch: |\n    - op: remove\n      path: /spec/x",
            "the JSON patch does not fit the object: there is no /spec",
            6,
        ),
        (
            "- target: {kind: Pod}\n  patch: |\n    - op: jump\n      path: /spec/x",
            "JSON patches know no operation 'jump'",
            5,
        ),
        (
            "- target: {name: '(a+)+$'}\n  patch: '[{op: add, path: /a, value: 1}]'",
            "the target of the patch is not understood: the regular expression '(a+)+$' is more than is read here",
            3,
        ),
        (
            "- target: {kind: Pod}\n  patch: 'metadata: []'",
            "the patch has a list where the object has a mapping",
            4,
        ),
        ("- patch: 'a: ['", "the patch is not read: a value is missing here", 3),
    ],
)
def test_a_patch_that_does_not_fit_is_a_problem(patches: str, reason: str, line: int, tmp_path: Path) -> None:
    rendered = _built(tmp_path, f"resources: [pod.yaml]\npatches:\n{patches}\n")
    expected = (1, [(reason, "app/kustomization.yaml", line)], False)
    actual = (len(rendered.documents), trees.problems(rendered), rendered.closed)
    assert expected == actual


def test_aliases_that_stand_for_too_much_are_a_failure(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "bomb.yaml").write_text(_POD + "\n".join(lines) + "\n", encoding="utf-8")
    rendered = _built(tmp_path, "resources: [pod.yaml, bomb.yaml]\n")
    expected = ["aliases stand for too much: kubectl refuses to expand them"]
    actual = [one.message for one in rendered.documents if isinstance(one, Failure)]
    assert expected == actual


def test_copies_of_copies_do_not_fill_the_memory(tmp_path: Path) -> None:
    operations = "".join(f"      - {{op: copy, from: /metadata, path: /metadata/x{n}}}\n" for n in range(60))
    text = f"resources: [pod.yaml]\npatches:\n  - target: {{kind: Pod}}\n    patch: |\n{operations}"
    expected = ["what is to be copied is too large or too deep"]
    actual = [reason for reason, _, _ in trees.problems(_built(tmp_path, text))]
    assert expected == actual


def test_lists_that_take_for_ever_to_merge_are_not_merged(tmp_path: Path) -> None:
    items = ", ".join(f"{{name: v{n}}}" for n in range(3_000))
    patch = f"apiVersion: v1\n      kind: Pod\n      metadata: {{name: web}}\n      spec: {{volumes: [{items}]}}"
    text = f"resources: [pod.yaml]\npatches:\n  - patch: |\n      {patch}\n"
    expected = ["the build needs more than 10000000 steps, which is not done"]
    actual = [reason for reason, _, _ in trees.problems(_built(tmp_path, text))]
    assert expected == actual


def test_bases_of_bases_of_bases_end_somewhere(tmp_path: Path) -> None:
    text = "".join(
        f"--- # file: l{n}/kustomization.yaml\nresources: [../l{n + 1}/a, ../l{n + 1}/b]\n"
        f"--- # file: l{n}/a/kustomization.yaml\nnamePrefix: a\nresources: [../../l{n + 1}]\n"
        f"--- # file: l{n}/b/kustomization.yaml\nnamePrefix: b\nresources: [../../l{n + 1}]\n"
        for n in range(30)
    )
    text += f"--- # file: l30/kustomization.yaml\nresources: [pod.yaml]\n--- # file: l30/pod.yaml\n{_POD}"
    rendered = trees.built(trees.written(text, tmp_path), "l0")
    expected = True
    actual = "more than 2000 kustomizations in one build are not read" in {one.reason for one in rendered.problems}
    assert expected == actual


def test_there_are_never_more_problems_than_can_be_read(tmp_path: Path) -> None:
    text = "resources:\n" + "".join(f"  - https://example.org/{n}.yaml\n" for n in range(1_000))
    expected = 100
    actual = len(_built(tmp_path, text).problems)
    assert expected == actual


def test_two_kustomization_files_are_one_too_many(tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "kustomization.yml").write_text("resources: []\n", encoding="utf-8")
    reason = "kustomize refuses a directory with both kustomization.yaml and kustomization.yml"
    expected = [(reason, "app/kustomization.yml", 1)]
    actual = trees.problems(_built(tmp_path, "resources: [pod.yaml]\n"))
    assert expected == actual


def _built(directory: Path, kustomization: str) -> Rendered:
    text = f"--- # file: app/kustomization.yaml\n{kustomization}--- # file: app/pod.yaml\n{_POD}"
    return trees.built(trees.written(text, directory), "app")


# -- said once ----------------------------------------------------------------------------------------------


def test_the_files_of_one_kustomization_that_are_not_there_are_one_problem(tmp_path: Path) -> None:
    absent = [f"absent{number}.yaml" for number in range(1, 7)]
    text = "resources:\n  - pod.yaml\n" + "".join(f"  - {name}\n" for name in absent)
    words = "absent1.yaml, absent2.yaml, absent3.yaml and 3 more are not read: no such file or directory"
    expected = [(words, "app/kustomization.yaml", 3)]
    actual = trees.problems(_built(tmp_path, text))
    assert expected == actual


_PATCH = "patches:\n  - patch: |\n      apiVersion: v1\n      kind: Pod\n      metadata: {name: api}\n"
_REPLACEMENT = "replacements: [{source: {kind: ConfigMap, name: c}, targets: [{select: {kind: Pod}}]}]\n"
_MERGE = "configMapGenerator: [{name: c, behavior: merge, literals: [a=b]}]\n"
_VAR = "vars: [{name: A, objref: {apiVersion: v1, kind: ConfigMap, name: c}}]\n"
_JSON_PATCH = "patches:\n  - patch: |\n      apiVersion: v1\n      kind: Pod\n      metadata: {name: api}\n"


@pytest.mark.parametrize("mistake", [_PATCH, _REPLACEMENT, _MERGE, _VAR, _JSON_PATCH])
def test_what_may_follow_from_something_absent_is_not_said_besides(mistake: str, tmp_path: Path) -> None:
    alone = trees.problems(_built(tmp_path / "one", f"resources: [pod.yaml]\n{mistake}"))
    with_absent = trees.problems(_built(tmp_path / "two", f"resources: [pod.yaml, absent.yaml]\n{mistake}"))
    absent = [("absent.yaml is not read: no such file or directory", "app/kustomization.yaml", 1)]
    assert (1, absent) == (len(alone), with_absent)


@pytest.mark.parametrize(
    ("text", "closed"),
    [
        ("resources: [pod.yaml, absent.yaml]\n", False),
        ("resources: [pod.yaml, ../crds]\n", True),
        ("resources: [pod.yaml, 'https://example.org/crds.yaml']\n", True),
        ("resources: [pod.yaml, 'https://example.org/app.yaml']\n", False),
        ("resources: [pod.yaml, crdb.yaml]\n", False),
        ("resources: [pod.yaml]\nconfigMapGenerator: [{name: c, envs: [absent.env]}]\n", True),
        ("resources: [pod.yaml]\npatches: [{path: absent.yaml}]\n", False),
    ],
)
def test_only_what_pods_may_be_in_leaves_a_unit_open(text: str, closed: bool, tmp_path: Path) -> None:
    rendered = _built(tmp_path, text)
    assert (1, closed) == (len(rendered.problems), rendered.closed)


def test_a_generated_object_is_there_without_an_input_that_is_not(tmp_path: Path) -> None:
    text = "resources: [pod.yaml]\nsecretGenerator: [{name: s, envs: [absent.env], literals: [a=b]}]\n"
    rendered = _built(tmp_path, text)
    assert ["Pod", "Secret"] == [one.kind for one in rendered.documents if isinstance(one, Document)]


def test_remote_data_is_one_problem_and_remote_manifests_are_one_each(tmp_path: Path) -> None:
    urls = [f"https://example.org/{number}.json" for number in range(3)]
    data = f"resources: [pod.yaml]\nconfigMapGenerator: [{{name: c, files: [{', '.join(urls)}]}}]\n"
    words = f"{urls[0]}, {urls[1]} and {urls[2]} are not read: they are remote, and nothing is fetched"
    manifests = f"resources: [pod.yaml, {', '.join(urls)}]\n"
    assert ([words], 3) == (
        [problem for problem, *_ in trees.problems(_built(tmp_path / "data", data))],
        len(_built(tmp_path / "manifests", manifests).problems),
    )
