"""The files of the tree that the git generators of ApplicationSets read parameters from."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from functools import lru_cache
from itertools import islice
from typing import Final

from netpol_lint.records import NamedTuple
from netpol_lint.render.files import Tree
from netpol_lint.render.plan.areas import below
from netpol_lint.render.plan.generators import Pattern
from netpol_lint.source.files import Trouble
from netpol_lint.source.tree import Mapping, Sequence as Items

_MOST_ALTERNATIVES: Final = 64
_MOST_GLOBS: Final = 1_000
_MOST_ELEMENTS: Final = 100_000
_MOST_LOOKS: Final = 1_000_000
"""Both of all ApplicationSets together."""
_LONGEST_GLOB: Final = 500


class _File(NamedTuple):
    path: str
    """In the tree."""
    name: str
    """In the repository."""


class GeneratorFiles:
    """The files at some display paths, as git generators see them: the directories asked for are repositories."""

    def __init__(self, paths: Sequence[str], asked: Sequence[str], tree: Tree) -> None:
        self._tree = tree
        self._tops = tuple(
            tuple(_File(path, name) for path in paths if (name := below(path, top)) not in {"", "."}) for top in asked
        )
        self._matched: dict[str, tuple[_File, ...]] = {}
        self._held: dict[str, tuple[Mapping | None, ...]] = {}
        self._left = _MOST_ELEMENTS
        self._looks = _MOST_LOOKS

    def holding(self, patterns: tuple[Pattern, ...], most: int) -> tuple[list[tuple[str, Mapping | None]], int]:
        """Path in the repository and parameters of each element, by path; how many more there are."""
        excluded = {file.path for glob, is_excluded in patterns if is_excluded for file in self._matching(glob)}
        matched = {file for glob, is_excluded in patterns if not is_excluded for file in self._matching(glob)}
        self._looks -= len(matched) + len(excluded)
        if self._looks < 0:
            return [], len(matched)
        found: list[tuple[str, Mapping | None]] = []
        left_out = 0
        for file in sorted(matched, key=lambda file: file.name):
            held = () if file.path in excluded else self._elements(file.path)
            taken = held[: min(most - len(found), self._left)]
            left_out += len(held) - len(taken)
            self._left -= len(taken)
            found += ((file.name, parameters) for parameters in taken)
        return found, left_out

    def _matching(self, glob: str) -> tuple[_File, ...]:
        """The files that a glob means, below the first of the directories in which there are any."""
        known = self._matched.get(glob)
        if known is None:
            if len(self._matched) >= _MOST_GLOBS or len(glob) > _LONGEST_GLOB:
                return ()
            wanted = [_segments(one) for one in islice(_alternatives(glob), _MOST_ALTERNATIVES)]
            tops = (
                tuple(file for file in files if any(_matches(file.name.split("/"), one) for one in wanted))
                for files in self._tops
            )
            known = self._matched[glob] = next(filter(None, tops), ())
        return known

    def _elements(self, path: str) -> tuple[Mapping | None, ...]:
        """The sets of parameters in a file: a mapping, or a list of them; an empty file is one without parameters."""
        known = self._held.get(path)
        if known is None:
            trees = self._tree.trees(path)
            root = () if isinstance(trees, Trouble) else trees[0] if trees else None
            if root is None or isinstance(root, Mapping):
                known = (root,)
            else:
                known = tuple(item for item in root if isinstance(item, Mapping)) if isinstance(root, Items) else ()
            self._held[path] = known
        return known


def _alternatives(glob: str) -> Iterator[str]:
    """The globs without braces that one with `{a,b}` stands for."""
    start = glob.find("{")
    end = glob.find("}", start)
    if start < 0 or end < 0:
        yield glob
        return
    for choice in glob[start + 1 : end].split(","):
        for rest in _alternatives(glob[end + 1 :]):
            yield f"{glob[:start]}{choice}{rest}"


@lru_cache(maxsize=_MOST_ALTERNATIVES)
def _segments(glob: str) -> tuple[str, ...]:
    parts = posixpath.normpath(glob.strip("/") or ".").split("/")
    return tuple(part.replace("[^", "[!") for part in parts)


def _matches(names: Sequence[str], wanted: Sequence[str]) -> bool:
    """Whether a path is one that a glob means: `**` alone between slashes is any number of directories, also none."""
    reached = {0}
    for name in names:
        reached = _beyond(reached, wanted)
        reached = {
            at if wanted[at] == "**" else at + 1
            for at in reached
            if at < len(wanted) and (wanted[at] == "**" or fnmatchcase(name, wanted[at]))
        }
    return len(wanted) in _beyond(reached, wanted)


def _beyond(reached: set[int], wanted: Sequence[str]) -> set[int]:
    """The places in a glob that are reached once `**` may stand for nothing."""
    found = set(reached)
    for at in sorted(reached):
        while at < len(wanted) and wanted[at] == "**":
            at += 1  # noqa: PLW2901
            found.add(at)
    return found
