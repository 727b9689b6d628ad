"""A rule is left out where a unit holds nothing that it needs; that never takes a finding away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from netpol_lint.catalog import Rule
from netpol_lint.catalog.pages import read_page
from netpol_lint.cluster.elsewhere import Surroundings
from netpol_lint.cluster.holdings import HOLDINGS, holds
from netpol_lint.config import Settings
from netpol_lint.engine import Inputs, from_paths, from_texts
from netpol_lint.engine.judging import cluster_of
from tests.running import CATALOG, settings_of

CORPUS = Path(__file__).parents[2].parent / "shared" / "corpus"
TREES = sorted(path for path in CORPUS.glob("*") if path.is_dir())
CHECKED = [rule for rule in CATALOG.rules if rule.has_check]


def _lost(inputs: Inputs, settings: Settings) -> list[tuple[str, str]]:
    """What rules find in units that do not hold what they need: rule and message."""
    surroundings = Surroundings(inputs.units)
    clusters = [cluster_of(unit, settings, surroundings) for unit in inputs.units]
    return [
        (rule.id, problem.message)
        for cluster in clusters
        for rule in CHECKED
        if not holds(cluster, rule.needs)
        for problem in rule.check(cluster, **CATALOG.options_of(rule, settings))
    ]


def _examples() -> Iterator[object]:
    for rule in CATALOG.rules:
        for example in read_page(rule.page).examples:
            texts = {path: text.encode() for path, text in example.files}
            yield pytest.param(texts, settings_of(example), id=f"{rule.id}:{example.line}")


@pytest.mark.parametrize(("texts", "settings"), list(_examples()))
def test_no_finding_of_an_example_is_lost(texts: Mapping[str, bytes], settings: Settings) -> None:
    assert [] == _lost(from_texts(texts, settings), settings)


@pytest.mark.slow
@pytest.mark.parametrize("tree", TREES, ids=lambda tree: tree.name)
def test_no_finding_of_a_real_tree_is_lost(tree: Path) -> None:
    settings = Settings(paths=(str(tree),))
    assert [] == _lost(from_paths(settings), settings)


@pytest.mark.parametrize("rule", CATALOG.rules, ids=lambda rule: rule.id)
def test_what_a_rule_needs_is_known(rule: Rule) -> None:
    assert set() == set(rule.needs) - HOLDINGS.keys()


def test_everything_that_can_be_needed_is_needed_by_a_rule() -> None:
    assert set() == HOLDINGS.keys() - {need for rule in CATALOG.rules for need in rule.needs}


_TIER = """apiVersion: policy.networking.k8s.io/v1alpha1
kind: AdminNetworkPolicy
metadata: {name: guard}
spec: {priority: 5, subject: {namespaces: {}}}
---
"""
_FOREIGN = """apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: guard, namespace: shop}
spec: {endpointSelector: {}}
---
"""


@pytest.mark.parametrize("policy", [_TIER, _FOREIGN], ids=["tier", "foreign"])
def test_policies_of_other_dialects_are_policies(policy: str) -> None:
    assert [] == _lost(from_texts({"policies.yaml": (policy + policy).encode()}, Settings()), Settings())
