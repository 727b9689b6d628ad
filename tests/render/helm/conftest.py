"""Every test works in a directory of its own; those that render do so with each renderer there is."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.render.helm.making import needs


@pytest.fixture(autouse=True)
def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory, which is the scanned tree."""
    root = tmp_path / "tree"
    root.mkdir()
    monkeypatch.chdir(root)
    return root


@pytest.fixture(params=["binary", "sdk"])
def renderer(request: pytest.FixtureRequest) -> str:
    """The user's `helm`, then Helm's library."""
    return needs(str(request.param))
