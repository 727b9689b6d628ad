"""Console sessions in documents and test projects, run as they stand: `$ netpol-lint ...`, then what it prints.

A command's standard output comes first, then its standard error. `$ echo $?` after a command asks for its exit code.
`python -m tests.transcripts FILE ...` writes down what the commands print now.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
_BLOCK = re.compile(r"(?<=^```console\n).*?(?=^```$)", re.MULTILINE | re.DOTALL)
_ENVIRONMENT = {"PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"], "HOME": "/nonexistent", "LC_ALL": "C.UTF-8"}


class Step(NamedTuple):
    """A command line and what was printed after it."""

    command: str
    output: str


def steps_of(text: str) -> list[Step]:
    """The commands of one session."""
    parts = re.split(r"^\$ (.*)\n", text, flags=re.MULTILINE)[1:]
    return [Step(command, output) for command, output in zip(parts[::2], parts[1::2], strict=True)]


def sessions_of(document: Path) -> list[str]:
    """The sessions of a Markdown page (its `console` blocks), or the one that the file is."""
    text = document.read_text(encoding="utf-8")
    return _BLOCK.findall(text) if document.suffix == ".md" else [text]


def run(session: str, directory: Path) -> str:
    """The session with what its commands print now."""
    lines = []
    status = 0
    for step in steps_of(session):
        lines.append(f"$ {step.command}\n")
        if step.command == "echo $?":
            lines.append(f"{status}\n")
            continue
        if not step.command.startswith("netpol-lint"):
            lines.append(step.output)  # installing, and whatever else only shows how
            continue
        command = [sys.executable, "-m", "netpol_lint", *shlex.split(step.command)[1:]]
        done = subprocess.run(command, cwd=directory, env=_ENVIRONMENT, capture_output=True, check=False)
        status = done.returncode
        lines.append((done.stdout + done.stderr).decode("utf-8"))
    return "".join(lines)


def directory_of(document: Path) -> Path:
    """Where a document's commands run: a page's at the project's root, a test project's beside it."""
    return ROOT if document.suffix == ".md" else document.parent


def _update(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    for session in sessions_of(document):
        text = text.replace(session, run(session, directory_of(document)))
    document.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    for name in sys.argv[1:]:
        _update(Path(name).resolve())
