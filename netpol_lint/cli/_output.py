"""Where output goes and how it looks: colours, widths, files written whole or not at all, a sign of life."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import click

from netpol_lint.errors import NetpolLintError

_NARROW = 80
_WIDEST = 120
_BLOCK = 1 << 16
_FIRST_SIGN = 1.0
"""Seconds of silence before a person at a terminal is told that the program is at work."""


def wants_color(choice: str) -> bool:
    """Whether standard output gets colours: the option, then NO_COLOR, FORCE_COLOR, CLICOLOR_FORCE, the terminal."""
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR") or os.environ.get("CLICOLOR_FORCE", "0") not in ("", "0"):
        return True
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def width() -> int:
    """Columns to wrap text at: the terminal's, within reason; 80 where there is none."""
    if not sys.stdout.isatty():
        return _NARROW
    return max(_NARROW // 2, min(_columns(), _WIDEST))


def _columns() -> int:
    """As `shutil.get_terminal_size` says, whose import brings three ways to compress files."""
    written = os.environ.get("COLUMNS", "")
    if written.isdigit() and int(written):
        return int(written)
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns or _NARROW
    except (AttributeError, ValueError, OSError):
        return _NARROW


def say(text: str, *, quiet: int = 0) -> None:
    """A line on standard error, unless the user wants to hear less."""
    if not quiet:
        click.echo(text, err=True)


def show(text: str, *, color: bool) -> None:
    """Findings on standard output, in UTF-8 whatever the locale says."""
    stream: Any = sys.stdout
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(encoding="utf-8", errors="replace", newline="\n")
    click.echo(text, nl=False, color=color)


def show_pieces(pieces: Iterable[str]) -> None:
    """A long text on standard output as it comes, never in memory as a whole."""
    block: list[str] = []
    length = 0
    for piece in pieces:
        block.append(piece)
        length += len(piece)
        if length > _BLOCK:
            show("".join(block), color=False)
            block, length = [], 0
    show("".join(block), color=False)


def write_file(name: str, text: str | Iterable[str]) -> None:
    """A whole file or none: written beside its place and renamed into it, parent directories made.

    A link stays one: it is what it leads to that is written. A file that is there already keeps its permissions.
    """
    from pathlib import Path

    pieces = (text,) if isinstance(text, str) else text
    target = Path(name)
    if target.is_symlink() and target.is_file():
        target = target.resolve()
    partial = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.exists() and not target.is_file():  # /dev/stdout, a pipe
            with target.open("w", encoding="utf-8", newline="") as stream:
                stream.writelines(pieces)
            return
        partial.unlink(missing_ok=True)  # a link that waits there would be followed
        with partial.open("x", encoding="utf-8", newline="") as stream:
            stream.writelines(pieces)
        if target.exists():
            partial.chmod(target.stat().st_mode)
        partial.replace(target)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise NetpolLintError(f"cannot be written: {error.strerror or error}", path=name) from error


@contextmanager
def sign_of_life(quiet: int) -> Iterator[None]:
    """A message on a terminal while the work takes longer than a second; none in CI, nor where nobody looks."""
    import signal

    if quiet or os.environ.get("CI") or not sys.stderr.isatty() or not hasattr(signal, "setitimer"):
        yield
        return
    # No thread: the loader may fork.
    previous = signal.signal(signal.SIGALRM, lambda *_: sys.stderr.write("netpol-lint: at work ...\r"))
    signal.setitimer(signal.ITIMER_REAL, _FIRST_SIGN)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)
        sys.stderr.write("\x1b[K")
