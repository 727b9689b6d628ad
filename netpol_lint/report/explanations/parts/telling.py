"""A story in lines of text, each remark with its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from netpol_lint.connectivity.explaining import Remark, Story
from netpol_lint.report.escaping import one_line
from netpol_lint.report.parts.style import Style, wrapped
from netpol_lint.source.location import Location

_TO_ALLOW: Final = "To allow it"
_TO_DENY: Final = "To deny it, any of these"
"""Both ends must allow a connection; each end alone can deny it."""


def told(story: Story, style: Style, *, wants_access: bool = True, indent: str = "", width: int = 80) -> Iterator[str]:
    """What decides at each end, then what would have to change; the headline is the caller's."""
    for title, remarks in story.sections:
        yield f"{indent}{style.paint(one_line(title), 'strong')}:"
        yield from _remarks(remarks, style, f"{indent}  ", width)
    if story.changes:
        yield f"{indent}{style.paint(_TO_ALLOW if wants_access else _TO_DENY, 'strong')}:"
        yield from _remarks(story.changes, style, f"{indent}  ", width)


def _remarks(remarks: Iterable[Remark], style: Style, indent: str, width: int) -> Iterator[str]:
    for text, at in remarks:
        yield from (f"{indent}{line}" for line in wrapped(one_line(text), width - len(indent)))
        if isinstance(at, Location):
            yield f"{indent}  {style.paint(f'--> {place_text(at)}', 'frame')}"


def place_text(at: Location) -> str:
    """`path:line:column`."""
    return f"{one_line(at.path)}:{at.span.line}:{at.span.column}"
