"""Kustomizations: the objects they stand for, each value at the line a person wrote, and what they refer to."""

from __future__ import annotations

from netpol_lint.records import NamedTuple
from netpol_lint.render.files import Tree
from netpol_lint.render.jobs import Job, NotRendered, Rendered
from netpol_lint.render.kustomize.kustomization import file_in, read, references_of
from netpol_lint.render.kustomize.references import Reach, Reference, Role
from netpol_lint.render.kustomize.refusal import NEEDS_KUSTOMIZE, Cause, Refused

__all__ = ["Reach", "Reference", "References", "Role", "build", "file_in", "references"]


class References(NamedTuple):
    """What the kustomization of a directory says of others."""

    path: str
    """The kustomization's own display path; "" if it could not be read."""
    is_component: bool
    namespace: str
    references: tuple[Reference, ...]
    problem: str = ""
    """Why it could not be read."""


def build(
    job: Job,
    tree: Tree,
    *,
    default_namespace: str = "default",
    may_run_kustomize: bool = True,
    helm_renderer: str = "auto",
) -> Rendered:
    """The objects of the kustomization in the job's root, as kustomize v5 would print them, and what is wrong.

    Nothing is fetched. What kustomize would refuse, and what is remote or missing, is a problem with its place;
    everything else is rendered, but the result is then not closed. Charts in the tree are rendered by Helm. For
    generators and transformers, which are not built in, the user's `kustomize` or `kubectl` is run if all that it
    reads is proved to be in the tree.
    """
    from netpol_lint.render.kustomize.building import Build

    namespace = job.namespace or default_namespace
    attempt = Build(job, tree, namespace, helm_renderer)
    rendered = attempt.run()
    if not attempt.needs_kustomize or not may_run_kustomize:
        return rendered
    return _with_kustomize(job, tree, namespace, rendered)


def _with_kustomize(job: Job, tree: Tree, namespace: str, rendered: Rendered) -> Rendered:
    """What kustomize makes of the job; if it cannot be run, what was rendered without it, with the reason."""
    from netpol_lint.render.kustomize.external import build_with, find_program
    from netpol_lint.render.kustomize.proving import prove_local

    try:
        used = prove_local(job.root, tree)
        program = find_program(tree)
        return build_with(program, job, tree, namespace, used) if program is not None else rendered
    except Refused as refused:
        if refused.cause is not Cause.MISTAKE and rendered.problems:
            return rendered  # it is told already
        problem = NotRendered(job, refused.reason, refused.at, refused.remedy)
        others = [known for known in rendered.problems if not known.reason.endswith(NEEDS_KUSTOMIZE)]
        return rendered._replace(problems=(*others, *([problem] if problem not in others else [])))


def references(directory: str, tree: Tree) -> References:
    """What a directory's kustomization refers to. A directory without one has no references and a problem."""
    try:
        kustomization = read(directory, tree)
    except Refused as refused:
        return References("", False, "", (), refused.reason)
    return References(
        kustomization.path,
        kustomization.is_component,
        kustomization.text("namespace"),
        tuple(references_of(kustomization, tree)),
    )
