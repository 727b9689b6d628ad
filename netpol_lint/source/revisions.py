"""The files of a git revision, read from its objects: the work tree and the index stay as they are."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from netpol_lint.errors import NetpolLintError

_REGULAR = ("100644", "100755")


def files_at(revision: str, wanted: Callable[[str], bool], *, largest: int) -> Mapping[str, bytes]:
    """The wanted regular files of a revision, up to `largest` bytes each, by path relative to the working directory.

    NetpolLintError where this is no git repository, or has no such revision.
    """
    top = Path(os.fsdecode(_git("rev-parse", "--show-toplevel").rstrip(b"\n")))
    commit = _git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}", said=revision)
    here = Path.cwd().resolve()
    entries = list(_entries(_git("ls-tree", "-r", "-z", "--full-tree", "--long", commit.decode().strip())))
    chosen = {
        path: blob
        for name, blob, size in entries
        if size <= largest and wanted(path := Path(os.path.relpath(top / name, here)).as_posix())
    }
    return dict(zip(chosen, _blobs(list(chosen.values())), strict=True))


def _entries(listing: bytes) -> Iterator[tuple[str, str, int]]:
    for entry in listing.split(b"\0"):
        head, tab, name = entry.partition(b"\t")
        if not tab:
            continue
        mode, _, blob, size = head.decode().split()
        if mode in _REGULAR:
            yield os.fsdecode(name), blob, int(size)


def _blobs(names: list[str]) -> Iterator[bytes]:
    out = _git("cat-file", "--batch", given="".join(f"{name}\n" for name in names).encode())
    at = 0
    for _ in names:
        end = out.index(b"\n", at)
        size = int(out[at:end].split()[-1])
        yield out[end + 1 : end + 1 + size]
        at = end + 1 + size + 1


def _git(*arguments: str, given: bytes = b"", said: str = "") -> bytes:
    import subprocess

    try:
        done = subprocess.run(["git", *arguments], input=given, capture_output=True, check=False)
    except OSError as error:
        raise NetpolLintError(f"git cannot be started: {error.strerror}") from error
    if done.returncode:
        reason = done.stderr.decode("utf-8", "replace").strip().partition("\n")[0]
        raise NetpolLintError(f"git has no revision {said!r}" if said else f"git {arguments[0]} failed: {reason}")
    return done.stdout
