"""What a step tells the runner of GitHub Actions: annotations, outputs, a summary, and text that is only text."""

from __future__ import annotations

import os
import re
import secrets
import sys
from collections.abc import Iterable
from itertools import groupby
from typing import Final

from netpol_lint.report.escaping import command_data, visible

_LINE_END: Final = re.compile(r"\r\n|\r|\n")
"""Where the runner ends a line; a lone carriage return counts."""
_ANNOTATION: Final = re.compile(r"::(?:error|warning|notice)(?: [^:]*)?::")


def error(message: str) -> None:
    """An annotation that the whole step failed."""
    print(f"::error title=netpol-lint::{command_data(visible(message))}")  # noqa: T201 -- the log is what a step speaks through


def log(text: str, *, annotations: bool) -> None:
    """Lines of the log; what looks like a workflow command is carried out only if it annotates, and only if wanted."""
    if not text.strip():
        return
    lines = _LINE_END.split(text.strip("\r\n"))
    for obeyed, group in groupby(lines, lambda line: annotations and bool(_ANNOTATION.match(line))):
        for line in group if obeyed else _only_text(group):
            print(line)  # noqa: T201


def set_output(name: str, value: str) -> None:
    """An output of the step, whatever characters are in it."""
    if "\n" in value or "\r" in value:
        end = f"end-{secrets.token_hex(16)}"
        _append("GITHUB_OUTPUT", f"{name}<<{end}\n{value}\n{end}\n")
    else:
        _append("GITHUB_OUTPUT", f"{name}={value}\n")


def add_summary(markdown: str) -> None:
    """Text for the summary of the job; nothing where the runner has none."""
    if os.environ.get("GITHUB_STEP_SUMMARY"):
        _append("GITHUB_STEP_SUMMARY", f"{markdown}\n")


def speak_utf8() -> None:
    """The log is UTF-8 whatever the runner's locale says; a line ends with a line feed."""
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8", errors="replace", newline="\n")


def _only_text(lines: Iterable[str]) -> Iterable[str]:
    token = secrets.token_hex(16)
    yield f"::stop-commands::{token}"
    yield from lines
    yield f"::{token}::"


def _append(variable: str, text: str) -> None:
    with open(os.environ[variable], "a", encoding="utf-8", newline="\n") as file:  # noqa: PTH123 -- may be a pipe
        file.write(text)
