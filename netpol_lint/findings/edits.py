"""Edits of single words in a manifest, written so that the quotes around them stay as they are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from netpol_lint.findings import NO_FIX, Change, Edit, Fix, Renamed
from netpol_lint.resources.defects import Defect
from netpol_lint.source.location import Location, Span

_PLAIN: Final = r"(?:[A-Za-z][A-Za-z0-9._/-]*|[0-9.]+/[0-9]+)\Z"
_WORDS_WITH_MEANING: Final = frozenset(("y", "yes", "n", "no", "true", "false", "on", "off", "null"))


def reworded(at: Location, written: str, meant: str) -> tuple[Edit, ...]:
    """The edit that writes `meant` for the scalar `written` at a place.

    A place that is wider begins with an anchor or a tag, which stays; where it has quotes as well, or escapes, the fix
    will be refused.
    """
    span = at.span
    width = span.end_column - span.column
    if span.line != span.end_line:
        return ()
    if width == len(written):
        return (Edit(at.path, span, meant if is_plain(meant) else f'"{meant}"'),)
    if width == len(written) + 2:
        return (Edit(at.path, Span(span.line, span.column + 1, span.line, span.end_column - 1), meant),)
    if width > len(written) + 2 and is_plain(meant):
        return (Edit(at.path, Span(span.line, span.end_column - len(written), span.line, span.end_column), meant),)
    return ()


def is_bare(span: Span, written: str) -> bool:
    """Whether a scalar is all that stands in a place, with quotes at most: no anchor, tag or escape."""
    width = span.end_column - span.column
    return span.line == span.end_line and width in (len(written), len(written) + 2)


def with_value(at: Location, written: str, meant: str, description: str) -> Fix:
    """The unsafe fix that puts another value in the place of a scalar."""
    edits = reworded(at, written, meant)
    return Fix(description, False, edits, (Change(at, meant),)) if edits else NO_FIX


def with_key(at: Location, written: str, meant: str, description: str) -> Fix:
    """The unsafe fix that renames the mapping key at a place."""
    edits = reworded(at, written, meant)
    return Fix(description, False, edits, (Change(at, Renamed(meant)),)) if edits else NO_FIX


def for_all_places(fixes: Sequence[Fix]) -> Fix:
    """The fix for text that stands in several places through an alias; none where they need different ones."""
    first = fixes[0]
    if any(fix.edits != first.edits for fix in fixes):
        return NO_FIX
    return first._replace(changes=tuple(change for fix in fixes for change in fix.changes))


def with_suggestion(defect: Defect, description: str, *, safe: bool) -> Fix:
    """The fix that writes what a defect suggests in place of a scalar, where that is all it takes.

    A suggestion in quotes is a string, one of digits a number, as the text would be read.
    """
    suggestion = defect.suggestion
    if not defect.written:
        return NO_FIX
    if suggestion.startswith('"') or suggestion.isdigit():  # the type is what is wrong, so the quotes change too
        if not is_bare(defect.at.span, defect.written):
            return NO_FIX
        value = suggestion[1:-1] if suggestion.startswith('"') else int(suggestion)
        edit = Edit(defect.at.path, defect.at.span, suggestion)
        return Fix(description, safe, (edit,), (Change(defect.at, value),))
    edits = reworded(defect.at, defect.written, suggestion)
    return Fix(description, safe, edits, (Change(defect.at, suggestion),)) if edits else NO_FIX


def is_plain(text: str) -> bool:
    """Whether a value means itself without quotes."""
    return bool(re.match(_PLAIN, text)) and text.lower() not in _WORDS_WITH_MEANING
