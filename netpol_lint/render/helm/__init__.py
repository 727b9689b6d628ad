"""Helm charts: the objects they stand for, each value at the line of its template, and what they depend on."""

from __future__ import annotations

from netpol_lint.render.files import Tree
from netpol_lint.render.helm.bounded import DEFAULT, Allowance
from netpol_lint.render.helm.chart import Chart, Dependency, NoChart, chart_of
from netpol_lint.render.helm.deciding import decided_by
from netpol_lint.render.helm.programs import Renderer, chosen
from netpol_lint.render.jobs import Job, Rendered

__all__ = ["Allowance", "Chart", "Dependency", "NoChart", "Renderer", "available", "chart_of", "decided_by", "render"]


def available(renderer: str = "auto") -> Renderer:
    """What `auto`, `binary` (`helm` on PATH), `sdk` (the extra `netpol-lint[helm]`) or `none` comes to here."""
    return chosen(renderer)


def render(
    job: Job, tree: Tree, *, default_namespace: str, renderer: str = "auto", allowance: Allowance = DEFAULT
) -> Rendered:
    """The objects of the chart in the job's root with the job's values, as `helm template` would print them.

    Hooks are kept, those of `helm test` and definitions of custom resources are not. What cannot be rendered is a
    problem of the result, which is then not closed. Nothing is fetched and nothing outside the tree is read.
    """
    from netpol_lint.render.helm.rendering import Rendering

    return Rendering(job, tree, default_namespace, chosen(renderer), allowance).run()
