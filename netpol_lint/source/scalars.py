"""The value kubectl gives a YAML scalar: the rules of go-yaml v2."""

from __future__ import annotations

import re
from typing import Any, Final, TypeAlias

Value: TypeAlias = str | int | float | bool | None

_TRUE: Final = frozenset("y Y yes Yes YES true True TRUE on On ON".split())
_FALSE: Final = frozenset("n N no No NO false False FALSE off Off OFF".split())
_NULL: Final = frozenset(("", "~", "null", "Null", "NULL"))
_INT: Final = re.compile(r"[-+]?(?:0|[1-9][0-9_]*)$")


def resolve(text: str, tag: Any, *, plain: bool) -> Value:
    """What `text` means; `tag` is the explicit tag, or what the parser leaves for an untagged node."""
    if not plain:
        return text
    if text in _NULL:
        return None
    if text in _TRUE:
        return True
    if text in _FALSE:
        return False
    if _INT.match(text):
        return int(text.replace("_", ""))
    return text


def key_text(raw: Any) -> str:
    """A mapping key as JSON spells it."""
    if raw.id != "scalar":
        return ""
    value = resolve(raw.value, raw.tag, plain=not raw.style)
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return "null" if value is None else str(value)
