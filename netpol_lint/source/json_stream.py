"""The objects of a JSON stream, one after another, as kubectl reads a file that begins with `{`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from netpol_lint.records import NamedTuple
from netpol_lint.source.garbage import no_collection
from netpol_lint.source.limits import Limits

_BEGINS: Final = re.compile(rb"[ \t\r\n]*\{[ \t\r\n]*[\"}]")
_BLANK: Final = re.compile(rb"[ \t\r\n]*")
_BLANK_LINE: Final = re.compile(rb"[ \t\r]*\n?")
_TOKEN: Final = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\Z)|[{}\[\]]', re.DOTALL)
_FOREIGN: Final = re.compile(
    rb"(?<!\\)((?:\\\\)*+)\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})"
    rb"|\x7f|\xc2[\x80-\x9f]|\xe2\x80[\xa8\xa9]"
)
_LONE_SURROGATE: Final = re.compile(rb"(?<!\\)((?:\\\\)*+)\\u[dD][89a-fA-F][0-9a-fA-F]{2}")
_TWO: Final = rb"\uFDD0\uFDD1"  # characters that Unicode reserves for such uses
_ONE: Final = "\ufdd2".encode()
_STAND_IN: Final = re.compile("\ufdd0\ufdd1|\ufdd2")
_SURE_OF_JSON: Final = 2


class JsonObject(NamedTuple):
    """One object of the stream; with `error` it is where kubectl gives up, and the end is the file's."""

    start: int
    end: int
    error: str = ""


class Rest(NamedTuple):
    """From here on the file is read as YAML."""

    start: int


def begins_like_json(data: bytes) -> bool:
    """Whether kubectl's attempt to read JSON can get anywhere: not with `{{` or `{key: value}`."""
    return _BEGINS.match(data) is not None


def json_objects(data: bytes, limits: Limits) -> Iterator[JsonObject | Rest]:
    """The objects in order. After none or one, what is not JSON is read as YAML; after two it is an error."""
    at, rest, count = _after(_BLANK, data, 0), 0, 0
    while at < len(data):
        end = _end_of_object(data, at, limits)
        if end < 0:
            if count < _SURE_OF_JSON:
                yield Rest(rest)
            else:
                yield JsonObject(at, len(data), "this is no JSON object, and the file is a stream of them")
            return
        yield JsonObject(at, end)
        count += 1
        at, rest = _after(_BLANK, data, end), _after(_BLANK_LINE, data, end)


def _after(pattern: re.Pattern[bytes], data: bytes, at: int) -> int:
    found = pattern.match(data, at)
    return found.end() if found is not None else at


def _end_of_object(data: bytes, start: int, limits: Limits) -> int:
    """Where the JSON object that begins at `start` ends; -1 if there is none, or none within the limits."""
    if data[start : start + 1] != b"{":
        return -1
    depth = opened = 0
    for token in _TOKEN.finditer(data, start):
        first = token[0][:1]
        if first in b"{[":
            depth += 1
            opened += 1
            if depth > limits.nesting or opened > limits.nodes or token.end() - start > limits.document:
                return -1
        elif first in b"}]":
            depth -= 1
            if not depth:
                return token.end() if _is_json(data[start : token.end()]) else -1
    return -1


def _is_json(text: bytes) -> bool:
    import json  # few files are JSON

    try:
        with no_collection():
            json.loads(text, parse_int=len, parse_float=len, parse_constant=_refuse)
    except ValueError:
        return False
    return True


def _refuse(word: str) -> None:
    raise ValueError(word)


def for_yaml(data: bytes) -> tuple[bytes, str]:
    r"""The JSON text with other characters, in the same columns, where YAML knows less; and the characters meant.

    YAML does not know `\ud83d\ude00`, takes NEL, LS and PS for line breaks, and wants a key and its colon on one line.
    """
    meant: list[str] = []

    def stand_in(found: re.Match[bytes]) -> bytes:
        if found[2] is None:
            meant.append(found[0].decode())
            return _ONE
        high, low = int(found[2], 16), int(found[3], 16)
        meant.append(chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00)))
        return bytes(found[1]) + _TWO

    text = _LONE_SURROGATE.sub(rb"\1\\uFFFD", _FOREIGN.sub(stand_in, data))
    return text.replace(b"\n", b" ").replace(b"\r", b" "), "".join(meant)


def as_meant(text: str, meant: Iterator[str]) -> str:
    """A scalar of that text with the characters meant; scalars come in document order."""
    return _STAND_IN.sub(lambda found: next(meant, found[0]), text)
