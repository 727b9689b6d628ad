"""The YAML block between two `---` lines at the head of a Markdown page."""

from __future__ import annotations

from typing import Any

import yaml

from netpol_lint.errors import NetpolLintError


def read_front_matter(text: str, path: str) -> tuple[dict[str, Any], str]:
    """The front matter as plain data, and the text after it; NetpolLintError with the place if it is not there."""
    if not text.startswith("---\n"):
        raise NetpolLintError("the page has no front matter", path=path, line=1, column=1)
    block, end, body = text[4:].partition("\n---\n")
    if not end:
        raise NetpolLintError("the front matter does not end", path=path, line=1, column=1)
    try:
        data = yaml.load(block, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 -- both are safe loaders
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line, column = (mark.line + 2, mark.column + 1) if mark else (1, 1)
        raise NetpolLintError(error.problem or "not YAML", path=path, line=line, column=column) from error
    if not isinstance(data, dict):
        raise NetpolLintError("the front matter is not a mapping", path=path, line=2, column=1)
    return data, body
