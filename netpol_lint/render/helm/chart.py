"""What a Chart.yaml says: the chart's name and kind, what it depends on, and the sets of values it is tested with."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import Final, TypeAlias

from netpol_lint.records import NamedTuple
from netpol_lint.render.files import Tree
from netpol_lint.source.documents import Failure
from netpol_lint.source.files import Trouble
from netpol_lint.source.location import Location, Span
from netpol_lint.source.tree import Mapping, Missing, Node, Scalar, Sequence

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,249}")
_CI_VALUES: Final = "-values.yaml"


class Dependency(NamedTuple):
    """A chart that another one takes in."""

    name: str
    version: str
    """A version or a range of versions; "" for any."""
    repository: str
    alias: str
    condition: str
    """Paths into the values, with commas between them: the first that is a boolean decides."""
    tags: tuple[str, ...]
    at: Location


class Chart(NamedTuple):
    """What is known of a chart before it is rendered."""

    directory: str
    name: str
    version: str
    type: str
    """`application` or `library`, which is never deployed by itself."""
    dependencies: tuple[Dependency, ...]
    values_sets: tuple[tuple[str, ...], ...]
    """Values files to render it with, once each: none (its own `values.yaml` alone), then each `ci/*-values.yaml`."""
    at: Location
    """Where its name stands."""


class NoChart(NamedTuple):
    """Why a directory cannot be rendered as a chart, where that shows, and what to do."""

    reason: str
    at: Location
    remedy: str = ""


ChartOrNot: TypeAlias = Chart | NoChart


def chart_of(directory: str, tree: Tree) -> ChartOrNot:
    """The chart in a directory of the tree, by its Chart.yaml (and requirements.yaml, as charts of Helm 2 have it)."""
    directory = posixpath.normpath(directory)
    path = below(directory, "Chart.yaml")
    root = root_of(path, tree)
    if isinstance(root, NoChart):
        return root
    name = root.get("name")
    text = text_of(name)
    at = name.location if isinstance(name, Scalar) else root.location
    if not _NAME.fullmatch(text):
        return NoChart("the chart has no name that Helm takes: letters, digits, `.`, `_` and `-`", at)
    dependencies = list(_dependencies(root))
    requirements = below(directory, "requirements.yaml")
    if not dependencies and tree.is_file(requirements):
        older = root_of(requirements, tree)
        if isinstance(older, NoChart):
            return older
        dependencies = list(_dependencies(older))
    kind = text_of(root.get("type")) or "application"
    return Chart(
        directory, text, text_of(root.get("version")), kind, tuple(dependencies), _values_sets(directory, tree), at
    )


def root_of(path: str, tree: Tree) -> Mapping | NoChart:
    """The mapping in a file of settings; why not, if it is none."""
    found = tree.trees(path)
    if isinstance(found, Trouble):
        return NoChart(found.message, start_of(path))
    if not found:
        return NoChart("the file is empty", start_of(path))
    first = found[0]
    if isinstance(first, Failure):
        return NoChart(first.message, first.at)
    if not isinstance(first, Mapping):
        return NoChart("not a mapping of settings", first.location)
    return first


def below(directory: str, path: str) -> str:
    """The display path of something in a directory."""
    return posixpath.normpath(posixpath.join(directory, path))


def start_of(path: str) -> Location:
    """The first character of a file."""
    return Location(path, Span(1, 1, 1, 2))


def text_of(node: Node | Missing) -> str:
    """A string or number as it is written; "" for anything else."""
    return node.text if isinstance(node, Scalar) and node.value is not None else ""


def _dependencies(root: Mapping) -> Iterator[Dependency]:
    listed = root.get("dependencies")
    if not isinstance(listed, Sequence):
        return
    for item in listed:
        if not isinstance(item, Mapping) or not text_of(item.get("name")):
            continue
        tags = item.get("tags")
        yield Dependency(
            name=text_of(item.get("name")),
            version=text_of(item.get("version")),
            repository=text_of(item.get("repository")),
            alias=text_of(item.get("alias")),
            condition=text_of(item.get("condition")),
            tags=tuple(text_of(tag) for tag in tags) if isinstance(tags, Sequence) else (),
            at=item.get("name").location,
        )


def _values_sets(directory: str, tree: Tree) -> tuple[tuple[str, ...], ...]:
    tests = below(directory, "ci")
    names = tree.list(tests) if tree.is_directory(tests) else ()
    if isinstance(names, Trouble):
        names = ()
    paths = [below(tests, name) for name in names if name.endswith(_CI_VALUES)]
    return ((), *((path,) for path in paths if tree.is_file(path)))
