"""GitHub's hash of a line (`primaryLocationLineHash`), by which code scanning knows an alert again.

The 100 UTF-16 code units from the start of the line count, blanks left out, line breaks as line feeds; then how many
times the same hash has been seen in the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

_WINDOW: Final = 100
_BASE: Final = 37
_MASK: Final = (1 << 64) - 1
_END: Final = "\uffff" + "\0" * _WINDOW
_BREAK: Final = re.compile(r"\r\n?")
_BLANKS: Final = str.maketrans("", "", " \t")
_ASTRAL: Final = re.compile("[\U00010000-\U0010ffff]")


def line_hashes(text: str, lines: Iterable[int]) -> Mapping[int, str]:
    """The hashes of some lines (1-based) of a file's unchanged text; those the text does not have are left out."""
    wanted = set(lines)
    units = _code_units(_BREAK.sub("\n", text).translate(_BLANKS)) + _END
    windows = {number: units[at : at + _WINDOW] for number, at in _starts(units) if number in wanted}
    seen = dict.fromkeys(windows.values(), 0)
    hashes: dict[int, str] = {}
    for number, at in _starts(units):
        if len(hashes) == len(windows):
            break
        window = units[at : at + _WINDOW]
        if window in seen:
            seen[window] += 1
        if number in windows:
            hashes[number] = f"{_hash(window):x}:{seen[window]}"
    return hashes


def _starts(units: str) -> Iterator[tuple[int, int]]:
    number, at = 1, 0
    while True:
        yield number, at
        at = units.find("\n", at) + 1
        if not at:
            return
        number += 1


def _hash(window: str) -> int:
    value = 0
    for unit in window:
        value = (value * _BASE + ord(unit)) & _MASK
    return value


def _code_units(text: str) -> str:
    """A string with one character for each UTF-16 code unit."""
    return text if text.isascii() else _ASTRAL.sub(_surrogates, text)


def _surrogates(found: re.Match[str]) -> str:
    offset = ord(found[0]) - 0x10000
    return chr(0xD800 + (offset >> 10)) + chr(0xDC00 + (offset & 0x3FF))
