"""Which file configures a run: the nearest one, up to the root of the repository."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Final

from netpol_lint.errors import NetpolLintError

NAMES: Final = (".netpol-lint.yaml", ".netpol-lint.yml", "netpol-lint.yaml", ".github/netpol-lint.yaml")
PYPROJECT: Final = "pyproject.toml"
TABLE: Final = ("tool", "netpol-lint")


def find(start_directory: str) -> str:
    """The config file that holds for a directory, "" if there is none.

    Looked for in the directory and those above it, up to the root of the git repository; outside a repository only
    in the directory itself. NetpolLintError if the one found is a link that leads out of the tree.
    """
    directories = list(_upwards(os.path.normpath(start_directory)))
    for directory in directories:
        for name in (*NAMES, PYPROJECT):
            candidate = name if directory == "." else os.path.join(directory, name)
            if os.path.isfile(candidate) and (name != PYPROJECT or _has_table(candidate)):
                _check_inside(candidate, directories[-1])
                return candidate.replace(os.sep, "/")
    return ""


def base_of(path: str) -> str:
    """The directory that the paths in a config file are relative to, itself relative to the working directory.

    It is the file's own (of `.github/netpol-lint.yaml` the one above) if the working directory is that or below it, as
    for every file that is found; for a file that is named from elsewhere it is the working directory.
    """
    directory, name = os.path.split(path)
    if os.path.basename(directory) == ".github" and name == "netpol-lint.yaml":
        directory = os.path.dirname(directory)
    directory = directory or "."
    holds = _is_inside(os.getcwd(), directory)
    return os.path.relpath(directory).replace(os.sep, "/") if holds else "."


def _upwards(start: str) -> Iterator[str]:
    """The directory and those above it, as relative as it is given; only itself if no repository holds it."""
    directory, absolute, above = start, os.path.abspath(start), [start]
    while not os.path.exists(os.path.join(absolute, ".git")):
        higher = os.path.dirname(absolute)
        if higher == absolute:
            return iter([start])
        absolute, directory = higher, os.path.normpath(os.path.join(directory, ".."))
        above.append(directory)
    return iter(above)


def _has_table(candidate: str) -> bool:
    """Whether a pyproject.toml configures netpol-lint; one that is no TOML does not."""
    import tomllib

    try:
        with open(candidate, "rb") as file:
            data = file.read(1024 * 1024 + 1)
        if b"netpol-lint" not in data:
            return False
        return "netpol-lint" in tomllib.loads(data.decode()).get("tool", {})
    except (OSError, ValueError, RecursionError, TypeError):
        return False


def _check_inside(candidate: str, root: str) -> None:
    if not _is_inside(candidate, root):
        path = candidate.replace(os.sep, "/")
        raise NetpolLintError("the config file is a link that leads out of the tree", path=path)


def _is_inside(path: str, directory: str) -> bool:
    """Whether a path leads into a directory, links followed."""
    real = os.path.realpath(directory)
    try:
        return os.path.commonpath((real, os.path.realpath(path))) == real
    except ValueError:  # another drive
        return False
