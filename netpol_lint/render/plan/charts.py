"""Helm charts of a tree: where they are, which of their files are no manifests, and their sets of values."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator
from typing import Final

_CHART_FILES: Final = ("Chart.yaml", "Chart.lock", "requirements.yaml", "requirements.lock", "values.schema.json")
_CHART_DIRECTORIES: Final = ("templates", "crds", "charts", "ci")


def charts_in(paths: Iterable[str]) -> tuple[str, ...]:
    """The directories with a `Chart.yaml`, sorted; charts inside the `charts/` of another belong to that one."""
    found = {posixpath.dirname(path) for path in paths if posixpath.basename(path) == "Chart.yaml"}
    return tuple(sorted(directory for directory in found if not _is_dependency(directory, found)))


def _is_dependency(directory: str, charts: set[str]) -> bool:
    parts = directory.split("/")
    return any("/".join(parts[:index]) in charts for index, part in enumerate(parts) if part in ("charts", "templates"))


def is_of_chart(path: str, chart: str) -> bool:
    """Whether a file below a chart's directory is part of the chart, and so no manifest of its own."""
    below = path[len(chart) :].lstrip("/") if chart else path
    directory, _, _ = below.partition("/")
    return below in _CHART_FILES or directory in _CHART_DIRECTORIES or ("/" not in below and is_values(below))


def is_values(name: str) -> bool:
    """Whether a file beside a `Chart.yaml` is named as one that holds values: `values.yaml`, `values-prod.yaml`."""
    stem, _, extension = name.rpartition(".")
    if extension not in ("yaml", "yml"):
        return False
    return (
        stem == "values" or stem.startswith(("values-", "values.", "values_")) or stem.endswith(("-values", ".values"))
    )


def values_sets(chart: str, paths: Iterable[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The sets of values a chart comes with: "" with none of its own, then each file by its path inside the chart."""
    yield "", ()
    for path in sorted(paths):
        below = path[len(chart) :].lstrip("/") if chart else path
        directory, name = posixpath.split(below)
        is_case = directory == "ci" and name.endswith(("-values.yaml", "-values.yml"))
        is_variant = not directory and is_values(name) and name not in ("values.yaml", "values.yml")
        if is_case or is_variant:
            yield below, (path,)
