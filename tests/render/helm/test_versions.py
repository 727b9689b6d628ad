"""Ranges of versions mean what they mean to Helm."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from netpol_lint.render.helm.versions import fits, version_of


@pytest.mark.parametrize(
    ("version", "wanted"),
    [
        ("1.2.3", ""),
        ("1.2.3", "1.2.3"),
        ("v1.2.3", "1.2.3"),
        ("1.2.3", "^1.2"),
        ("0.2.9", "^0.2.0"),
        ("1.2.9", "~1.2.3"),
        ("1.9.9", "~1"),
        ("1.9.0", "1.x.x"),
        ("1.9.0", "1.*"),
        ("7.0.0", "*"),
        ("2.1.0", ">= 1.0, < 3"),
        ("2.1.0", ">=1.0 <3"),
        ("1.9.5", "1.2 - 1.9"),
        ("3.4.5", "~1 || ^3"),
        ("1.0.0", "!=1.0.1"),
        ("2.0.0", ">1"),
        ("1.2.0-rc.1", ">=1.0.0-0"),
        ("1.2.0+build", "1.2.0"),
    ],
)
def test_a_version_in_the_range(version: str, wanted: str) -> None:
    assert fits(version, wanted)


@pytest.mark.parametrize(
    ("version", "wanted"),
    [
        ("1.2.4", "1.2.3"),
        ("2.0.0", "^1.2"),
        ("1.1.9", "^1.2"),
        ("0.3.1", "^0.2.0"),
        ("0.0.2", "^0.0.1"),
        ("1.3.0", "~1.2.3"),
        ("1.2.0-rc.1", "^1.0.0"),
        ("1.5.0", ">1"),
        ("3.0.0", ">= 1.0, < 3"),
        ("2.0.0", "1.2 - 1.9"),
        ("1.0.0", "latest"),
        ("1.0.0", "^1 or so"),
        ("none", "^1"),
    ],
)
def test_a_version_beside_the_range(version: str, wanted: str) -> None:
    assert not fits(version, wanted)


def test_versions_compare_by_number_and_releases_come_last() -> None:
    ordered = ["1.0.0-alpha", "1.0.0-alpha.2", "1.0.0-alpha.10", "1.0.0-beta", "1.0.0", "1.2.0", "1.10.0"]
    mixed = [ordered[at] for at in (3, 6, 0, 2, 5, 1, 4)]
    assert sorted(mixed, key=version_of) == ordered


@given(st.text(max_size=300), st.text(alphabet="0123456789.xX*^~<>=!|, -va", max_size=300))
def test_any_text_is_a_version_and_a_range(version: str, wanted: str) -> None:
    assert fits(version, wanted) in (True, False)
