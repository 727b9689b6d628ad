"""Text with edits in it, and the difference that they make."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable
from typing import Final

from netpol_lint.findings import Edit

_END: Final = sys.maxsize
_LINE: Final = re.compile(r"[^\n]*\n|[^\n]+\Z")


def edited(text: str, edits: Iterable[Edit]) -> str:
    """The text after the edits, which must not overlap; a line they add ends as the others do."""
    starts = line_starts(text)
    newline = "\r\n" if "\r\n" in text else "\n"
    pieces: list[str] = []
    kept_to = 0
    for edit in sorted(set(edits), key=lambda e: (e.span, e.text)):
        start, end = offset(starts, *edit.span[:2]), offset(starts, *edit.span[2:])
        added = edit.text
        if edit.span.line > len(starts):  # nothing ends the line before
            added = "\n" + added.removesuffix("\n")
        pieces += (text[kept_to:start], added.replace("\n", newline))
        kept_to = end
    return "".join((*pieces, text[kept_to:]))


def unified_diff(path: str, old: str, new: str) -> str:
    """The difference in the form `patch` and `git apply` take: only a line feed ends a line, as for them."""
    from difflib import unified_diff

    lines = unified_diff(_LINE.findall(old), _LINE.findall(new), _in_header("a", path), _in_header("b", path))
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def _in_header(side: str, path: str) -> str:
    """A file as git names it: in quotes, what does not print as octal numbers; a tab ends a name with blanks."""
    name = f"{side}/{path}"
    if name.isprintable() and not set('"\\') & set(name):
        return f"{name}\t" if " " in name else name
    printed = (chr(byte) if 32 <= byte < 127 and byte not in b'"\\' else f"\\{byte:03o}" for byte in os.fsencode(name))
    return f'"{"".join(printed)}"'


def line_starts(text: str) -> list[int]:
    """Where each line of the text begins."""
    starts = [match.start() for match in _LINE.finditer(text)]
    if not text or text.endswith("\n"):
        starts.append(len(text))
    return starts


def offset(starts: list[int], line: int, column: int) -> int:
    """Where a place is in the text; the line after the last one that nothing ends is the end of the text."""
    return starts[line - 1] + column - 1 if line <= len(starts) else _END
