"""The kustomizations of a tree: who refers to whom, which are leaves, and which files are theirs."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

from netpol_lint.render.files import Tree
from netpol_lint.render.kustomize import Reach, Role, file_in, references
from netpol_lint.render.kustomize.kustomization import NAMES
from netpol_lint.render.kustomize.refusal import Refused

_MADE_OF: Final = (Role.RESOURCE, Role.COMPONENT)


@dataclass(slots=True)
class Kustomizations:
    """What the kustomizations of a tree say of each other. Directories and files are display paths."""

    files: dict[str, str] = field(default_factory=dict)
    """By directory: the kustomization file in it."""
    components: set[str] = field(default_factory=set)
    used: set[str] = field(default_factory=set)
    """Directories that others are made of."""
    charts: set[str] = field(default_factory=set)
    """Directories of charts that some kustomization takes in."""
    listed: set[str] = field(default_factory=set)
    """Files that some kustomization names, for whatever use."""

    @property
    def leaves(self) -> tuple[str, ...]:
        """The kustomizations that no other is made of, sorted. Components are never deployed alone.

        Those that are made of each other have no leaf; the first of them by name stands for all.
        """
        return tuple(sorted(self.files.keys() - self.used - self.components))


def is_kustomization(path: str) -> bool:
    """Whether a file has the name of a kustomization."""
    return posixpath.basename(path) in NAMES


def kustomizations_in(paths: Iterable[str], tree: Tree, is_example: Callable[[str], bool]) -> Kustomizations:
    """Those of the directories in which one of the paths is a kustomization.

    What examples refer to counts only for other examples: it is deployed without them too.
    """
    found = Kustomizations()
    for directory in sorted({posixpath.dirname(path) for path in paths if is_kustomization(path)}):
        found.files[directory] = _file_in(directory, tree)
    for directory, file in found.files.items():
        said = references(directory, tree)
        found.listed.add(said.path or file)
        if said.is_component:
            found.components.add(directory)
        for reference in said.references:
            if is_example(directory) and not is_example(reference.path):
                continue
            if reference.reach is Reach.FILE:
                found.listed.add(reference.path)
            elif reference.reach is Reach.DIRECTORY and reference.role in _MADE_OF and reference.path != directory:
                found.used.add("" if reference.path == "." else reference.path)
            elif reference.reach is Reach.DIRECTORY and reference.role is Role.CHART:
                found.charts.add(reference.path)
    return found


def _file_in(directory: str, tree: Tree) -> str:
    try:
        return file_in(directory or ".", tree)
    except Refused as refused:
        return refused.at.path
