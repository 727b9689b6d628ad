"""Dependencies that a chart's `charts/` lacks: found in the scanned tree, or left out where values switch them off."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping as Data
from functools import lru_cache
from typing import Any, Final

from netpol_lint.render.files import OUTSIDE, Tree
from netpol_lint.render.helm.chart import Chart, Dependency, NoChart, chart_of, text_of
from netpol_lint.render.helm.conditions import enabled, merged, read_values
from netpol_lint.render.helm.copying import Copy, add_directory
from netpol_lint.render.helm.versions import fits, version_of
from netpol_lint.source.documents import read_trees
from netpol_lint.source.files import Trouble
from netpol_lint.source.tree import Mapping, plain_data

_DEEPEST: Final = 5
_MOST_DIRECTORIES: Final = 50_000
_NEVER_CHARTS: Final = frozenset({".git", "node_modules", "templates", "crds"})


def complete(
    copy: Copy, chart: Chart, values: Data[str, Any], tree: Tree, *, below: str = "", depth: int = 0
) -> list[NoChart]:
    """Put the missing dependencies of a chart into its copy, and theirs; what is said of those that are not to be had.

    Helm refuses a chart whose Chart.yaml names what `charts/` does not hold, also where values switch it off: these are
    left out, and so are those that are not to be had, as the rest tells more than nothing.
    """
    there = names_below(copy, below)
    left_out: list[Dependency] = []
    missing: list[NoChart] = []
    for dependency in chart.dependencies:
        if dependency.name in there:
            continue
        if not enabled(dependency, values):
            left_out.append(dependency)
            continue
        source = _in_tree(chart, dependency, tree)
        if not source:
            if not depth:  # Helm renders others without, too: only the outermost chart must be complete
                missing.append(_missing(chart, dependency))
                left_out.append(dependency)
            continue
        target = posixpath.join(below, "charts", dependency.name)
        add_directory(copy, source, target, tree)
        inner = chart_of(source, tree)
        if isinstance(inner, Chart) and depth < _DEEPEST:
            own = merged(read_values(posixpath.join(source, "values.yaml"), tree), _part(values, dependency))
            complete(copy, inner, own, tree, below=target, depth=depth + 1)
        there[dependency.name] = target
    if left_out:
        _leave_out(copy, below, {(dependency.name, dependency.alias) for dependency in left_out})
    return missing


def names_below(copy: Copy, below: str) -> dict[str, str]:
    """The names of the charts in a copy's `charts/`, with the directory of each."""
    prefix = posixpath.join(below, "charts", "")
    found: dict[str, str] = {}
    for path, data in copy.files.items():
        rest = path[len(prefix) :] if path.startswith(prefix) else ""
        directory, _, name = rest.partition("/")
        if name != "Chart.yaml" or directory.startswith(("_", ".")):
            continue
        root = next(iter(read_trees(data, path)), None)
        if isinstance(root, Mapping):
            found[text_of(root.get("name"))] = prefix + directory
    return found


def _missing(chart: Chart, dependency: Dependency) -> NoChart:
    named = f"{dependency.name} {dependency.version}".strip()
    return NoChart(
        f"its dependency {named} is not in `charts/`, nor anywhere else in the scanned tree",
        dependency.at,
        f"run `helm dependency build {chart.directory}` first",
    )


def _part(values: Data[str, Any], dependency: Dependency) -> dict[str, Any]:
    part = values.get(dependency.alias or dependency.name)
    return part if isinstance(part, dict) else {}


def _in_tree(chart: Chart, dependency: Dependency, tree: Tree) -> str:
    """The directory that a `file://` repository names, else the best chart of that name and version; "" if none."""
    if dependency.repository.startswith("file://"):
        path = posixpath.normpath(posixpath.join(chart.directory, dependency.repository.removeprefix("file://")))
        found = chart_of(path, tree)
        return path if isinstance(found, Chart) and found.name == dependency.name else ""
    candidates = [
        found
        for found in _charts(_top(chart.directory, tree), tree)
        if found.name == dependency.name
        and fits(found.version, dependency.version)
        and not _is_at_or_above(found.directory, chart.directory)
    ]
    best = max(candidates, key=lambda found: (version_of(found.version), found.directory), default=None)
    return best.directory if best is not None else ""


def _is_at_or_above(directory: str, other: str) -> bool:
    return directory in (other, ".") or other.startswith(f"{directory}/")


def _top(directory: str, tree: Tree) -> str:
    """The highest directory above that belongs to the scanned tree."""
    top = posixpath.normpath(directory)
    while True:
        parent = posixpath.normpath(posixpath.join(top, ".."))
        location = tree.location(parent)
        if parent == top or (isinstance(location, Trouble) and location.message == OUTSIDE):
            return top
        top = parent


@lru_cache(maxsize=2)
def _charts(top: str, tree: Tree) -> tuple[Chart, ...]:
    """Every chart at or below a directory."""
    found = (chart_of(directory, tree) for directory in _chart_directories(top, tree))
    return tuple(chart for chart in found if isinstance(chart, Chart))


def _chart_directories(top: str, tree: Tree) -> Iterator[str]:
    waiting = [top]
    seen: set[str] = set()
    while waiting and len(seen) < _MOST_DIRECTORIES:
        directory = waiting.pop()
        location = tree.location(directory)
        names = tree.list(directory)
        if isinstance(location, Trouble) or isinstance(names, Trouble) or location in seen:
            continue
        seen.add(location)
        if "Chart.yaml" in names:
            yield directory
        below = (posixpath.normpath(posixpath.join(directory, name)) for name in names if name not in _NEVER_CHARTS)
        waiting += [path for path in below if tree.is_directory(path)]


def _leave_out(copy: Copy, below: str, unwanted: set[tuple[str, str]]) -> None:
    """Take dependencies out of the copy's Chart.yaml (or requirements.yaml), which becomes JSON: YAML as well."""
    import json  # only charts with optional dependencies

    for name in ("Chart.yaml", "requirements.yaml"):
        path = posixpath.join(below, name)
        root = next(iter(read_trees(copy.files.get(path, b""), path)), None)
        if not isinstance(root, Mapping) or "dependencies" not in root:
            continue
        data = plain_data(root)
        listed = data["dependencies"] if isinstance(data["dependencies"], list) else []
        kept = [item for item in listed if not (isinstance(item, dict) and _names(item) in unwanted)]
        copy.files[path] = json.dumps({**data, "dependencies": kept}).encode()
    copy.files.pop(posixpath.join(below, "Chart.lock"), None)
    copy.files.pop(posixpath.join(below, "requirements.lock"), None)


def _names(item: Data[str, Any]) -> tuple[str, str]:
    return str(item.get("name", "")), str(item.get("alias") or "")
