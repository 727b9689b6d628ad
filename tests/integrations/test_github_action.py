"""Where the action runs the tool."""

from __future__ import annotations

from pathlib import Path

import pytest

from netpol_lint.errors import NetpolLintError
from netpol_lint.integrations import github_action


def test_a_checkout_below_the_workspace_is_the_root(tmp_path: Path) -> None:
    (tmp_path / "code" / ".git").mkdir(parents=True)
    (tmp_path / "code" / "module" / ".git").mkdir(parents=True)
    expected = github_action.Place(tmp_path.resolve() / "code", "module")
    assert expected == github_action.place_in(str(tmp_path), "code/module")


def test_the_workspace_is_the_root_where_nothing_is_checked_out(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    expected = github_action.Place(tmp_path.resolve(), "sub")
    assert expected == github_action.place_in(str(tmp_path), "sub")


def test_a_link_out_of_the_workspace_is_refused(tmp_path: Path) -> None:
    (tmp_path / "workspace").mkdir()
    (tmp_path / "workspace" / "link").symlink_to(tmp_path)
    with pytest.raises(NetpolLintError) as refused:
        github_action.place_in(str(tmp_path / "workspace"), "link")
    assert "is no directory of the workspace" in str(refused.value)
