"""argoproj.io: Rollout, with its own pod template or another workload's, and what analyses and experiments run."""

from __future__ import annotations

from typing import Final

from netpol_lint.resources.decode.meta import read, text
from netpol_lint.resources.decode.pods import at_path, made_by_operator, mappings, workload
from netpol_lint.resources.metadata import ObjectRef
from netpol_lint.resources.workload import Workload
from netpol_lint.source.documents import Document
from netpol_lint.source.tree import Mapping

GROUP: Final = "argoproj.io"


def rollout(document: Document) -> Workload:
    """A Rollout. One with `workloadRef` has the pods of that workload, whose labels only that workload knows."""
    own = workload(document, GROUP, "spec", "template")
    reference = at_path(document.root, "spec", "workloadRef")
    if not isinstance(reference, Mapping):
        return own
    group = text(reference.get("apiVersion")).rpartition("/")[0] or "apps"
    kind = text(reference.get("kind")) or "Deployment"
    referred = ObjectRef(group, kind, own.namespace, text(reference.get("name")))
    return own._replace(labels_complete=False, partial=False, refers_to=(referred,))


def analysis(document: Document) -> tuple[Workload, ...]:
    """The Jobs that an analysis runs: one for each metric with a `job` provider."""
    meta = read(document, GROUP)
    return tuple(
        made_by_operator(meta, "Job", f"{meta.name}-{text(metric.get('name'))}", at_path(job, "spec", "template"), job)
        for metric in mappings(at_path(document.root, "spec", "metrics"))
        if isinstance(job := at_path(metric, "provider", "job"), Mapping)
    )


def experiment(document: Document) -> tuple[Workload, ...]:
    """The ReplicaSets that an Experiment runs: one for each of its templates."""
    meta = read(document, GROUP)
    return tuple(
        made_by_operator(meta, "ReplicaSet", f"{meta.name}-{text(one.get('name'))}", one.get("template"), one)
        for one in mappings(at_path(document.root, "spec", "templates"))
        if isinstance(one.get("template"), Mapping)
    )
