"""Which file configures a run: the nearest one, up to the root of the repository."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
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
    directories = list(_upwards(Path(start_directory)))
    for directory in directories:
        for name in (*NAMES, PYPROJECT):
            candidate = directory / name
            if candidate.is_file() and (name != PYPROJECT or _has_table(candidate)):
                _check_inside(candidate, directories[-1])
                return candidate.as_posix()
    return ""


def base_of(path: str) -> str:
    """The directory that the paths in a config file are relative to, itself relative to the working directory.

    It is the file's own (of `.github/netpol-lint.yaml` the one above) if the working directory is that or below it, as
    for every file that is found; for a file that is named from elsewhere it is the working directory.
    """
    directory = Path(path).parent
    if directory.name == ".github" and Path(path).name == "netpol-lint.yaml":
        directory = directory.parent
    holds = Path.cwd().is_relative_to(directory.resolve())
    return os.path.relpath(directory).replace(os.sep, "/") if holds else "."


def _upwards(start: Path) -> Iterator[Path]:
    """The directory and those above it, as relative as it is given; only itself if no repository holds it."""
    directory = start
    above = []
    for absolute in (start.absolute(), *start.absolute().parents):
        above.append(directory)
        if (absolute / ".git").exists():
            return iter(above)
        directory = directory / ".." if directory.name in ("", "..") else directory.parent
    return iter([start])


def _has_table(candidate: Path) -> bool:
    """Whether a pyproject.toml configures netpol-lint; one that is no TOML does not."""
    import tomllib

    try:
        with candidate.open("rb") as file:
            data = file.read(1024 * 1024 + 1)
        if b"netpol-lint" not in data:
            return False
        return "netpol-lint" in tomllib.loads(data.decode()).get("tool", {})
    except (OSError, ValueError, RecursionError, TypeError):
        return False


def _check_inside(candidate: Path, root: Path) -> None:
    if not candidate.resolve().is_relative_to(root.resolve()):
        raise NetpolLintError("the config file is a link that leads out of the tree", path=candidate.as_posix())
