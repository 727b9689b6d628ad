"""The nearest config file is found, and none from outside the repository."""

from __future__ import annotations

from pathlib import Path

import pytest

from netpol_lint import config
from netpol_lint.errors import NetpolLintError

NAMES = [".netpol-lint.yaml", ".netpol-lint.yml", "netpol-lint.yaml", ".github/netpol-lint.yaml", "pyproject.toml"]


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with a directory two levels down, where the run starts."""
    root = tmp_path / "repository"
    for directory in (".git", ".github", "deploy/base"):
        (root / directory).mkdir(parents=True)
    monkeypatch.chdir(root / "deploy" / "base")
    return root


def _write(file: Path) -> None:
    file.write_text("[tool.netpol-lint]\n" if file.suffix == ".toml" else "")


def test_there_may_be_none(repository: Path) -> None:
    assert "" == config.find(".")


@pytest.mark.parametrize("first", range(len(NAMES)))
def test_of_several_in_one_directory_the_first_name_wins(repository: Path, first: int) -> None:
    for name in NAMES[first:]:
        _write(repository / name)
    assert f"../../{NAMES[first]}" == config.find(".")


def test_the_nearest_directory_wins(repository: Path) -> None:
    _write(repository / ".netpol-lint.yaml")
    _write(repository / "deploy" / "pyproject.toml")
    assert "../pyproject.toml" == config.find(".")


def test_the_path_is_as_the_start_is_given(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(repository)
    _write(repository / "deploy" / ".netpol-lint.yaml")
    assert "deploy/.netpol-lint.yaml" == config.find("deploy/base")


def test_nothing_above_the_repository_counts(repository: Path) -> None:
    _write(repository.parent / ".netpol-lint.yaml")
    assert "" == config.find(".")


def test_outside_a_repository_only_the_directory_itself_counts(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    _write(tmp_path / "a" / ".netpol-lint.yaml")
    assert ("", f"{tmp_path}/a/.netpol-lint.yaml") == (
        config.find(str(tmp_path / "a" / "b")),
        config.find(str(tmp_path / "a")),
    )


@pytest.mark.parametrize(
    "text", ["", "[tool.ruff]\n", "# netpol-lint\n", "netpol-lint = [", "tool = 1 # netpol-lint\n"]
)
def test_a_pyproject_without_the_table_is_none(repository: Path, text: str) -> None:
    (repository / "pyproject.toml").write_text(text)
    assert "" == config.find(".")


def test_a_directory_of_that_name_is_none(repository: Path) -> None:
    (repository / ".netpol-lint.yaml").mkdir()
    assert "" == config.find(".")


def test_a_link_that_leads_out_of_the_repository_is_an_error(repository: Path) -> None:
    (repository.parent / "outside.yaml").write_text("")
    (repository / ".netpol-lint.yaml").symlink_to("../outside.yaml")
    with pytest.raises(NetpolLintError, match=r"^../../.netpol-lint.yaml: the config file is a link that leads out"):
        config.find(".")
