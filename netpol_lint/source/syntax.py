"""Parser errors in a person's words, at the exact place."""

from __future__ import annotations

import re
from typing import Any, Final, NamedTuple

import yaml


class Complaint(NamedTuple):
    """What is wrong, and where within the parsed bytes: 0-based line and column in code points."""

    message: str
    line: int
    column: int


_AT_THE_CONTEXT: Final = frozenset(("could not find expected ':'", "found unexpected end of stream"))
"""Problems that libyaml notices where the search ended; the context is where the culprit begins."""

_WORDS: Final = {
    "mapping values are not allowed in this context": "a second `:` makes no sense here: indent the line otherwise, or quote the value",
    "could not find expected ':'": "neither a key with `:` nor part of the value above: mend the indentation, or add the colon",
    "did not find expected key": "the indentation fits nothing above{since}",
    "did not find expected '-' indicator": "a list item must begin with `-` in the column of its list{since}",
    "did not find expected ',' or ']'": "`,` or `]` is missing{since}",
    "did not find expected ',' or '}'": "`,` or `}}` is missing{since}",
    "found unexpected end of stream": "the quote that opens here is never closed",
    "did not find expected <document start>": "text follows the end of the document",
    "block sequence entries are not allowed in this context": "a list item (`-`) cannot begin here: put it on a line of its own",
    "block mapping entries are not allowed in this context": "a key cannot begin here: put it on a line of its own",
    "mapping keys are not allowed in this context": "a `?` key cannot begin here",
    "found a tab character that violates indentation": "a tab cannot indent YAML: use spaces",
    "found undefined alias": "the alias has no anchor of that name above it",
    "found undefined tag handle": "the tag's handle is declared nowhere",
    "found unknown escape character": "unknown escape in a double-quoted string: double the backslash, or use single quotes",
    "found unexpected document indicator": "the document ends inside a quoted string that begins here",
    "found character that cannot start any token": "{character} cannot begin a value: quote it",
    "did not find expected node content": "a value is missing here",
    "did not find expected alphabetic or numeric character": "`*` and `&` must be followed by a name: quote the value if it is text",
    "did not find expected hexdecimal number": "the escape in the double-quoted string lacks hexadecimal digits",
    "found invalid Unicode character escape code": "the escape in the double-quoted string is no Unicode character",
    "did not find a tab character that violates indentation": "a tab cannot indent YAML: use spaces",
}
_CONTROL: Final = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def explain(error: yaml.YAMLError, data: bytes) -> Complaint:
    """The parser's error about `data`."""
    if not isinstance(error, yaml.MarkedYAMLError):
        return _unreadable(data)
    problem = str(error.problem or "").strip() or "not YAML"
    mark, context = error.problem_mark, error.context_mark
    if mark is None or (problem in _AT_THE_CONTEXT and context is not None):
        mark = context
    if mark is None:
        return Complaint(problem, 0, 0)
    character = _character(data, mark)
    if character == "`a tab`" or character == "a tab":
        problem_words = "a tab cannot indent YAML: use spaces"
    else:
        problem_words = _WORDS.get(problem, problem)
    since = ""
    if context is not None and context.line != mark.line:
        since = _SINCE.get(str(error.context or ""), "")
    return Complaint(
        problem_words.replace("{since}", since).replace("{character}", character).replace("}}", "}"),
        mark.line,
        mark.column,
    )


_SINCE: Final[dict[str, str]] = {}


def _character(data: bytes, mark: Any) -> str:
    return ""


def _unreadable(data: bytes) -> Complaint:
    return Complaint("", 0, 0)
