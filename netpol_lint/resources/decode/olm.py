"""operators.coreos.com: ClusterServiceVersion, whose install strategy is Deployments that OLM makes."""

from __future__ import annotations

from typing import Final

from netpol_lint.resources.decode.meta import read, text
from netpol_lint.resources.decode.pods import at_path, made_by_operator, mappings
from netpol_lint.resources.workload import Workload
from netpol_lint.source.documents import Document

GROUP: Final = "operators.coreos.com"


def cluster_service_version(document: Document) -> tuple[Workload, ...]:
    """The Deployments that OLM makes beside a ClusterServiceVersion: an operator's own pods, under their names."""
    meta = read(document, GROUP)
    return tuple(
        made_by_operator(meta, "Deployment", text(one.get("name")), at_path(one, "spec", "template"), one)
        for one in mappings(at_path(document.root, "spec", "install", "spec", "deployments"))
    )
