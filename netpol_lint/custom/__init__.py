"""Rules of the user's own: a page with `for`, `when` and `message` in place of a check in Python."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final, TypeAlias

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.custom.evaluating import EVALUATOR
from netpol_lint.custom.expressions import Expression
from netpol_lint.custom.facts import KINDS, LISTS_OF_PODS, Fact, facts_of, without_lists
from netpol_lint.custom.messages import filled_in
from netpol_lint.custom.unknown import readings
from netpol_lint.errors import NetpolLintError
from netpol_lint.findings import Problem
from netpol_lint.records import NamedTuple
from netpol_lint.source.front_matter import read_front_matter

ID: Final = re.compile(r"(?!NP\d)(?P<prefix>[A-Z][A-Z0-9]{1,15}?)-?(?P<number>[0-9]{1,6})")
"""A prefix of the user's in capitals, and a number: ACME001, ACME-1."""
NAME: Final = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
"""The name of a page without `.md`."""
LARGEST_PAGE: Final = 100_000
MOST_PAGES: Final = 500
_Keys: TypeAlias = tuple[int, ...]


class Definition(NamedTuple):
    """What a page says in place of a check."""

    what: str
    """Its `for`, one of `KINDS`."""
    when: Expression
    message: str


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
            if not page.is_file() or page.stat().st_size > LARGEST_PAGE or count > MOST_PAGES:
                limits = f"{MOST_PAGES} pages of {LARGEST_PAGE:,} bytes"
                raise NetpolLintError(f"custom rules are files, at most {limits}", path=str(page))
            _check_readable(page)
            yield page


def _check_readable(page: Path) -> None:
    try:
        page.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise NetpolLintError("the page is not UTF-8", path=str(page)) from error
    except OSError as error:
        raise NetpolLintError(error.strerror or "the page cannot be read", path=str(page)) from error


def definition_of(page: Path) -> Definition:
    """What a page defines; NetpolLintError with the place if `for`, `when` or `message` is missing or out of bounds."""
    text = page.read_text(encoding="utf-8")
    data, _ = read_front_matter(text, str(page))
    for key in ("for", "when", "message"):
        if not isinstance(data.get(key), str) or not data[key].strip():
            line = _line_of(text, key)
            raise NetpolLintError(f"a custom rule needs `{key}`, a text", path=str(page), line=line, column=1)
    what = data["for"]
    if what not in KINDS:
        message = f"`for` must be one of {', '.join(KINDS)}, not {what!r}"
        raise NetpolLintError(message, path=str(page), line=_line_of(text, "for"), column=1)
    when = Expression(data["when"].strip(), str(page), _line_of(text, "when"))
    when.check()
    return Definition(what, when, " ".join(data["message"].split()))


def check_of(page: Path) -> Callable[[Cluster], Iterator[Problem]]:
    """The check that a page describes; NetpolLintError as `definition_of`, and for what goes wrong in evaluating it."""
    definition = definition_of(page)

    def check(cluster: Cluster) -> Iterator[Problem]:
        for fact in _hits(definition, facts_of(cluster, definition.what)):
            yield Problem(filled_in(definition.message, fact.variables, page), fact.at, fact.about)

    return check


def _hits(definition: Definition, facts: Sequence[Fact]) -> Iterator[Fact]:
    """The facts for which `when` is true, whatever is unknown of them. Without facts, it is still compiled."""
    when = definition.when
    questions = _questions(when, facts)
    cases = [(keys, reading) for keys, question in questions.items() for reading in readings(question.variables)]

    def whose(case: int) -> str:
        return str(questions[cases[case][0]].fact.about)

    answers = EVALUATOR.answers(when, [reading for _, reading in cases], whose)
    failing = {keys for (keys, _), answer in zip(cases, answers, strict=True) if not answer}
    names = when.names
    yield from (fact for fact in facts if _keys(fact, names) not in failing)


class _Question(NamedTuple):
    fact: Fact
    """The first of those that an expression cannot tell apart."""
    variables: dict[str, Any]
    """Those that it names, without the lists of pods that it does not name."""


def _questions(when: Expression, facts: Sequence[Fact]) -> dict[_Keys, _Question]:
    """What is to be evaluated, in an order in which equal values of the last variable, as of peers, come together."""
    names, unnamed = when.names, frozenset(key for key in LISTS_OF_PODS if key not in when.text)
    firsts: dict[_Keys, Fact] = {}
    needed: dict[int, Any] = {}
    for fact in facts:
        firsts.setdefault(_keys(fact, names), fact)
        for name, value in fact.variables.items():
            if name in names and id(value) not in needed:
                needed[id(value)] = without_lists(value, unnamed)
    order = {key: number for number, key in enumerate(needed)}
    return {
        keys: _Question(fact, {name: needed[id(v)] for name, v in fact.variables.items() if name in names})
        for keys, fact in sorted(firsts.items(), key=lambda first: [order[key] for key in first[0][::-1]])
    }


def _keys(fact: Fact, names: frozenset[str]) -> _Keys:
    """The identities of the variables that an expression names."""
    return tuple(id(value) for name, value in fact.variables.items() if name in names)


def _line_of(text: str, key: str) -> int:
    """The line of a key of the front matter; the first without it."""
    lines = text.partition("\n---\n")[0].split("\n")
    return next((number for number, line in enumerate(lines, start=1) if line.startswith(f"{key}:")), 1)
