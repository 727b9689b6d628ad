"""Which files are read, and which are not and say so."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from netpol_lint.errors import NetpolLintError
from netpol_lint.source.discovery import FIXTURES, Discovered, discover
from netpol_lint.source.files import File, Trouble, read_file
from netpol_lint.source.limits import DEFAULT

POSIX = pytest.mark.skipif(os.name != "posix", reason="needs links, FIFOs and names of any bytes")


@pytest.fixture(autouse=True)
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory to work in, away from any repository and from git's settings of this machine."""
    root = tmp_path / "tree"
    root.mkdir()
    monkeypatch.chdir(root)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    return root


def put(*paths: str) -> None:
    for path in paths:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).write_text("kind: A\n", encoding="utf-8")


def git(*arguments: str, at: str = ".") -> None:
    identity = ("-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false")
    subprocess.run(
        ["git", *identity, "-c", "protocol.file.allow=always", *arguments], cwd=at, check=True, capture_output=True
    )


def found(
    *paths: str, exclude: tuple[str, ...] = (), fixtures: frozenset[str] = FIXTURES, base: str = ""
) -> Discovered:
    return discover(paths or (".",), exclude=exclude, fixtures=fixtures, base=base)


def shown(*paths: str, exclude: tuple[str, ...] = (), base: str = "") -> list[str]:
    return [file.path for file in found(*paths, exclude=exclude, base=base).files]


def messages(*paths: str) -> dict[str, str]:
    return dict(found(*paths).troubles)


# -- a plain directory ----------------------------------------------------------------------------------------


def test_manifests_are_found_in_order_of_their_paths() -> None:
    put("b.yml", "a/z.yaml", "a.yaml", "c.JSON", "readme.md", "d/e/f.yaml", "yaml", "x.yaml.bak")
    assert ["a.yaml", "a/z.yaml", "b.yml", "c.JSON", "d/e/f.yaml"] == shown()


def test_other_peoples_directories_are_skipped_unless_named() -> None:
    put("node_modules/a.yaml", "x/vendor/b.yaml", ".terraform/c.yaml", ".github/d.yaml")
    assert [".github/d.yaml"] == shown()
    assert ["x/vendor/b.yaml"] == shown("x/vendor")


def test_a_named_file_is_read_whatever_its_name() -> None:
    put("manifest.txt", "tests/a.yaml", "x/b.yaml")
    assert ["manifest.txt", "tests/a.yaml", "x/b.yaml"] == shown(
        "x/b.yaml", "manifest.txt", "tests/a.yaml", exclude=("x", "*.txt")
    )


def test_a_file_named_twice_is_read_once() -> None:
    put("a/b.yaml")
    assert ["a/b.yaml"] == shown("a/b.yaml", "a", ".", "./a/../a/b.yaml")


