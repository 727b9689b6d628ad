"""The lines of the analysed files, each file read once in a report."""

from __future__ import annotations

from netpol_lint.findings import Report
from netpol_lint.source.location import Span


class Sources:
    """Lines by path and number, as positions count them: broken at line feeds, no byte order mark; Secrets masked."""

    def __init__(self, report: Report) -> None:
        self._read = report.source_text
        self._files: dict[str, list[str]] = {}

    def lines(self, path: str) -> list[str]:
        """All lines of a file; a single empty one if it cannot be read."""
        lines = self._files.get(path)
        if lines is None:
            lines = self._files[path] = self._read(path).removeprefix("\ufeff").split("\n")
        return lines

    def line(self, path: str, number: int) -> str:
        """One line without its break; "" where there is none."""
        lines = self.lines(path)
        return lines[number - 1].removesuffix("\r") if 0 < number <= len(lines) else ""

    def first_line_of(self, path: str, span: Span) -> Span:
        """The part of a span on its first line, at least one character wide."""
        end = span.end_column if span.end_line == span.line else len(self.line(path, span.line)) + 1
        return Span(span.line, span.column, span.line, max(end, span.column + 1))


def last_line(span: Span) -> int:
    """The last line a span has text on: the end is exclusive, and may be the beginning of a line after it."""
    return span.end_line - 1 if span.end_column == 1 and span.end_line > span.line else span.end_line
