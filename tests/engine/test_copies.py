"""What somebody rendered and put beside its source is told at the source; what somebody wrote twice is told twice."""

from __future__ import annotations

import pytest

from netpol_lint.config import Settings
from netpol_lint.engine import check_texts
from netpol_lint.findings import Finding
from tests.trees import pod, policy, texts_of

_POLICY = policy("payment", selector="{matchLabels: {app: paymnet}}")
_PARTS = "---\n".join((_POLICY, pod("payment"), pod("web")))
_KUSTOMIZATION = "--- # file: app/kustomization.yaml\nresources: [all.yaml]\n--- # file: app/all.yaml\n"


def _slips(tree: str) -> tuple[Finding, ...]:
    return check_texts(texts_of(tree), Settings(select=("NP103",))).findings


@pytest.mark.parametrize("copy", ["install.yaml", "a.yaml", "app/install.yaml"])
def test_a_rendered_copy_is_told_at_its_source(copy: str) -> None:
    (found,) = _slips(f"{_KUSTOMIZATION}{_PARTS}--- # file: {copy}\n{_PARTS}")
    assert found.at.path == "app/all.yaml"
    assert [related.at.path for related in found.related if related.message.startswith("likewise in ")] == [copy]
    assert len(found.units) == 2


@pytest.mark.parametrize(
    "other",
    [
        f"{_PARTS}---\n{pod('more')}",  # one that the source does not have
        _PARTS.replace("paymnet", "paymen"),  # another mistake
    ],
)
def test_what_is_no_copy_is_told_as_well(other: str) -> None:
    found = _slips(f"{_KUSTOMIZATION}{_PARTS}--- # file: install/all.yaml\n{other}")
    assert [one.at.path for one in found] == ["app/all.yaml", "install/all.yaml"]


def test_two_directories_of_plain_manifests_are_told_each() -> None:
    assert len(_slips(f"--- # file: dev/all.yaml\n{_PARTS}--- # file: prod/all.yaml\n{_PARTS}")) == 2


def test_what_a_namespace_lacks_is_told_once_for_overlays_and_copies_however_many_policies_each_has() -> None:
    tree = (
        "--- # file: base/kustomization.yaml\nresources: [all.yaml]\n--- # file: base/all.yaml\n"
        + _PARTS
        + "--- # file: dev/kustomization.yaml\nresources: [../base]\n"
        + "--- # file: prod/kustomization.yaml\nresources: [../base, more.yaml]\n--- # file: prod/more.yaml\n"
        + policy("web", selector="{matchLabels: {app: web}}")
        + "--- # file: install.yaml\n"
        + "---\n".join((_PARTS, policy("web", selector="{matchLabels: {app: web}}")))
    )
    (found,) = check_texts(texts_of(tree), Settings(select=("NP203",))).findings
    assert found.at.path == "base/all.yaml"