def test_paths_are_shown_from_the_working_directory_or_as_given(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put("in/a.yaml", "out/b.yaml")
    monkeypatch.chdir(tree / "in")
    assert ["../out/b.yaml", "a.yaml"] == shown(".", "../out")
    assert ["a.yaml"] == shown(str(tree / "in"))
    assert [f"{tree.as_posix()}/out/b.yaml"] == shown(str(tree / "out"))


def test_standard_input_is_no_file() -> None:
    put("a.yaml")
    assert ["a.yaml"] == shown("-", "a.yaml")


@pytest.mark.parametrize("path", ["missing", "missing/a.yaml", "a.yaml/b", "a\0b"])
def test_a_path_that_does_not_exist_is_an_error(path: str) -> None:
    put("a.yaml")
    with pytest.raises(NetpolLintError) as caught:
        found(path)
    assert path == caught.value.path
    assert caught.value.message in ("no such file or directory", "not a directory", "no path can hold a null character")


@pytest.mark.parametrize(
    ("globs", "left"),
    [
        (("a",), ["b/c.yaml", "top.yaml"]),
        (("a/",), ["b/c.yaml", "top.yaml"]),
        (("/a/*.yaml",), ["a/d/e.yaml", "b/c.yaml", "top.yaml"]),
        (("**/e.yaml", "top.*"), ["a/b.yaml", "b/c.yaml"]),
        (("a/**",), ["b/c.yaml", "top.yaml"]),
        (("[!a-c]*.yaml",), ["a/b.yaml", "b/c.yaml"]),
    ],
)
def test_globs_leave_files_out(globs: tuple[str, ...], left: list[str]) -> None:
    put("a/b.yaml", "a/d/e.yaml", "b/c.yaml", "top.yaml")
    assert left == shown(exclude=globs)


def test_globs_begin_where_their_config_stands(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put("sub/a/x.yaml", "sub/b/x.yaml")
    monkeypatch.chdir(tree / "sub")
    assert ["b/x.yaml"] == shown(exclude=("sub/a",), base="..")


def test_test_data_is_left_out_and_counted() -> None:
    put("app/a.yaml", "tests/b.yaml", "x/testdata/deep/c.json", "x/test.yaml")
    result = found()
    assert (["app/a.yaml", "x/test.yaml"], 2) == ([file.path for file in result.files], result.fixtures)
    assert 4 == len(found(fixtures=frozenset()).files)


def test_test_data_that_is_named_is_read_and_not_counted() -> None:
    put("tests/b.yaml", "tests/e2e/c.yaml")
    result = found("tests")
    assert (["tests/b.yaml"], 1) == ([file.path for file in result.files], result.fixtures)
    assert 0 == found(".", "tests/b.yaml", "tests/e2e").fixtures


# -- links and what is no file --------------------------------------------------------------------------------


@POSIX
def test_links_inside_the_tree_stand_for_their_target_once() -> None:
    put("real/a.yaml", "data/plain.txt")
    Path("link.yaml").symlink_to("real/a.yaml")
    Path("again.yaml").symlink_to("link.yaml")
    Path("text.yaml").symlink_to("data/plain.txt")
    Path("directory").symlink_to("real")
    Path("real/loop").symlink_to("..")
    assert (["data/plain.txt", "real/a.yaml"], {}) == (shown(), messages())


@POSIX
def test_links_never_lead_out_of_the_tree(tmp_path: Path) -> None:
    (tmp_path / "outside.yaml").write_text("kind: A\n")
    put("in/a.yaml")
    Path("in/out.yaml").symlink_to(tmp_path / "outside.yaml")
    Path("in/up.yaml").symlink_to("../b.yaml")
    put("b.yaml")
    Path("in/outside").symlink_to(tmp_path)
    Path("in/nowhere.yaml").symlink_to("gone")
    Path("in/circle.yaml").symlink_to("circle.yaml")
    out = "a symbolic link that leads out of the scanned tree, so it is not followed"
    assert ["in/a.yaml"] == shown("in")
    troubles = messages("in")
    assert (out, out, "a symbolic link that leads nowhere") == (
        troubles["in/out.yaml"],
        troubles["in/up.yaml"],
        troubles["in/nowhere.yaml"],
    )
    assert {"in/circle.yaml", "in/nowhere.yaml", "in/out.yaml", "in/up.yaml"} == troubles.keys()


@POSIX
def test_a_named_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/a.yaml").write_text("kind: A\n")
    Path("way").symlink_to(tmp_path / "outside")
    assert ["way/a.yaml"] == shown("way")


@POSIX
def test_a_fifo_is_not_waited_for() -> None:
    put("a.yaml")
    os.mkfifo("pipe.yaml")
    os.mkfifo("named")
    message = "not a regular file, so it is not read"
    assert {"pipe.yaml": message, "named": message} == messages(".", "named")
    assert Trouble("pipe.yaml", message) == read_file(File("pipe.yaml", "pipe.yaml", 0), DEFAULT)


@POSIX
@pytest.mark.skipif(sys.platform == "darwin", reason="names are UTF-8 there")
def test_a_name_that_is_not_utf_8_is_told(tree: Path) -> None:
    (tree / os.fsdecode(b"caf\xe9.yaml")).write_bytes(b"kind: A\n")
    assert ([], {"caf\\xe9.yaml": "the path is not UTF-8 text, so it is not read"}) == (shown(), messages())


# -- git ------------------------------------------------------------------------------------------------------


@pytest.fixture
def repository() -> None:
    """A repository with a tracked, a deleted, an untracked and two ignored manifests."""
    put("tracked.yaml", "gone.yaml", "forced/a.yaml")
    Path(".gitignore").write_text("ignored*\nforced/\n")
    git("init", "-q")
    git("add", "-f", "tracked.yaml", "gone.yaml", "forced/a.yaml")
    git("commit", "-q", "-m", "x")
    Path("gone.yaml").unlink()
    put("untracked.yaml", "ignored.yaml", "ignored/b.yaml", "forced/c.yaml", "sub/d.yaml")


def test_what_git_ignores_is_not_read(repository: None) -> None:
    assert ["forced/a.yaml", "sub/d.yaml", "tracked.yaml", "untracked.yaml"] == shown()


def test_a_directory_of_a_repository_alone(repository: None) -> None:
    assert ["sub/d.yaml"] == shown("sub")


def test_what_is_named_is_read_though_git_ignores_it(repository: None) -> None:
    assert ["ignored.yaml", "ignored/b.yaml"] == shown("ignored", "ignored.yaml")
    assert ["forced/a.yaml", "forced/c.yaml"] == shown("forced")


def test_the_environment_of_a_hook_does_not_mislead_git(repository: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_DIR", "/nonexistent")
    monkeypatch.setenv("GIT_INDEX_FILE", "/nonexistent/index")
    monkeypatch.setenv("GIT_WORK_TREE", "/")
    assert ["forced/a.yaml", "sub/d.yaml", "tracked.yaml", "untracked.yaml"] == shown()


def test_without_git_everything_is_read(repository: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    assert "ignored.yaml" in shown()


def test_a_broken_repository_is_a_directory() -> None:
    put("a.yaml", ".git/x.yaml")
    assert ["a.yaml"] == shown()


def test_a_bare_repository_is_a_directory() -> None:
    git("init", "-q", "--bare", "bare.git")
    put("bare.git/a.yaml")
    assert ["bare.git/a.yaml"] == shown("bare.git")


def test_submodules_and_repositories_inside_are_read_by_their_own_rules(tmp_path: Path) -> None:
    put("../library/a.yaml", "../library/.keep")
    git("init", "-q", at="../library")
    git("add", ".", at="../library")
    git("commit", "-q", "-m", "x", at="../library")
    git("init", "-q")
    git("submodule", "add", "-q", str(tmp_path / "library"), "modules/library.d")
    put("modules/library.d/new.yaml", "modules/library.d/ignored.yaml", "inner/b.yaml", "inner/ignored.yaml")
    Path("modules/library.d/.gitignore").write_text("ignored.yaml\n")
    git("init", "-q", at="inner")
    Path("inner/.gitignore").write_text("ignored.yaml\n")
    assert ["inner/b.yaml", "modules/library.d/a.yaml", "modules/library.d/new.yaml"] == shown()


@POSIX
def test_a_tracked_directory_that_became_a_link_is_not_followed(tmp_path: Path, repository: None) -> None:
    put("../elsewhere/d.yaml")
    git("add", "sub")
    Path("sub/d.yaml").unlink()
    Path("sub").rmdir()
    Path("sub").symlink_to(tmp_path / "elsewhere")
    assert ["forced/a.yaml", "tracked.yaml", "untracked.yaml"] == shown()


@POSIX
def test_a_repositorys_settings_start_no_program(repository: None, tmp_path: Path) -> None:
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
    program.chmod(0o755)
    git("config", "core.fsmonitor", str(program))
    found()
    assert not (tmp_path / "ran").exists()


# -- reading --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [0, 5, 32 * 1024 - 1, 32 * 1024, 32 * 1024 + 1, 100_000])
def test_all_bytes_of_a_file_are_read(size: int) -> None:
    content = bytes(index % 251 for index in range(size))
    Path("a.yaml").write_bytes(content)
    (file,) = found().files
    assert (size, content) == (file.size, read_file(file, DEFAULT))


def test_a_file_beyond_the_limit_is_not_read() -> None:
    put("a.yaml")
    (file,) = found().files
    assert Trouble("a.yaml", "larger than 7 bytes, so it is not read") == read_file(file, DEFAULT._replace(file=7))
    assert b"kind: A\n" == read_file(file, DEFAULT._replace(file=8))


def test_a_file_that_vanishes_is_told() -> None:
    put("a.yaml")
    (file,) = found().files
    Path("a.yaml").unlink()
    assert Trouble("a.yaml", "no such file or directory") == read_file(file, DEFAULT)


def test_a_file_that_became_a_directory_is_told() -> None:
    put("a.yaml")
    (file,) = found().files
    Path("a.yaml").unlink()
    Path("a.yaml").mkdir()
    assert "a.yaml" == read_file(file, DEFAULT).path  # type: ignore[union-attr]
