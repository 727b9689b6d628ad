"""Which value of a chart a line of a template takes, and where that value is set."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, Final

from netpol_lint.render.files import Tree
from netpol_lint.render.helm.chart import Chart, NoChart, chart_of, root_of
from netpol_lint.render.helm.markers import actions_of
from netpol_lint.render.jobs import Job
from netpol_lint.source.files import Trouble
from netpol_lint.source.location import Location
from netpol_lint.source.tree import Mapping

_VALUE: Final = re.compile(r"\.Values((?:\.[A-Za-z_]\w*)+)")
_BEGINS: Final = re.compile(r"\{\{-?\s*(?:if|with|range|define|block)\b")
_ENDS: Final = re.compile(r"\{\{-?\s*end\b")
_CHANGES_DOT: Final = re.compile(r"\{\{-?\s*(?:with|range|define|block)\b")
_LONGEST_BLOCK: Final = 50
_SUBCHART: Final = re.compile(r"charts/([^/]+)/")


def decided_by(job: Job, tree: Tree, at: Location) -> tuple[Location, ...]:
    """Where the values stand that are named on the template line a location points at, or that the line is a part of;
    for a field of a `spec`, such as `podSelector`, also those named in the lines that belong to it.

    That is the key in the last of the job's values files that has it, else in the chart's own `values.yaml`, else in
    the subchart's. Nothing, if no value is named, or one that is set inline or nowhere.
    """
    data = tree.read(at.path)
    root = posixpath.normpath(job.root)
    below = at.path if root == "." else at.path.removeprefix(f"{root}/")
    if (
        isinstance(data, Trouble)
        or (below == at.path and root != ".")
        or not below.startswith(("templates/", "charts/"))
    ):
        return ()
    text = data.decode("utf-8", "replace")
    found = (_key_of_chart(job, tree, below, keys) for keys in _all_keys(text, at))
    return tuple(dict.fromkeys(place for places in found for place in places))


def _key_of_chart(job: Job, tree: Tree, below: str, keys: list[str]) -> tuple[Location, ...]:
    """Where a value is set that a template of the chart, or of a subchart in it, calls by these keys."""
    root = posixpath.normpath(job.root)
    directories = _charts_above(root, below)
    own = [(posixpath.join(directories[-1], "values.yaml"), keys)] if len(directories) > 1 else []
    keys = [*_names_above(directories, tree), *keys]
    if _has(job.set_values, keys):
        return ()
    files = [(path, keys) for path in (*reversed(job.values), posixpath.join(root, "values.yaml"))]
    for path, wanted in [*files, *own]:
        found = _key_in(path, wanted, tree)
        if found:
            return found
    return ()


def _all_keys(text: str, at: Location) -> list[list[str]]:
    own = _keys_at(text, at.span.line)
    if own:
        return [own]
    lines = _belonging(text, at.span.line) if at.pointer.startswith("/spec/") else ()
    return [keys for line in lines if (keys := _keys_at(text, line, only_there=True))]


def _belonging(text: str, line: int) -> Iterator[int]:
    """The lines that are part of what a line with a key alone opens."""
    lines = text.split("\n")[line - 1 :][:_LONGEST_BLOCK]
    if not lines or not lines[0].rstrip().endswith(":"):
        return
    indent = len(lines[0]) - len(lines[0].lstrip(" -"))
    for number, below in enumerate(lines[1:], start=line + 1):
        content = below.lstrip()
        if content and not content.startswith("{{") and len(below) - len(content) <= indent:
            return
        yield number


def _keys_at(text: str, line: int, *, only_there: bool = False) -> list[str]:
    """The keys of the value that a line names, or of which the `with` or `range` around it takes a part.

    With `only_there`, conditions do not count: whether a line is there at all is another question.
    """
    lines = text.split("\n")
    start = sum(len(earlier) + 1 for earlier in lines[: line - 1])
    end = start + len(lines[line - 1]) if line <= len(lines) else start
    around: list[str] = []
    for first, after in actions_of(text):
        if first >= end:
            break
        action = text[first:after]
        if after > start and not _ENDS.match(action) and not (only_there and _BEGINS.match(action)):
            named = _VALUE.search(action)
            if named is None and not _BEGINS.match(action):
                named = _VALUE.search(next((block for block in reversed(around) if _CHANGES_DOT.match(block)), ""))
            if named is not None:
                return named[1][1:].split(".")
        if _BEGINS.match(action):
            around.append(action)
        elif _ENDS.match(action) and around:
            around.pop()
    return []


def _charts_above(root: str, below: str) -> list[str]:
    """The chart's directory, and those of the subcharts that a template lies in."""
    directories = [root]
    while match := _SUBCHART.match(below):
        directories.append(posixpath.normpath(posixpath.join(directories[-1], match[0])))
        below = below[match.end() :]
    return directories


def _names_above(directories: list[str], tree: Tree) -> list[str]:
    """The keys under which a chart finds the values of a subchart: its alias, else its name."""
    names = []
    for above, directory in pairwise(directories):
        parent, chart = chart_of(above, tree), chart_of(directory, tree)
        if isinstance(parent, NoChart) or isinstance(chart, NoChart):
            return [posixpath.basename(directory)]
        names.append(_called(parent, chart.name))
    return names


def _called(parent: Chart, name: str) -> str:
    return next((item.alias for item in parent.dependencies if item.name == name and item.alias), name)


def _key_in(path: str, keys: list[str], tree: Tree) -> tuple[Location, ...]:
    node: object = root_of(path, tree) if tree.is_file(path) else None
    at: tuple[Location, ...] = ()
    for key in keys:
        if not isinstance(node, Mapping) or key not in node:
            return ()
        at = (node.key_location(key),)
        node = node.get(key)
    return at


def _has(values: Any, keys: list[str]) -> bool:
    for key in keys:
        if not isinstance(values, dict) or key not in values:
            return False
        values = values[key]
    return True
