"""Which texts may name a host, by a look that is never wrong about "no": only these are kept for the resolver."""

from __future__ import annotations

import re
from typing import Final

LONGEST: Final = 200_000
"""Characters of a text that is looked at; what is longer is data, not configuration."""
_WORDS: Final = (
    "host|addr|url|uri|endpoint|server|service|dsn|broker|upstream|backend|proxy|node|peer|seed|target|master"
)
_KEY: Final = f"(?i:{_WORDS}|port)"  # compiled where it is used, as `_IN_DATA`: few small files have such texts
_IN_DATA: Final = rf"://|\.svc\b|[A-Za-z0-9]:[0-9]|(?i:{_WORDS})[\w.-]*[\"']?[ \t]*[:=]"
_IN_BYTES: Final = re.compile(rf"://|\.svc\b|[A-Za-z0-9]:[0-9]|(?i:{_WORDS})".encode())
_PUNCTUATED: Final = re.compile(r"[.:]|[0-9]{2}")
"""An argument that is a bare word says nothing without a flag; one with digits may tell a port."""


def may_be_in(key: str, text: str) -> bool:
    """Whether an entry of a ConfigMap or Secret may name a host, or the port that belongs to one."""
    return 0 < len(text) <= LONGEST and (re.search(_KEY, key) is not None or re.search(_IN_DATA, text) is not None)


def may_be_mentioned(key: str, text: str) -> bool:
    """Whether the value of a variable, or an argument, may name a host or a port."""
    return 0 < len(text) <= LONGEST and (_PUNCTUATED.search(text) is not None or re.search(_KEY, key) is not None)


def may_be_in_file(data: bytes) -> bool:
    """Whether a file may hold a ConfigMap or Secret with such an entry. What a Secret holds is encoded."""
    return b"Secret" in data or (b"ConfigMap" in data and _IN_BYTES.search(data) is not None)
