"""Directories that say by their name that they stand apart from what is deployed."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable
from typing import Final

_EXAMPLES: Final = frozenset(("docs", "doc", "examples", "samples"))
_PATCH: Final = re.compile(r"(?:^|[-_.])patch(?:es)?(?:[-_.]|$)", re.IGNORECASE)


def below(path: str, directory: str) -> str:
    """A path as seen from a directory at or above it; "." for the directory itself, "" if it lies elsewhere."""
    if directory in (".", ""):
        return path
    if path == directory:
        return "."
    return path[len(directory) + 1 :] if path.startswith(f"{directory}/") else ""


def closest(path: str, roots: Iterable[str]) -> str:
    """The nearest of the directories at or above a path; "." if none is."""
    return max((root for root in roots if below(path, root)), key=len, default=".")


def is_example(path: str, roots: Iterable[str]) -> bool:
    """Whether a file or directory lies in documentation, examples or samples below what was asked for."""
    parts = below(path, closest(path, roots)).split("/")
    return not _EXAMPLES.isdisjoint(parts)


def holds_examples(directory: str) -> bool:
    """Whether a directory says by its own name that it is documentation, or holds examples or samples."""
    return posixpath.basename(directory) in _EXAMPLES


def is_patch(path: str) -> bool:
    """Whether the name of a file, or of its directory, says that it patches objects."""
    directory, name = posixpath.split(path)
    return bool(_PATCH.search(name) or _PATCH.search(posixpath.basename(directory)))
