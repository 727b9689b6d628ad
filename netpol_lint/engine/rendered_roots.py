"""What rendered objects tell Argo CD and Flux to deploy: an app of apps, a kustomization of kustomizations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from netpol_lint.cluster.units import Unit
from netpol_lint.render.jobs import Job
from netpol_lint.render.plan.gitops import Root

_MOST: Final = 2_000
"""Roots that are followed: those that deploy each other with other variables each time could be any number."""


def with_rendered(known: tuple[Root, ...], units: Sequence[Unit]) -> tuple[Root, ...]:
    """The roots that are known, with those that were rendered in place of what the same lines say otherwise.

    Another name alone is no difference. Examples deploy nothing, and neither do charts with the values of their tests.
    """
    made = [
        root
        for unit in units
        if not unit.is_example and not any(map(_is_test, unit.jobs))
        for file in unit.files
        for root in file.roots
    ]
    reading = {root.at for root in made if root.reads_files}  # what these say is known only of those in files
    made = [root for root in made if root.path and root.at not in reading]
    said = set(map(_said, known))
    changed = {root.at for root in made if _said(root) not in said}
    if not changed or len(made) > _MOST + len(known):
        return known
    found = {_said(root): root._replace(is_rendered=True) for root in reversed(made) if root.at in changed}
    return (*(root for root in known if root.at not in changed), *reversed(found.values()))


def _said(root: Root) -> str:
    """What a root says, wherever it is from."""
    return repr(root._replace(name="", is_rendered=False))


def _is_test(job: Job) -> bool:
    """Whether a chart is rendered with values that it is tested with."""
    return any(path.startswith(f"{job.root}/ci/".removeprefix("./")) for path in job.values)
