"""Posix paths as reports show them, taken apart."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator


def directories_above(path: str) -> Iterator[str]:
    """The directories above a path, the nearest first; the last is "" for a relative path, `/` for an absolute one."""
    while (parent := posixpath.dirname(path)) != path:
        yield parent
        path = parent
