"""Deployment units: which objects are meant for one cluster together."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from netpol_lint.records import NamedTuple
from netpol_lint.resources.workload import Workload

if TYPE_CHECKING:  # a run imports what its files hold
    from netpol_lint.render.jobs import Job, NotRendered
    from netpol_lint.render.plan.gitops import Root
    from netpol_lint.resources.cluster_policy import ClusterPolicy, RejectedClusterPolicy
    from netpol_lint.resources.decode import Decoded
    from netpol_lint.resources.defects import Defect
    from netpol_lint.resources.evidence import Evidence
    from netpol_lint.resources.metadata import Metadata
    from netpol_lint.resources.node import Node
    from netpol_lint.resources.plugins import Sign
    from netpol_lint.resources.policy import ForeignPolicy, NetworkPolicy, RejectedPolicy
    from netpol_lint.resources.publishing import Publisher
    from netpol_lint.resources.service import Service
    from netpol_lint.source.documents import Failure
    from netpol_lint.source.ignores import Ignore


_LISTS: Final[dict[str, str]] = {
    "Workload": "workloads",
    "NetworkPolicy": "policies",
    "RejectedPolicy": "rejected",
    "ClusterPolicy": "cluster_policies",
    "RejectedClusterPolicy": "rejected_cluster_policies",
    "ForeignPolicy": "foreign",
    "Service": "services",
    "Publisher": "publishers",
    "Node": "nodes",
    "ConfigData": "evidence",
    "RoleBinding": "evidence",
    "ServiceAccount": "evidence",
    "Monitor": "evidence",
    "Metadata": "namespaces",
}
"""Where each type of object goes, by its name: to name it is not to import it."""
_ENTRIES: Final = ("kustomization.yaml", "kustomization.yml", "Kustomization", "Chart.yaml")
"""What a renderer begins with in the directory that it is given."""


@dataclass(slots=True)
class FileObjects:
    """What decoding one file gave, in document order."""

    path: str
    workloads: list[Workload] = field(default_factory=list)
    policies: list[NetworkPolicy] = field(default_factory=list)
    rejected: list[RejectedPolicy] = field(default_factory=list)
    cluster_policies: list[ClusterPolicy] = field(default_factory=list)
    rejected_cluster_policies: list[RejectedClusterPolicy] = field(default_factory=list)
    foreign: list[ForeignPolicy] = field(default_factory=list)
    services: list[Service] = field(default_factory=list)
    publishers: list[Publisher] = field(default_factory=list)
    nodes: list[Node] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)
    namespaces: list[Metadata] = field(default_factory=list)
    defects: list[Defect] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    ignores: list[Ignore] = field(default_factory=list)
    """Comments that suppress findings."""
    signs: list[Sign] = field(default_factory=list)
    """What shows the network plugin."""
    roots: list[Root] = field(default_factory=list)
    """What Argo CD and Flux are told to deploy."""
    partial: int = 0
    """Workloads left out because they are patches or excerpts, not whole manifests."""

    def add(self, decoded: Decoded) -> None:
        """Take in what one document gave."""
        self.defects.extend(decoded.defects)
        for found in decoded.objects:
            if isinstance(found, Workload) and found.partial:
                self.partial += 1
            else:
                getattr(self, _LISTS[type(found).__name__]).append(found)

    @property
    def is_empty(self) -> bool:
        """Whether the file has nothing to do with us."""
        others = self.partial or self.defects or self.failures or self.ignores or self.roots or self.signs
        return not (self.object_count or others)

    @property
    def object_count(self) -> int:
        """The objects of the file that were decoded."""
        others = len(self.services) + len(self.publishers) + len(self.nodes) + len(self.namespaces)
        return len(self.written_workloads) + self.policy_count + others + len(self.evidence)

    @property
    def written_workloads(self) -> list[Workload]:
        """The workloads that are objects of the file, and not the pods that one of them makes when it runs."""
        return [workload for workload in self.workloads if not workload.is_made]

    @property
    def data_count(self) -> int:
        """Its ConfigMaps and Secrets, which alone are nothing that is deployed together."""
        return sum(found.meta.ref.kind in ("ConfigMap", "Secret") for found in self.evidence)

    @property
    def policy_count(self) -> int:
        """The policies of the file, of every dialect, rejected ones included."""
        cluster_wide = len(self.cluster_policies) + len(self.rejected_cluster_policies)
        return len(self.policies) + len(self.rejected) + cluster_wide + len(self.foreign)

    @property
    def policy_metas(self) -> list[Metadata]:
        """Of the policies, of every dialect, rejected ones included."""
        return [
            *(policy.meta for policy in self.policies),
            *(policy.meta for policy in self.rejected),
            *(policy.meta for policy in self.cluster_policies),
            *(policy.meta for policy in self.rejected_cluster_policies),
            *(policy.meta for policy in self.foreign),
        ]

    @property
    def metas(self) -> list[Metadata]:
        """Of all objects that were decoded."""
        return [
            *(workload.meta for workload in self.written_workloads),
            *self.policy_metas,
            *(service.meta for service in self.services),
            *(publisher.meta for publisher in self.publishers),
            *(node.meta for node in self.nodes),
            *(found.meta for found in self.evidence),
            *self.namespaces,
        ]


class Unit(NamedTuple):
    """What is deployed together into one cluster, and why that is thought to be so."""

    name: str
    files: tuple[FileObjects, ...]
    reason: str
    cluster: str = ""
    """What is known of the cluster it goes to."""
    namespace: str = ""
    """What is said of the namespace of objects that name none."""
    closed: bool = True
    """False where something is not there to be seen: remote, missing, not rendered."""
    not_rendered: tuple[NotRendered, ...] = ()
    open_namespaces: frozenset[str] = frozenset()
    """Where charts from elsewhere are installed, by this or another unit; "" for one that nothing names."""
    unlisted: str = ""
    """For files beside a kustomization that does not list them: its path."""
    is_example: bool = False
    """Whether it lies in documentation, examples or samples, and so says nothing about other units."""
    sources: frozenset[str] = frozenset()
    """Display paths of the files that went into it."""
    jobs: tuple[Job, ...] = ()
    """What was rendered for it."""
    switched_off: tuple[str, ...] = ()
    """Path and text of the charts' templates that could give pods, and give none with these values."""
    renderers: frozenset[str] = frozenset()
    """What rendered it, with versions, besides what is built in."""

    @property
    def is_rendered(self) -> bool:
        """Whether its objects, or some of them, are no plain manifests."""
        return bool(self.jobs)

    @property
    def is_installed_anywhere(self) -> bool:
        """Whether it is a chart, and nothing says into which namespace it is installed."""
        return bool(self.jobs) and all(job.kind == "helm" and not job.namespace for job in self.jobs)

    @property
    def entry(self) -> str:
        """The kustomization or Chart.yaml that it is rendered from, the first by path if several are; "" for none."""
        paths = (f"{job.root}/{name}".removeprefix("./") for job in self.jobs for name in _ENTRIES)
        return min((path for path in paths if path in self.sources), default="")
