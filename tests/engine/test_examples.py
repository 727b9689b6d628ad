"""A directory of examples that is asked for: each example is told what it is told by itself, from wherever one asks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from netpol_lint.config import Settings
from netpol_lint.engine import check_paths
from netpol_lint.engine.inputs import from_paths
from tests.trees import pod, policy

_CLOSED = f"{pod('web')}---\n{policy('web', selector='{matchLabels: {app: web}}')}"
_APPLICATION = (
    "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: a, namespace: argocd}\n"
    "spec: {source: {repoURL: x, path: open}, destination: {name: c, namespace: shop}}\n"
)


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    _write(tmp_path / "examples")
    return tmp_path


def _write(directory: Path) -> None:
    for name, text in (("open", pod("web")), ("closed", _CLOSED)):
        (directory / name).mkdir(parents=True)
        (directory / name / "all.yaml").write_text(text, encoding="utf-8")


def _told(*paths: str) -> list[str]:
    """The directories whose namespace lacks a default-deny."""
    findings = check_paths(Settings(paths=paths, select=("NP203",))).findings
    return [Path(finding.at.path).parent.name for finding in findings]


@pytest.mark.parametrize("path", [".", "examples", "./examples/"])
def test_an_example_takes_nothing_from_another(path: str) -> None:
    assert ["closed", "open"] == _told(path)


def test_so_it_does_where_one_stands_in_their_directory(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project / "examples")
    assert ["closed", "open"] == _told(".")


def _beside(project: Path) -> tuple[str, ...]:
    _write(project / "deploy")
    return ("deploy",)


def _of_a_checkout(project: Path) -> tuple[str, ...]:
    (project / "examples/.git").mkdir()
    return ("examples",)


def _one_by_one(_: Path) -> tuple[str, ...]:
    return ("examples/open", "examples/closed")


@pytest.mark.parametrize("asked", [_beside, _of_a_checkout, _one_by_one])
def test_what_is_no_example_may_go_where_another_policy_goes(
    project: Path, asked: Callable[[Path], tuple[str, ...]]
) -> None:
    assert ["closed"] == _told(*asked(project))


def test_what_argo_cd_deploys_in_a_tree_of_examples_counts_there(project: Path) -> None:
    (project / "examples/application.yaml").write_text(_APPLICATION, encoding="utf-8")
    units = from_paths(Settings(paths=("examples",))).units
    assert [(True, "c", "shop")] == [(u.is_example, u.cluster, u.namespace) for u in units if u.name == "open"]
