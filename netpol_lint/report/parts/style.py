"""Colours and wrapping of text for people."""

from __future__ import annotations

from typing import Final

from netpol_lint.findings import Severity
from netpol_lint.report.escaping import one_line

_RESET: Final = "\x1b[0m"
_CODES: Final = {"error": "1;31", "warning": "1;33", "note": "1;36", "frame": "34", "strong": "1", "-": "31", "+": "32"}


class Style:
    """Paints text by its role: a severity, `frame`, `strong`, `-` or `+`; leaves it alone without colour."""

    def __init__(self, color: bool) -> None:
        self._color = color

    def paint(self, text: str, role: str | Severity) -> str:
        """The text, already escaped, in the colour of its role."""
        if not self._color or not text:
            return text
        return f"\x1b[{_CODES[role.value if isinstance(role, Severity) else role]}m{text}{_RESET}"


def wrapped(text: str, width: int, *, first: int = 0, indent: int = 2) -> list[str]:
    """The words of a text in lines of at most `width` columns where words allow, the later ones indented.

    `first` columns of the first line are taken already. Lines are fit to stand in a build log.
    """
    lines: list[str] = []
    line, room = "", width - first
    for word in text.split(" "):
        if line and len(line) + 1 + len(word) > room:
            lines.append(line)
            line, room = one_line(word), width - indent
        else:
            line = f"{line} {word}" if line or not word else word
    lines.append(line)
    return [lines[0], *(" " * indent + rest for rest in lines[1:])]
