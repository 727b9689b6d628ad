"""Rules of the user's own: a page with `for`, `when` and `message` in place of a check in Python."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.custom.evaluating import EVALUATOR
from netpol_lint.custom.facts import KINDS, Fact, facts_of
from netpol_lint.errors import NetpolLintError
from netpol_lint.findings import Problem
from netpol_lint.source.front_matter import read_front_matter

ID: Final = re.compile(r"(?!NP\d)[A-Z][A-Z0-9]{1,15}-?[0-9]{1,6}")
"""A prefix of the user's in capitals, and a number: ACME001, ACME-1."""
_LARGEST_PAGE: Final = 100_000
_MOST_PAGES: Final = 500
_PLACEHOLDER: Final = re.compile(r"\{([^{}]*)\}")


def pages(directories: Sequence[str]) -> Iterator[Path]:
    """The pages of directories, sorted; NetpolLintError for one that is not there, leads out of it, or is too large."""
    count = 0
    for directory in directories:
        root = os.path.realpath(directory)
        if not Path(root).is_dir():
            raise NetpolLintError("there is no such directory of custom rules", path=directory)
        for page in sorted(Path(directory).glob("*.md")):
            count += 1
            if os.path.commonpath((root, os.path.realpath(page))) != root:
                raise NetpolLintError("the page is a link that leads out of its directory", path=str(page))
            if not page.is_file() or page.stat().st_size > _LARGEST_PAGE or count > _MOST_PAGES:
                limits = f"{_MOST_PAGES} pages of {_LARGEST_PAGE:,} bytes"
                raise NetpolLintError(f"custom rules are files, at most {limits}", path=str(page))
            yield page


def check_of(page: Path) -> Callable[[Cluster], Iterator[Problem]]:
    """The check that a page describes; NetpolLintError if `for`, `when` or `message` is not there or wrong."""
    data, _ = read_front_matter(page.read_text(encoding="utf-8"), str(page))
    for key in ("for", "when", "message"):
        if not isinstance(data.get(key), str) or not data[key].strip():
            raise NetpolLintError(f"a custom rule needs `{key}`, a text", path=str(page))
    what, when, message = data["for"], data["when"], data["message"]
    if what not in KINDS:
        raise NetpolLintError(f"`for` must be one of {', '.join(KINDS)}, not {what!r}", path=str(page))

    def check(cluster: Cluster) -> Iterator[Problem]:
        facts = facts_of(cluster, what)
        if facts:
            for index in EVALUATOR.hits(when, [fact.variables for fact in facts], str(page)):
                fact = facts[index]
                yield Problem(_filled_in(message, fact, page), fact.at, fact.about)

    return check


def _filled_in(message: str, fact: Fact, page: Path) -> str:
    """The message with `{policy.name}` replaced by the fact of this path: a look-up in plain data, nothing else."""

    def value(match: re.Match[str]) -> str:
        found: Any = fact.variables
        for key in match[1].split("."):
            if not isinstance(found, dict) or key not in found:
                raise NetpolLintError(f"`message`: there is no fact {match[1]!r}", path=str(page))
            found = found[key]
        if isinstance(found, list) and all(isinstance(item, str) for item in found):
            return ", ".join(found)
        return str(found).lower() if isinstance(found, bool) else str(found)

    return _PLACEHOLDER.sub(value, " ".join(message.split()))
