"""Network plugins among charts that could not be rendered: known by their names, as nothing else of them is seen."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import Final

from netpol_lint.render.files import Tree
from netpol_lint.render.helm.chart import Chart, chart_of
from netpol_lint.render.helm.conditions import enabled, values_of
from netpol_lint.render.jobs import Job, Rendered
from netpol_lint.resources.decode.plugins import chart_sign
from netpol_lint.resources.plugins import Sign
from netpol_lint.source.files import Trouble
from netpol_lint.source.tree import Mapping, Scalar, Sequence, plain_data

_KUSTOMIZATIONS: Final = ("kustomization.yaml", "kustomization.yml", "Kustomization")


def plugin_signs(rendered: Rendered, tree: Tree) -> Iterator[Sign]:
    """What the charts of a job that is not all rendered say by their names."""
    if rendered.job.kind == "helm":
        yield from _of_chart(rendered.job, tree)
    for path in sorted(rendered.used):
        if posixpath.basename(path) in _KUSTOMIZATIONS:
            yield from _of_kustomization(path, tree)


def _of_chart(job: Job, tree: Tree) -> Iterator[Sign]:
    """The chart itself, and those that it depends on unless values switch them off."""
    chart = chart_of(job.root, tree)
    if not isinstance(chart, Chart):
        return
    values = values_of(job.root, job.values, job.set_values, tree)
    yield from chart_sign(chart.name, values, f"chart {chart.name}", chart.at)
    for dependency in chart.dependencies:
        if enabled(dependency, values):
            own = values.get(dependency.alias or dependency.name, {})
            yield from chart_sign(dependency.name, own, f"chart {chart.name} takes in {dependency.name}", dependency.at)


def _of_kustomization(path: str, tree: Tree) -> Iterator[Sign]:
    found = tree.trees(path)
    for root in () if isinstance(found, Trouble) else found:
        charts = root.get("helmCharts") if isinstance(root, Mapping) else ()
        for chart in charts if isinstance(charts, Sequence) else ():
            name = chart.get("name") if isinstance(chart, Mapping) else ()
            if isinstance(name, Scalar):
                yield from chart_sign(name.text, plain_data(chart), f"{path} has the chart {name.text}", name.location)
