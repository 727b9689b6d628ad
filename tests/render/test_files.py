"""The scanned tree: what is in it, and nothing else."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from netpol_lint.render.files import Tree
from netpol_lint.source.files import Trouble
from netpol_lint.source.limits import Limits


def test_files_are_read_by_their_display_path(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "x.yaml").write_text("x", encoding="utf-8")
    trees = [Tree([(".", str(tmp_path))]), Tree([("repo/a", str(tmp_path / "a"))]), Tree([("/r", str(tmp_path))])]
    expected = [b"x"] * 3
    actual = [tree.read(path) for tree, path in zip(trees, ("a/./x.yaml", "repo/a/x.yaml", "/r/a/x.yaml"), strict=True)]
    assert expected == actual


@pytest.mark.parametrize("path", ["../x", "a/../../x", "..", "/etc/hosts", "elsewhere/x"])
def test_what_is_not_below_a_root_is_not_read(path: str, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "x").write_text("x", encoding="utf-8")
    found = [Tree([(root, str(tmp_path / "in"))]).read(path) for root in (".", "in")]
    expected = [True, True]
    actual = [isinstance(one, Trouble) for one in found]
    assert expected == actual


def test_several_roots_are_one_tree(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "f").write_text(name, encoding="utf-8")
    tree = Tree([("one", str(tmp_path / "one")), ("two", str(tmp_path / "two"))])
    expected = [b"one", b"two"]
    actual = [tree.read("one/../two/../one/f"), tree.read("two/f")]
    assert expected == actual


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege")
def test_a_link_within_the_tree_is_followed(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "f").write_text("x", encoding="utf-8")
    (tmp_path / "link").symlink_to("real")
    tree = Tree([(".", str(tmp_path))])
    expected = (b"x", True, ("f",))
    actual = (tree.read("link/f"), tree.is_directory("link"), tree.list("link"))
    assert expected == actual


def test_what_is_there_is_a_file_or_a_directory(tmp_path: Path) -> None:
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "f").touch()
    tree = Tree([(".", str(tmp_path))])
    expected = [(True, False, True), (True, True, False), (False, False, False), (False, False, False)]
    actual = [(tree.exists(p), tree.is_file(p), tree.is_directory(p)) for p in ("d", "d/f", "gone", "d/f/x")]
    assert expected == actual


def test_together_files_are_not_read_beyond_a_limit(tmp_path: Path) -> None:
    for name in "abc":
        (tmp_path / name).write_text("12345678", encoding="utf-8")
    tree = Tree([(".", str(tmp_path))], Limits(total=10))
    expected = [bytes, bytes, Trouble, bytes]
    actual = [type(tree.read(name)) for name in "abca"]
    assert expected == actual
