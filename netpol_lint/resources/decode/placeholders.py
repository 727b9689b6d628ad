"""Text that a tool replaces before the API server sees it: `${NAME}` (Flux), `$(NAME)` (Kustomize), `{{ }}`, `@N@`."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

_WITH_DEFAULT: Final = re.compile(r"\$\{[A-Za-z_][A-Za-z0-9_]*(?::=|:-|=|-)([^{}]*)\}")

_AT_SIGNS: Final = re.compile(r"@[A-Za-z][A-Za-z0-9_.-]*@")


def with_defaults(text: str) -> str:
    """The text with each `${NAME:=default}` replaced by its default; other placeholders stay."""
    return _WITH_DEFAULT.sub(r"\1", text) if "${" in text else text


def has_placeholder(text: str) -> bool:
    """Whether some of the text is not known here, so that nothing can be said against it."""
    return "${" in text or "$(" in text or "{{" in text or ("@" in text and _AT_SIGNS.search(text) is not None)


def error(grammar: Callable[[str], str], text: str) -> str:
    """What `grammar` has against a text, "" if the text is not all known."""
    wrong = grammar(text)
    return "" if wrong and has_placeholder(text) else wrong
