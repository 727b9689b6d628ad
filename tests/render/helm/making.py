"""Charts to render, and what came of them."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from netpol_lint.render.files import Tree
from netpol_lint.render.helm import Allowance, available, render
from netpol_lint.render.jobs import Job, Rendered
from netpol_lint.source.documents import Document
from netpol_lint.source.tree import Mapping as Node, Missing, Scalar, Sequence

CHART = "apiVersion: v2\nname: app\nversion: 1.0.0\n"
SHORT = Allowance(seconds=20)


def put(files: Mapping[str, str], *, at: str = ".") -> None:
    """Write files below the working directory; their text may be indented."""
    for name, text in files.items():
        path = Path(at, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text).lstrip("\n"), encoding="utf-8")


def tree() -> Tree:
    """The working directory as the scanned tree."""
    return Tree([(".", ".")])


def needs(renderer: str) -> str:
    """The renderer, if it is there; the test is skipped if not."""
    if available(renderer).kind == "none":
        pytest.skip(available(renderer).trouble)
    return renderer


def rendered(renderer: str, *, root: str = "app", allowance: Allowance = SHORT, **job: Any) -> Rendered:
    """What a chart gives."""
    return render(
        Job("helm", root, root, **job), tree(), default_namespace="default", renderer=renderer, allowance=allowance
    )


def reasons(result: Rendered) -> list[str]:
    """Why parts were not rendered."""
    return [problem.reason for problem in result.problems]


def named(result: Rendered) -> list[str]:
    """Kind and name of each object, sorted."""
    return sorted(f"{item.kind}/{text(item, 'metadata', 'name')}" for item in documents(result))


def documents(result: Rendered) -> list[Document]:
    """The objects alone."""
    return [item for item in result.documents if isinstance(item, Document)]


def node(item: object, *keys: str | int) -> Node | Scalar | Sequence | Missing:
    """The node at the end of a path of keys and indices."""
    assert isinstance(item, Document)
    at: Node | Scalar | Sequence | Missing = item.root
    for key in keys:
        if isinstance(key, int):
            assert isinstance(at, Sequence)
            at = list(at)[key]
        else:
            assert isinstance(at, Node)
            at = at.get(key)
    return at


def text(item: object, *keys: str | int) -> str:
    """The text of the scalar there."""
    found = node(item, *keys)
    assert isinstance(found, Scalar), keys
    return found.text


def pointed(item: object, *keys: str | int) -> str:
    """What the location of a node stands on: path, line and the text that is marked."""
    found = node(item, *keys)
    location = found.location
    line = Path(location.path).read_text("utf-8").split("\n")[location.span.line - 1]
    assert location.span.line == location.span.end_line
    marked = line[location.span.column - 1 : location.span.end_column - 1]
    return f"{location.path}:{location.span.line}: {marked}"
