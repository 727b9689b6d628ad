"""The recipes people copy their first policies from: what each promises holds, and what the linter says about it.

Every recipe is a directory of `tests/recipes` with manifests of our own, a test file that asserts what the recipe
promises, and the findings it has, one a line: the rule, its severity, and where. None is an error.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from netpol_lint import engine
from netpol_lint.config import Settings
from netpol_lint.engine import testing
from tests.running import CATALOG

RECIPES = tuple(sorted(path.parent for path in (Path(__file__).parent / "recipes").glob("*/policy.yaml")))
PUBLISHED = Path(__file__).parents[2] / "shared" / "corpus" / "network-policy-recipes"


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda path: path.name)
def test_what_a_recipe_promises_holds(recipe: Path) -> None:
    tested, warnings = testing.run_tests((str(recipe),), Settings())
    assert ((), ()) == (tested.failed, warnings)


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda path: path.name)
def test_what_the_linter_says_about_a_recipe_is_known(recipe: Path) -> None:
    known = {rule.id for rule in CATALOG.rules if rule.has_check}
    listed = (recipe / "findings.txt").read_text(encoding="utf-8").splitlines()
    expected = [line for line in listed if line.split()[0] in known]
    report = engine.check_paths(Settings(paths=(str(recipe),)))
    found = ((Path(f.at.path).name, f.at.span.line, f.rule, f.severity.value) for f in report.findings)
    assert expected == [f"{rule} {severity} {name}:{line}" for name, line, rule, severity in sorted(found)]


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda path: path.name)
def test_no_recipe_is_an_error(recipe: Path) -> None:
    report = engine.check_paths(Settings(paths=(str(recipe),)))
    assert [] == [finding for finding in report.findings if finding.severity.value == "error"]


@pytest.mark.skipif(not PUBLISHED.is_dir(), reason="the published recipes are not here")
def test_every_published_recipe_with_a_policy_is_there() -> None:
    policies = (page for page in PUBLISHED.glob("[0-9]*.md") if "kind: NetworkPolicy" in page.read_text("utf-8"))
    assert [] == sorted({page.stem for page in policies} - {recipe.name for recipe in RECIPES})
