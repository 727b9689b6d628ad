"""Globs mean what they mean in .gitignore."""

from __future__ import annotations

import pytest
from hypothesis import example, given, strategies as st

from netpol_lint.source.globs import matches


@pytest.mark.parametrize(
    ("glob", "path"),
    [
        ("vendor", "vendor"),
        ("vendor", "vendor/a.yaml"),
        ("vendor", "deep/vendor/a.yaml"),
        ("vendor/", "deep/vendor/a.yaml"),
        ("*.yaml", "a.yaml"),
        ("*.yaml", "deep/a.yaml"),
        ("deploy/*.yaml", "deploy/a.yaml"),
        ("./deploy", "deploy/a.yaml"),
        ("/deploy", "deploy/a.yaml"),
        ("deploy/**", "deploy/deep/a.yaml"),
        ("**/test", "test/a.yaml"),
        ("**/test", "deep/deep/test/a.yaml"),
        ("a/**/b", "a/b"),
        ("a/**/b", "a/x/y/b/c"),
        ("a?.yaml", "ab.yaml"),
        ("[ab].yaml", "a.yaml"),
        ("[!ab].yaml", "c.yaml"),
        ("a[.yaml", "a[.yaml"),
        ("[z-a]", "[z-a]"),
        ("a.yaml", "x/a.yaml"),
        (".", "anything/at/all"),
        ("*", "a\nb"),
    ],
)
def test_a_glob_matches(glob: str, path: str) -> None:
    assert matches(path, ["other", glob])


@pytest.mark.parametrize(
    ("glob", "path"),
    [
        ("vendor", "vendors/a.yaml"),
        ("deploy/*.yaml", "deep/deploy/a.yaml"),
        ("deploy/*.yaml", "deploy/deep/a.yaml"),
        ("/a.yaml", "x/a.yaml"),
        ("*.yaml", "a.yml"),
        ("a.yaml", "aXyaml"),
        ("a?b", "a/b"),
        ("[!x]", "/"),
        ("a/[!x]b", "a//b"),
        ("", "a"),
    ],
)
def test_a_glob_does_not_match(glob: str, path: str) -> None:
    assert not matches(path, [glob])


@pytest.mark.parametrize(("glob", "expected"), [("[--a]", True), ("[?--]", False), ("[+--]", True), ("[---]", True)])
def test_a_dash_may_be_the_end_of_a_range(glob: str, expected: bool) -> None:
    assert expected is matches("-", [glob])


@given(st.text(), st.text("ab*?[]!/.^\\-|&~"))
@example("", "[?--]")
@example("", "[----]")
def test_any_glob_is_a_glob(path: str, glob: str) -> None:
    assert matches(path, [glob]) in (True, False)


@given(st.text("ab./*?[]\\", min_size=1))
def test_a_name_without_wildcards_matches_itself(name: str) -> None:
    plain = name.translate({ord(character): "x" for character in "*?[]/."}) + "/file"
    assert matches(plain, [plain])
