"""kustomize itself is run for plugins, and only on what is proved to be in the tree."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

from netpol_lint.render.files import Tree
from netpol_lint.render.jobs import Job, Rendered
from netpol_lint.render.kustomize import build
from netpol_lint.source.documents import Document
from tests.render.kustomize import trees

_PROJECT = """\
--- # file: app/kustomization.yaml
resources: [../base]
transformers: [plugin.yaml]
--- # file: app/plugin.yaml
apiVersion: builtin
kind: PrefixTransformer
metadata:
  name: notImportant
prefix: dev-
fieldSpecs:
  - path: metadata/name
--- # file: base/kustomization.yaml
resources: [pods.yaml]
--- # file: base/pods.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
---
apiVersion: v1
kind: Pod
metadata:
  name: api
  labels:
    app: api
"""
_POSIX = pytest.mark.skipif(sys.platform == "win32", reason="the stand-ins are shell scripts")
_KUBECTL = pytest.mark.skipif(shutil.which("kubectl") is None, reason="there is no kubectl")


@_KUBECTL
def test_what_kustomize_prints_is_put_back_to_its_lines(tmp_path: Path) -> None:
    rendered = trees.built(trees.written(_PROJECT, tmp_path), "app")
    expected = [("dev-api", ("base/pods.yaml", 9, 9)), ("dev-web", ("base/pods.yaml", 4, 9))]
    names = [trees.at(one.root, "metadata/name") for one in rendered.documents if isinstance(one, Document)]
    actual = sorted((name.text, trees.place(name.location)) for name in names)
    assert expected == actual


@_KUBECTL
def test_the_renderer_is_named_and_the_result_closed(tmp_path: Path) -> None:
    rendered = trees.built(trees.written(_PROJECT, tmp_path), "app")
    expected = (True, True, ())
    actual = ("kustomize v5." in rendered.renderer, rendered.closed, rendered.problems)
    assert expected == actual


@_KUBECTL
def test_nothing_of_the_overlay_for_the_origins_is_left(tmp_path: Path) -> None:
    rendered = trees.built(trees.written(_PROJECT, tmp_path), "app")
    expected = [
        {"apiVersion": "v1", "kind": "Pod", "metadata": {"labels": {"app": "api"}, "name": "dev-api"}},
        {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "dev-web"}},
    ]
    actual = trees.objects(rendered)
    assert expected == actual


@_POSIX
@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("[pods.yaml]", "[pods.yaml, https://example.org/x]", "is remote, and nothing is fetched"),
        ("[pods.yaml]", "[pods.yaml, ../../outside.yaml]", "outside the scanned tree"),
        ("[pods.yaml]", "[pods.yaml]\nRE\u017fources: [https://example.org/x]", "kustomize knows no field"),
        ("prefix: dev-", "prefix: https://example.org/x", "names something remote, and nothing is fetched"),
        ("apiVersion: builtin", "apiVersion: example.org/v1", "would run another program"),
        ("kind: PrefixTransformer", "kind: HelmChartInflationGenerator", "would run another program"),
        ("[plugin.yaml]", "[plugin.yaml]\nhelmCharts: [{name: x, repo: y}]", "render Helm charts"),
    ],
)
def test_kustomize_is_not_run_on_what_is_not_proved(
    old: str, new: str, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = _stand_in(tmp_path, monkeypatch, f"touch {tmp_path}/ran")
    rendered = _built(tmp_path / "tree", _PROJECT.replace(old, new))
    expected = (False, "built-in", True)
    actual = (ran.exists(), rendered.renderer, any(reason in one.reason for one in rendered.problems))
    assert expected == actual


@_POSIX
def test_a_program_in_the_tree_is_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ran = _stand_in(tmp_path, monkeypatch, f"touch {tmp_path}/ran", directory="tree/bin")
    rendered = _built(tmp_path / "tree", _PROJECT)
    expected = (False, "built-in")
    actual = (ran.exists(), rendered.renderer)
    assert expected == actual


@_POSIX
def test_a_program_that_fails_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _stand_in(tmp_path, monkeypatch, "echo no such thing >&2; exit 1")
    rendered = _built(tmp_path / "tree", _PROJECT)
    expected = [("kustomize fails: no such thing", "app/kustomization.yaml", 1)]
    actual = trees.problems(rendered)
    assert expected == actual


@_POSIX
def test_a_program_that_prints_for_ever_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("netpol_lint.render.kustomize.external._OUTPUT", 100_000)
    _stand_in(tmp_path, monkeypatch, 'test "$1" = version && exit; while :; do echo aaaaaaaaaaaaaaaaaaaaaaaaaaaa; done')
    rendered = _built(tmp_path / "tree", _PROJECT)
    expected = "kustomize fails: it prints more than 100000 bytes"
    actual = rendered.problems[-1].reason
    assert expected == actual


@_POSIX
def test_a_program_that_takes_too_long_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("netpol_lint.render.kustomize.external._SECONDS", 0.5)
    _stand_in(tmp_path, monkeypatch, 'test "$1" = version && exit; while :; do :; done')
    rendered = _built(tmp_path / "tree", _PROJECT)
    expected = "kustomize fails: it takes longer than 0.5 seconds"
    actual = rendered.problems[-1].reason
    assert expected == actual


def test_without_a_program_the_remedy_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    rendered = _built(tmp_path, _PROJECT)
    expected = (2, ["install kustomize or kubectl, or pipe `kustomize build DIRECTORY` into `netpol-lint check -`"])
    actual = (len(rendered.documents), [one.remedy for one in rendered.problems])
    assert expected == actual


def _stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, directory: str = "bin") -> Path:
    """A `kustomize` on PATH; the file that it would leave."""
    binary = tmp_path / directory / "kustomize"
    binary.parent.mkdir(parents=True)
    binary.write_text(f"#!/bin/sh\nPATH=/bin:/usr/bin\n{script}\n", encoding="utf-8")
    binary.chmod(0o755)
    monkeypatch.setenv("PATH", f"{binary.parent}{os.pathsep}/nowhere")
    return tmp_path / "ran"


def _built(directory: Path, text: str) -> Rendered:
    return build(Job("kustomize", "app", "app"), Tree([(".", str(trees.written(text, directory)))]))
