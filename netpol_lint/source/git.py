"""What git knows of the files of a work tree."""

from __future__ import annotations

import os
from typing import Final

from netpol_lint.records import NamedTuple

_OVERRIDES: Final = ("-c", "core.fsmonitor=false", "-c", "safe.bareRepository=explicit")
"""A repository's own configuration must not start a program."""


class Listing(NamedTuple):
    """The files below a directory that are tracked, or neither tracked nor ignored, and git's warnings.

    Names are relative to the directory. Repositories inside this one are listed as directories.
    """

    names: tuple[str, ...]
    warnings: tuple[str, ...]
    has_submodules: bool


NO_REPOSITORY: Final = Listing((), (), has_submodules=False)


def listing(directory: str) -> Listing:
    """`git ls-files` of a directory; `NO_REPOSITORY` where git is missing, fails, or ignores the directory itself."""
    top = _top(directory)
    if not top:
        return NO_REPOSITORY
    code, output, errors = _git(directory, "ls-files", "-z", "-c", "-o", "--exclude-standard")
    if code:
        return NO_REPOSITORY
    if top != directory and not _git(directory, "check-ignore", "-q", "--no-index", "--", directory)[0]:
        return NO_REPOSITORY  # whoever names a directory wants it looked at
    names = tuple(os.fsdecode(name) for name in output.split(b"\0") if name)
    warnings = [line for line in errors.decode("utf-8", "replace").splitlines() if line.startswith("warning: ")]
    has_submodules = os.path.exists(os.path.join(top, ".gitmodules"))
    return Listing(names, tuple(line.removeprefix("warning: ") for line in warnings), has_submodules)


def _top(directory: str) -> str:
    """The nearest directory at or above that has a `.git`, "" if there is none."""
    current = directory
    while not os.path.lexists(os.path.join(current, ".git")):
        parent = os.path.dirname(current)
        if parent == current:
            return ""
        current = parent
    return current


def _git(directory: str, *arguments: str) -> tuple[int, bytes, bytes]:
    import subprocess  # only a repository needs it

    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    environment |= {"GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
    command = ["git", "-C", directory, *_OVERRIDES, *arguments]
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, env=environment, check=False)
    except OSError:
        return 127, b"", b""
    return done.returncode, done.stdout, done.stderr
