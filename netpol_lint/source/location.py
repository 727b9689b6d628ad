"""Where a piece of text stands."""

from __future__ import annotations

from netpol_lint.records import NamedTuple


class Span(NamedTuple):
    """A stretch of text: 1-based lines and columns in Unicode code points, the end exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


class Location(NamedTuple):
    """A stretch of text in a file, and the JSON pointer of the node it belongs to within its document.

    `path` is posix and relative to the working directory, or `-` (or the given name) for standard input.
    Something missing is located at its parent.
    """

    path: str
    span: Span
    pointer: str = ""
