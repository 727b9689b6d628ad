"""Parser errors in a person's words, at the exact place."""

from __future__ import annotations

import re
from typing import Any, Final

import yaml

from netpol_lint.records import NamedTuple
from netpol_lint.source.places import Place


class Complaint(NamedTuple):
    """What is wrong, and the mark where: a line, a column and an index within the parsed text, 0-based code points."""

    message: str
    mark: Any


_START: Final = Place(0, 0, 0)

_AT_THE_CONTEXT: Final = frozenset(("could not find expected ':'", "found unexpected end of stream"))
"""Problems that libyaml notices where the search ended; the context is where the culprit begins."""

_WORDS: Final = {
    "mapping values are not allowed in this context": "a second `:` makes no sense here: mend the indentation, or "
    "quote the value",
    "could not find expected ':'": "neither a key with `:` nor part of the value above: mend the indentation, or add "
    "the colon",
    "did not find expected key": "no key can begin here: mend the indentation, or quote the value",
    "did not find expected '-' indicator": "a list item must begin with `-` in the column of its list",
    "did not find expected ',' or ']'": "`,` or `]` is missing in the list{since}",
    "did not find expected ',' or '}'": "`,` or `}` is missing in the mapping{since}",
    "found unexpected end of stream": "the quote that opens here is never closed",
    "found unexpected document indicator": "the document ends inside a quoted string{since}",
    "did not find expected <document start>": "a `%` directive and what it is about must not be parted by `---`: "
    "kubectl reads them as two documents",
    "block sequence entries are not allowed in this context": "a list item cannot begin here: put it on a line of its "
    "own",
    "block mapping entries are not allowed in this context": "a key cannot begin here: put it on a line of its own",
    "mapping keys are not allowed in this context": "a `?` key cannot begin here",
    "found a tab character that violates indentation": "a tab cannot indent YAML: use spaces",
    "found a tab character where an indentation space is expected": "a tab cannot indent YAML: use spaces",
    "found undefined alias": "the alias has no anchor of that name above it",
    "found undefined tag handle": "the tag's handle is declared nowhere",
    "found unknown escape character": "unknown escape in a double-quoted string: double the backslash, or use single "
    "quotes",
    "found character that cannot start any token": "{character} cannot begin a value: quote it",
    "did not find expected node content": "a value is missing here",
    "did not find expected alphabetic or numeric character": "a name must follow `*` or `&`: quote the value if it is "
    "text",
    "did not find expected hexdecimal number": "the escape in the double-quoted string lacks hexadecimal digits",
    "found invalid Unicode character escape code": "the escape in the double-quoted string is no character",
    "did not find expected comment or line break": "the text of a block begins on the next line",
}
_TAB: Final = "a tab cannot indent YAML: use spaces"
_CONTROL: Final = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def explain(error: yaml.YAMLError, data: bytes) -> Complaint:
    """The parser's error about `data`."""
    if not isinstance(error, yaml.MarkedYAMLError):
        return _unreadable(data)
    problem = str(error.problem or "").strip() or "not YAML"
    context: Any = error.context_mark
    mark: Any = error.problem_mark or context or _START
    if problem in _AT_THE_CONTEXT and context is not None:
        mark = context
    words = _WORDS.get(problem, problem)
    if "{character}" in words:
        character = text_of(data)[mark.index : mark.index + 1]
        words = _TAB if character == "\t" else words.replace("{character}", f"`{character}`")
    since = ""
    if context is not None and context.index != mark.index:
        since = f" that begins {mark.line - context.line} lines above" if context.line < mark.line - 1 else ""
        since = " that begins on the line above" if context.line == mark.line - 1 else since
    return Complaint(words.replace("{since}", since), mark)


def text_of(data: bytes) -> str:
    """The text of bytes the parser takes: UTF-16 with a byte order mark, else UTF-8; what is wrong is replaced."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    return data.decode("utf-8-sig", "replace")


def _unreadable(data: bytes) -> Complaint:
    """Which byte or character no YAML text holds."""
    data = data.removeprefix(b"\xef\xbb\xbf")
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        before = data[: error.start].decode()
        return Complaint(f"not UTF-8 text: byte 0x{data[error.start]:02x}", _mark(before))
    found = _CONTROL.search(text)
    if found is None:
        return Complaint("not YAML", _START)
    return Complaint(f"YAML allows no control character U+{ord(found[0]):04X}", _mark(text[: found.start()]))


def _mark(before: str) -> Place:
    return Place(before.count("\n"), len(before) - before.rfind("\n") - 1, len(before))
