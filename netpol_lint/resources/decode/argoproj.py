"""argoproj.io: Rollout, with its own pod template or with that of the workload it refers to."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from netpol_lint.resources.decode.meta import text
from netpol_lint.resources.decode.pods import at_path, workload
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
    return replace(own, labels_complete=False, partial=False, refers_to=(referred,))
