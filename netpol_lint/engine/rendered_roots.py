"""What rendered objects tell Argo CD and Flux to deploy: an app of apps, a kustomization of kustomizations."""

from __future__ import annotations

from collections.abc import Sequence

from netpol_lint.cluster.units import Unit
from netpol_lint.render.plan.gitops import Root


def with_rendered(known: tuple[Root, ...], units: Sequence[Unit]) -> tuple[Root, ...]:
    """The roots that are known, with those that were rendered in place of what the same lines say otherwise.

    Another name alone is no difference. Examples deploy nothing, and neither do charts with the values of their tests.
    """
    made = [
        root
        for unit in units
        if not unit.is_example and not any(_is_test(path) for job in unit.jobs for path in job.values)
        for file in unit.files
        for root in file.roots
    ]
    reading = {root.at for root in made if root.reads_files}  # what these say is known only of those in files
    made = [root for root in made if root.path and root.at not in reading]
    said = set(map(_said, known))
    changed = {root.at for root in made if _said(root) not in said}
    if not changed:
        return known
    found = {_said(root): root._replace(is_rendered=True) for root in reversed(made) if root.at in changed}
    return (*(root for root in known if root.at not in changed), *reversed(found.values()))


def _said(root: Root) -> str:
    """What a root says, wherever it is from."""
    return repr(root._replace(name="", is_rendered=False))


def _is_test(path: str) -> bool:
    """Whether values are those that a chart is tested with."""
    return path.startswith("ci/") or "/ci/" in path
