"""The messages of custom rules: a look-up of facts in plain data, nothing else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from netpol_lint.errors import NetpolLintError

_PLACEHOLDER: Final = re.compile(r"\{([^{}]*)\}")
_LONGEST: Final = 200
"""Characters of one fact in a message: an annotation may hold thousands."""


def filled_in(message: str, variables: Mapping[str, Any], page: Path) -> str:
    """The message with `{policy.name}` replaced by the fact of this path; NetpolLintError if it is none, or no text."""

    def value(match: re.Match[str]) -> str:
        found = _found(variables, match[1])
        if not found:
            raise NetpolLintError(f"`message`: there is no fact {match[1]!r}", path=str(page))
        text = _text(found[0])
        if not text:
            raise NetpolLintError(f"`message`: {match[1]!r} is no text, number or list of these", path=str(page))
        return text[0] if len(text[0]) <= _LONGEST else f"{text[0][:_LONGEST]}…"

    return _PLACEHOLDER.sub(value, message)


def _found(facts: Any, path: str) -> tuple[Any, ...]:
    """What is at a path; nothing if there is no such fact. A key with dots in it, as labels have, is found first."""
    if not isinstance(facts, Mapping):
        return ()
    if path in facts:
        return (facts[path],)
    dots = [index for index, character in enumerate(path) if character == "."]
    tried = (_found(facts.get(path[:dot]), path[dot + 1 :]) for dot in dots)
    return next((found for found in tried if found), ())


def _text(value: Any) -> tuple[str, ...]:
    """A fact in words; nothing for maps and lists of them."""
    match value:
        case bool():
            return (str(value).lower(),)
        case str() | int():
            return (str(value),)
        case list() if all(isinstance(item, (str, int)) for item in value):
            return (", ".join(map(str, value)),)
        case _:
            return ()
