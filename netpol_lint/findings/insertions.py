"""Fixes that put an item into a list, or an entry into a mapping, written as what stands beside it.

In block style what is new gets lines of its own, so that a comment stays with what it stands beside; in flow style it
shares the line. What is there already stays as it is, and nothing is put into text that stands elsewhere (an alias).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from netpol_lint.findings import NO_FIX, Change, Edit, Fix, Inserted
from netpol_lint.findings.edits import is_plain
from netpol_lint.records import NamedTuple
from netpol_lint.source.location import Location, Span

_STEP: Final = 2


class Style(NamedTuple):
    """How a new value is written."""

    in_braces: bool = False
    """On one line, as it is in any case where what it goes into is written in brackets or braces."""
    inner_in_braces: bool = False
    """Likewise what the keys of a value have that is not itself in braces."""
    quoted: bool = False
    """With its keys and strings in quotes, as JSON has them."""
    step: int = _STEP
    """How much further right than its key a mapping stands."""
    dashes: int = _STEP
    """Likewise a list."""


class Item(NamedTuple):
    """An item of a list that another is to follow."""

    at: Location
    whole: Span
    """All its text."""
    dash: int
    """The column of its dash; 0 where the text does not show it."""
    in_flow: bool
    """Whether its list is written in brackets."""


class Key(NamedTuple):
    """A key of a mapping beside which another is to stand."""

    name: str
    at: Location
    in_flow: bool
    """Whether its mapping is written in braces."""
    begins_line: bool = False
    """Whether it begins a line in braces, so that what is put before it gets a line of its own."""

    @property
    def is_quoted(self) -> bool:
        return _width(self.at.span) == len(self.name) + 2

    @property
    def is_readable(self) -> bool:
        """Whether it is written as a word, perhaps in quotes: no escapes, no tag, no anchor."""
        return self.is_quoted or _width(self.at.span) == len(self.name)


def after_item(item: Item, value: Any, style: Style, description: str) -> Fix:
    """The unsafe fix that adds an item after another one; none where the text does not show how lists are written."""
    path, (_, column, end_line, end_column) = item.at.path, item.whole
    if item.in_flow:
        edit = Edit(path, Span(end_line, end_column, end_line, end_column), f", {_in_flow(value, style.quoted)}")
    elif 0 < item.dash <= column - 2:
        first, *rest = _in_block(value, style)
        dash = "-".ljust(column - item.dash)
        edit = _lines_below(path, end_line, [_moved(item.dash, f"{dash}{first}"), *(_moved(column, s) for s in rest)])
    else:
        return NO_FIX
    parent, _, index = item.at.pointer.rpartition("/")
    change = Change(Location(path, item.whole, f"{parent}/{int(index) + 1}"), Inserted(value))
    return Fix(description, False, (edit,), (change,))


def before_key(key: Key, name: str, value: Any, style: Style, description: str) -> Fix:
    """The unsafe fix that adds an entry to a mapping, before the key given, on whose line it begins."""
    path, (line, column, _, _) = key.at.path, key.at.span
    if not key.is_readable:
        return NO_FIX
    if key.in_flow:
        after = ",\n" + " " * (column - 1) if key.begins_line else ", "
        text = f"{_scalar(name, key.is_quoted)}: {_in_flow(value, key.is_quoted)}{after}"
    else:
        first, *rest = [*_entry(name, value, style._replace(quoted=key.is_quoted)), ""]
        text = "\n".join((first, *(_moved(column, s) for s in rest)))
    edit = Edit(path, Span(line, column, line, column), text)
    return Fix(description, False, (edit,), (_with_key(key, name, value),))


def after_key(key: Key, end: Span, name: str, value: Any, style: Style, description: str) -> Fix:
    """The unsafe fix that adds an entry to a mapping, after the key given and its value, a scalar at `end`."""
    path, (_, column, _, _) = key.at.path, key.at.span
    if not key.is_readable or end[:2] < key.at.span[2:]:  # what an alias stands for is above it
        return NO_FIX
    if key.in_flow:
        text = f", {_scalar(name, key.is_quoted)}: {_in_flow(value, key.is_quoted)}"
        edit = Edit(path, Span(*end[2:], *end[2:]), text)
    else:
        entry = _entry(name, value, style._replace(quoted=key.is_quoted))
        edit = _lines_below(path, end.end_line, [_moved(column, s) for s in entry])
    return Fix(description, False, (edit,), (_with_key(key, name, value),))


def stands_in(outer: Span, inner: Span) -> bool:
    """Whether a part of something stands in it: what an alias or a merge stands for is above them."""
    return outer[:2] <= inner[:2]


def together(fixes: Iterable[Fix], description: str) -> Fix:
    """The fix that does what several do; none where one of them is none."""
    parts = tuple(fixes)
    if not parts or not all(part.edits for part in parts):
        return NO_FIX
    edits = tuple(edit for part in parts for edit in part.edits)
    return Fix(description, all(p.safe for p in parts), edits, tuple(change for p in parts for change in p.changes))


def _with_key(key: Key, name: str, value: Any) -> Change:
    return Change(key.at._replace(pointer=f"{key.at.pointer.rpartition('/')[0]}/{name}"), value)


def _lines_below(path: str, line: int, lines: Iterable[str]) -> Edit:
    return Edit(path, Span(line + 1, 1, line + 1, 1), "".join(f"{text}\n" for text in lines))


def _moved(column: int, line: str) -> str:
    return " " * (column - 1) + line


def _width(span: Span) -> int:
    return span.end_column - span.column


def _in_block(value: Any, style: Style) -> list[str]:
    """The lines of a scalar or mapping."""
    if not isinstance(value, dict) or style.in_braces:
        return [_in_flow(value, style.quoted)]
    inner = style._replace(in_braces=style.inner_in_braces)
    return [line for name, each in value.items() for line in _entry(name, each, inner)]


def _entry(name: str, value: Any, style: Style) -> Iterator[str]:
    key = f"{_scalar(name, style.quoted)}:"
    if style.in_braces or not isinstance(value, (dict, list)):
        yield f"{key} {_in_flow(value, style.quoted)}"
        return
    yield key
    if isinstance(value, dict):
        yield from (" " * style.step + line for line in _in_block(value, style))
    else:
        yield from (f"{' ' * style.dashes}- {_in_flow(item, style.quoted)}" for item in value)


def _in_flow(value: Any, quoted: bool) -> str:
    if isinstance(value, dict):
        inner = ", ".join(f"{_scalar(name, quoted)}: {_in_flow(each, quoted)}" for name, each in value.items())
        return f"{{{inner}}}"
    if isinstance(value, list):
        return f"[{', '.join(_in_flow(item, quoted) for item in value)}]"
    return _scalar(value, quoted) if isinstance(value, str) else str(value)


def _scalar(text: str, quoted: bool) -> str:
    """Text without characters that need escapes."""
    return text if is_plain(text) and not quoted else f'"{text}"'
