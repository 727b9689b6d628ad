"""The YAML block between two `---` lines at the head of a Markdown page."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from netpol_lint.errors import NetpolLintError

_NO_STRINGS: Final = frozenset(("true", "false", "yes", "no", "on", "off", "null"))


def read_front_matter(text: str, path: str) -> tuple[dict[str, Any], str]:
    """The front matter as plain data, and the text after it; NetpolLintError with the place if it is not there."""
    text = text.removeprefix("\ufeff")
    if not text.startswith("---\n"):
        raise NetpolLintError("the page has no front matter", path=path, line=1, column=1)
    block, end, body = text[4:].partition("\n---\n")
    if not end:
        raise NetpolLintError("the front matter does not end", path=path, line=1, column=1)
    plain = _plain(block)
    if plain:
        return plain, body
    import yaml

    try:
        data = yaml.load(block, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 -- both are safe loaders
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line, column = (mark.line + 2, mark.column + 1) if mark else (1, 1)
        raise NetpolLintError(error.problem or "not YAML", path=path, line=line, column=column) from error
    except (yaml.YAMLError, ValueError, KeyError) as error:  # a control character, a date or number that is none
        reason = str(error).partition("\n")[0]
        raise NetpolLintError(f"the front matter cannot be read: {reason}", path=path, line=2, column=1) from error
    if not isinstance(data, dict):
        raise NetpolLintError("the front matter is not a mapping", path=path, line=2, column=1)
    return data, body


def _plain(block: str) -> dict[str, Any]:
    """The data of front matter in the form that nearly every page has, without a parser; {} for any other."""
    data: dict[str, Any] = {}
    listing = ""  # the key whose items follow
    for line in block.split("\n"):
        key, _, value = line.partition(":")
        if listing and line.startswith("  - ") and _is_string(line[4:]):
            data.setdefault(listing, []).append(line[4:])
        elif key in data or not _is_string(key) or (listing and listing not in data):
            return {}
        elif value in ("", " []"):
            listing = "" if value else key
            data.update({key: []} if value else {})
        elif value.startswith(" ") and _is_string(value[1:]):
            listing, data[key] = "", value[1:]
        else:
            return {}
    return {} if listing and listing not in data else data


@cache  # the same few words in every page
def _is_string(text: str) -> bool:
    """Whether a plain scalar is certainly a string with this text: a word, an address or a version."""
    is_version = text.count(".") == 2 and text.replace(".", "").isdigit()
    is_word = text[:1].isalpha() and len(text.split()) == 1 and not text.endswith((" ", ":"))
    return text.isascii() and (is_version or (is_word and text.lower() not in _NO_STRINGS))
