"""Which line of a template each rendered line comes from: told by comments that are rendered along, in a second render.

A comment at the end of a template's line stays at the end of what the line gives. Only places are taken from the
marked render, never data; and only if its text is that of the plain render once the comments are taken out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from netpol_lint.records import NamedTuple

_OPEN: Final = re.compile(r"\{\{-?\s*(/\*)?")
_IN_ACTION: Final = re.compile(r'"(?:\\.|[^"\\\n])*"|`[^`]*`|\'(?:\\.|[^\'\\\n])*\'|\}\}')
_KEY_OR_ITEM: Final = re.compile(r"""-(?:\s|$)|(?:"[^"]*"|'[^']*'|[^\s"'#:{\[&*!|>%@`][^:#]*):(?:\s|$)""")
_CONTROL: Final = re.compile(
    r"\{\{-?\s*(?:/\*|(?:if|else|end|range|with|define|block|break|continue)\b|\$\w*(?:\s*,\s*\$\w+)?\s*:?=)"
)
_BLOCK_SCALAR: Final = re.compile(r"[|>][-+0-9]{0,2}\s*(?:#.*)?$")
_OUTPUT: Final = "\0"
_SIGN: Final = "#@np:"
_MARKER: Final = re.compile(rf" {_SIGN}(\d{{1,9}}):(\d{{1,9}});")


class Place(NamedTuple):
    """Where a rendered line comes from."""

    file: int
    """The number that the marked file was given; -1 if nothing is known."""
    line: int
    """1-based."""
    is_exact: bool
    """Whether the line stands in the template like this, and is not what an action of that line gives."""


NO_PLACE: Final = Place(-1, 1, is_exact=False)


class Marked(NamedTuple):
    """A template with its lines marked."""

    text: str
    outputs: frozenset[int]
    """The lines that are one action and nothing else: what they give may be many lines."""


def marked(text: str, file: int) -> Marked:
    """The template with a comment at the end of each line that is a key or list item, or one action that gives text."""
    lines = text.split("\n")
    visible = list(_visible(text, lines))
    result, outputs = [], set()
    deeper_than = -1  # the indentation of the line that opens a block scalar
    for number, (line, shown) in enumerate(zip(lines, visible, strict=True), start=1):
        content = shown.strip() if shown is not None else ""
        indent = len(line) - len(line.lstrip())
        if deeper_than >= 0 and content and (content == _OUTPUT or indent > deeper_than):
            content = ""
        elif content:
            deeper_than = indent if _BLOCK_SCALAR.search(content) else -1
        is_output = bool(content) and not content.strip(_OUTPUT)
        if not (is_output or _KEY_OR_ITEM.match(content.replace(_OUTPUT, "x"))) or line.rstrip().endswith("-}}"):
            result.append(line)
            continue
        if is_output:
            outputs.add(number)
        end = "\r" if line.endswith("\r") else ""
        result.append(f"{line.removesuffix(end)} {_SIGN}{file}:{number};{end}")
    return Marked("\n".join(result), frozenset(outputs))


def places(plain: str, marked_text: str, outputs: Sequence[frozenset[int]]) -> tuple[Place, ...]:
    """The place of each line of a plain document; none if the marked one is not the same but for its markers."""
    if _SIGN in plain:  # the chart's own, which could say anything
        return ()
    lines = [line.rstrip() for line in plain.split("\n")]
    found = [match for line in marked_text.split("\n") if (match := _taken_out(line)).text]
    meant = [index for index, line in enumerate(lines) if line]
    if len(found) != len(meant):
        return ()
    result = [NO_PLACE] * len(lines)
    last, pending = NO_PLACE, 0
    for position, (index, line) in enumerate(zip(meant, found, strict=True)):
        if not _same(lines[index], line.text):
            return ()
        file, number = line.markers[0] if line.markers else (-1, 0)
        if not (0 <= file < len(outputs) and number):
            result[index] = last._replace(is_exact=False)
            continue
        is_output = number in outputs[file]
        last = Place(file, number, is_exact=not is_output)
        result[index] = last
        if is_output:
            for earlier in meant[pending:position]:
                result[earlier] = last
        pending = position + 1
    return tuple(result)


def bare(text: str) -> str:
    """A rendered text without its markers, blank lines and blanks at the ends of lines."""
    lines = (line.rstrip() for line in _MARKER.sub("", text).split("\n"))
    return "\n".join(filter(None, lines))


class _Line(NamedTuple):
    text: str
    markers: tuple[tuple[int, int], ...]


def _taken_out(line: str) -> _Line:
    if _SIGN not in line:
        return _Line(line.rstrip(), ())
    markers = tuple((int(match[1]), int(match[2])) for match in _MARKER.finditer(line))
    return _Line(_MARKER.sub("", line).rstrip(), markers)


def _same(plain: str, other: str) -> bool:
    """Whether two lines are the same but for a value that changes with every render, or with the text of a template."""
    if plain == other:
        return True
    key, colon, _ = plain.partition(":")
    return bool(colon) and other.startswith(f"{key}:")


def _visible(text: str, lines: Sequence[str]) -> Iterator[str | None]:
    """Each line with control actions taken out and others replaced; None where an action goes on across its ends."""
    actions = list(actions_of(text))
    start, at = 0, 0
    for line in lines:
        end = start + len(line)
        while at < len(actions) and actions[at][1] <= start:
            at += 1
        parts, position, index, whole = [], start, at, True
        while index < len(actions) and actions[index][0] < end:
            first, after = actions[index]
            whole = whole and first >= start and after <= end
            parts += [text[position : max(first, start)], "" if _CONTROL.match(text, first) else _OUTPUT]
            position, index = after, index + 1
        yield "".join([*parts, text[position:end]]) if whole else None
        start = end + 1


def actions_of(text: str) -> Iterator[tuple[int, int]]:
    """Where each `{{ }}` begins and ends; one that is not closed ends beyond the text."""
    beyond = len(text) + 1
    opened = _OPEN.search(text)
    while opened is not None:
        if opened[1]:
            comment = text.find("*/", opened.end())
            closed = text.find("}}", comment) if comment >= 0 else -1
            end = closed + 2 if closed >= 0 else beyond
        else:
            parts = _IN_ACTION.finditer(text, opened.end())
            end = next((part.end() for part in parts if part[0] == "}}"), beyond)
        yield opened.start(), end
        opened = _OPEN.search(text, end)
