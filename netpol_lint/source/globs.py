"""Which paths a glob of the config means, as .gitignore means them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache


def matches(path: str, globs: Iterable[str]) -> bool:
    """Whether a posix path, or a directory above it, matches one of the globs.

    A glob with a slash (not at its end) begins at the directory the path is relative to; one without matches at any
    depth. `*` and `?` stop at slashes, `**` does not. Everything below a directory that matches is meant too.
    """
    return any(_pattern(glob).match(path) for glob in globs)


@lru_cache(maxsize=1024)
def _pattern(glob: str) -> re.Pattern[str]:
    plain = glob.removeprefix("./").rstrip("/")
    anchored = "/" in plain
    parts = [part for part in plain.split("/") if part not in ("", ".")]
    if not parts:
        return re.compile("" if glob else "(?!)")
    text = "".join(_segment(part, last=index == len(parts) - 1) for index, part in enumerate(parts))
    return re.compile(f"{'' if anchored else '(?:.*/)?'}{text}(?:/.*)?\\Z", re.DOTALL)


def _segment(part: str, *, last: bool) -> str:
    if part == "**":
        return ".*" if last else "(?:.*/)?"
    return _word(part) + ("" if last else "/")


def _word(part: str) -> str:
    text, at = "", 0
    while at < len(part):
        character = part[at]
        at += 1
        if character == "*":
            text = text if text.endswith("[^/]*") else f"{text}[^/]*"
        elif character == "?":
            text += "[^/]"
        elif character == "[" and (end := part.find("]", at + 1)) > 0:
            text += _class(part[at:end])
            at = end + 1
        else:
            text += re.escape(character)
    return text


def _class(inside: str) -> str:
    negated = inside.startswith(("!", "^"))
    members = re.sub(r"[\\\[\]&~|^]", r"\\\g<0>", inside[1:] if negated else inside)
    if members.startswith("--"):  # a range from the dash; `re` warns of two dashes in a row
        members = f"\\-{members[1:]}"
    members = members.replace("--", r"-\-")
    text = f"[{'^/' if negated else ''}{members}]"
    try:
        re.compile(text)
    except re.error:
        return re.escape(f"[{inside}]")
    return f"(?!/){text}"
