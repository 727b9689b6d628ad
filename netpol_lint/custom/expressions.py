"""The text of a rule's `when`: its bounds, which are checked before anything is evaluated, and the names in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from netpol_lint.errors import NetpolLintError
from netpol_lint.records import NamedTuple

LONGEST: Final = 2_000
"""Characters of an expression."""
DEEPEST: Final = 32
"""Brackets within brackets."""
MOST_MACROS: Final = 3
"""Macros that go through a list or map, within each other: each multiplies the work by the length of its list."""

_STRING: Final = re.compile(
    r"""[rR](?:'''.*?'''|\"\"\".*?\"\"\"|'[^'\n]*'|"[^"\n]*")"""
    r"""|'''(?:\\.|.)*?'''|\"\"\"(?:\\.|.)*?\"\"\"|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|//[^\n]*""",
    re.DOTALL,
)
_TOKEN: Final = re.compile(r"(?P<macro>\.\s*(?:all|exists|exists_one|existsOne|filter|map)\s*\()|[(\[{]|[)\]}]")
_WORD: Final = re.compile(r"[A-Za-z_]\w*")


class Expression(NamedTuple):
    """A CEL expression and where it is written."""

    text: str
    path: str
    line: int

    @property
    def names(self) -> frozenset[str]:
        """Every word outside of strings: the variables that it asks for are among them."""
        return frozenset(_WORD.findall(_STRING.sub("''", self.text)))

    def error(self, message: str) -> NetpolLintError:
        """An error of this expression, at its place; what does not print, as parts of its text may not, is U+FFFD."""
        shown = "".join(character if character.isprintable() else "\ufffd" for character in message)
        return NetpolLintError(f"`when`: {shown}", path=self.path, line=self.line, column=1)

    def check(self) -> None:
        """NetpolLintError, at its place, if it is longer or nests deeper than an expression may."""
        if len(self.text) > LONGEST:
            raise self.error(f"the expression has {len(self.text):,} characters, more than {LONGEST:,}")
        for depth, macros in _depths(self.text):
            if macros > MOST_MACROS:
                raise self.error(f"more than {MOST_MACROS} macros (all, exists, filter, map) within each other")
            if depth > DEEPEST:
                raise self.error(f"more than {DEEPEST} brackets within each other")


def _depths(text: str) -> Iterator[tuple[int, int]]:
    """At each bracket that opens, how many are open and how many of these belong to a macro."""
    opened: list[bool] = []
    for token in _TOKEN.finditer(_STRING.sub("''", text)):
        if token[0] in ")]}":
            del opened[-1:]
            continue
        opened.append(token["macro"] is not None)
        yield len(opened), sum(opened)
