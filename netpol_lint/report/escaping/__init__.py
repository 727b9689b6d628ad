"""Text from manifests made harmless for each kind of output.

Names, paths and lines of a file are other people's text: nothing of it may act on a terminal, a log, a page or a
program that reads the report. What acts is not dropped but made visible, as `\\x1b`.
"""

from __future__ import annotations

import re
from typing import Any, Final

_LOG_COMMAND: Final = re.compile(r"(?:(?<=##)|(?<=##vso))\[", re.IGNORECASE)
_FIRST_COLON: Final = re.compile(r"\A(\s*):(?=:[A-Za-z])")
_BEYOND_ASCII: Final = re.compile(r"[^\x00-\x7e]+")
_HTML: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"})
_MARKDOWN: Final = str.maketrans(
    {character: f"\\{character}" for character in "\\`*_[]~|"}
    | {"&": "&amp;", "<": "&lt;", ">": "&gt;", "$": "&#36;", "@": "@&#8203;", "#": "#&#8203;"}
)
_LINK: Final = re.compile(r"://|(?i:\bwww)\.")


def visible(text: str) -> str:
    """The text with all that does not print as itself written as an escape: control characters, line breaks, marks
    that change the direction of writing or have no width; and without the `##[` and `##vso[` that build logs obey.
    """
    if not text.isprintable():
        text = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
    if "##" in text:
        text = _LOG_COMMAND.sub(r"\\x5b", text)
    return text


def one_line(text: str) -> str:
    """`visible`, and fit to begin a line: no `::` that GitHub would take for a workflow command."""
    return _FIRST_COLON.sub(r"\1\\x3a", visible(text))


def html(text: str) -> str:
    """For HTML and XML 1.0, between tags and inside quotes."""
    return visible(text).translate(_HTML)


def markdown(text: str) -> str:
    """For a line or a table cell of Markdown as GitHub and GitLab render it: no markup, link, mention or formula."""
    return _LINK.sub(lambda found: f"{found[0][:-1]}&#8203;{found[0][-1]}", visible(text).translate(_MARKDOWN))


def command_data(text: str) -> str:
    """For the message of a GitHub workflow command; line breaks stay, as `%0A`."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def command_property(text: str) -> str:
    """For a property of a GitHub workflow command."""
    return command_data(visible(text)).replace(":", "%3A").replace(",", "%2C")


def azure_data(text: str) -> str:
    """For the message of an Azure Pipelines logging command; line breaks stay, as `%0A`."""
    return text.replace("%", "%AZP25").replace("\r", "%0D").replace("\n", "%0A")


def azure_property(text: str) -> str:
    """For a property of an Azure Pipelines logging command."""
    return azure_data(visible(text)).replace("]", "%5D").replace(";", "%3B")


def json_text(data: Any) -> str:
    """JSON on one line that reads back as the same data, with everything that acts written as an escape.

    A lone surrogate, which no text can hold, becomes U+FFFD.
    """
    import json

    text = _BEYOND_ASCII.sub(_json_escape, json.dumps(data, ensure_ascii=False))
    return _LOG_COMMAND.sub(r"\\u005b", text) if "##" in text else text


def _json_escape(found: re.Match[str]) -> str:
    run = found[0]
    if run.isprintable():
        return run
    run = run.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return "".join(c if c.isprintable() else _code_units(c) for c in run)


def _code_units(character: str) -> str:
    data = character.encode("utf-16-be")
    return "".join(f"\\u{data[i : i + 2].hex()}" for i in range(0, len(data), 2))
