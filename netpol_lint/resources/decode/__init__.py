"""One document in, typed objects and their defects out: the table of which decoder knows which API group and kind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, TypeAlias

from netpol_lint.resources.cluster_policy import ClusterPolicy, RejectedClusterPolicy
from netpol_lint.resources.decode import (
    argoproj,
    config_data,
    core,
    foreign,
    knative,
    monitors,
    networking,
    nodes,
    operators,
    pods,
    programs,
    publishing,
    rbac,
)
from netpol_lint.resources.decode.cluster_dialects import DIALECTS, GROUP as CLUSTER_GROUP
from netpol_lint.resources.decode.cluster_policies import cluster_policy
from netpol_lint.resources.decode.meta import read
from netpol_lint.resources.decode.notes import Notes
from netpol_lint.resources.defects import Defect
from netpol_lint.resources.evidence import Evidence
from netpol_lint.resources.metadata import Metadata
from netpol_lint.resources.node import Node
from netpol_lint.resources.policy import ForeignPolicy, NetworkPolicy, RejectedPolicy
from netpol_lint.resources.publishing import Publisher
from netpol_lint.resources.service import Service
from netpol_lint.resources.workload import Workload
from netpol_lint.source.documents import Document
from netpol_lint.source.tree import duplicate_keys

Object: TypeAlias = (
    NetworkPolicy
    | RejectedPolicy
    | ClusterPolicy
    | RejectedClusterPolicy
    | ForeignPolicy
    | Workload
    | Service
    | Publisher
    | Node
    | Evidence
    | Metadata
)
"""What a document can be. A Namespace is its `Metadata`."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """What one document gave: nothing, where no decoder knows its kind."""

    objects: tuple[Object, ...] = ()
    defects: tuple[Defect, ...] = ()


_Decoder: TypeAlias = Callable[[Document], tuple[Object, Notes]]


def _pods_at(group: str, *path: str) -> _Decoder:
    def decoder(document: Document) -> tuple[Object, Notes]:
        return _noted(pods.workload(document, group, *path))

    return decoder


def _published(read_publisher: Callable[[Document], Publisher]) -> _Decoder:
    return lambda document: _noted(read_publisher(document))


def _noted(decoded: Workload | Service | Publisher | ForeignPolicy | Node | Evidence) -> tuple[Object, Notes]:
    return decoded, Notes(decoded.meta.ref)


def _network_policy(document: Document) -> tuple[Object, Notes]:
    meta = read(document, networking.GROUP)
    notes = Notes(meta.ref)
    return networking.network_policy(document, notes, meta), notes


def _cluster_policy(document: Document) -> tuple[Object, Notes]:
    meta = read(document, CLUSTER_GROUP, cluster_wide=True)
    notes = Notes(meta.ref)
    return cluster_policy(document, notes, meta), notes


def _foreign_policy(document: Document) -> tuple[Object, Notes]:
    return _noted(foreign.foreign_policy(document, _group(document.api_version)))


def _namespace(document: Document) -> tuple[Object, Notes]:
    meta = read(document, "", cluster_wide=True)
    notes = Notes(meta.ref)
    core.check_namespace(meta, notes)
    return meta, notes


_TEMPLATE: Final = ("spec", "template")
_ANY_GROUP: Final = "*"
_POLICY_GROUPS: Final = (networking.GROUP, "extensions", "", "apps", "policy", "networking", "network.k8s.io")
"""Where people put NetworkPolicy; all but the first are told so."""

# A manifest without apiVersion has the group "". A removed group (extensions) is decoded like its successor.
_TABLE: Final[dict[tuple[str, str], _Decoder]] = {
    ("", "Pod"): _pods_at(""),
    ("", "ReplicationController"): _pods_at("", *_TEMPLATE),
    ("", "Namespace"): _namespace,
    ("", "Node"): lambda document: _noted(nodes.node(document)),
    ("", "Service"): lambda document: _noted(core.service(document)),
    (knative.GROUP, "Service"): lambda document: _noted(knative.service(document)),
    (argoproj.GROUP, "Rollout"): lambda document: _noted(argoproj.rollout(document)),
    **{
        (written, kind): _pods_at("apps", *_TEMPLATE)
        for kind in ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet")
        for written in ("apps", "extensions", "")
    },
    **{(written, "Job"): _pods_at("batch", *_TEMPLATE) for written in ("batch", "extensions", "")},
    **{(written, "CronJob"): _pods_at("batch", "spec", "jobTemplate", *_TEMPLATE) for written in ("batch", "")},
    **{
        (written, "DeploymentConfig"): _pods_at("apps.openshift.io", *_TEMPLATE)
        for written in ("apps.openshift.io", "")
    },
    **{(written, "Ingress"): _published(publishing.ingress) for written in (publishing.NETWORKING, "extensions", "")},
    **{(publishing.GATEWAY, kind): _published(publishing.route) for kind in publishing.ROUTES},
    **{(written, "Route"): _published(publishing.openshift_route) for written in (publishing.OPENSHIFT, "")},
    **{(publishing.ADMISSION, kind): _published(publishing.webhooks) for kind in publishing.WEBHOOKS},
    **{(monitors.GROUP, kind): lambda document: _noted(monitors.monitor(document)) for kind in monitors.MONITORS},
    (publishing.AGGREGATION, "APIService"): _published(publishing.api_service),
    **{(rbac.GROUP, kind): lambda document: _noted(rbac.role_binding(document)) for kind in rbac.BINDINGS},
    ("", "ServiceAccount"): lambda document: _noted(rbac.service_account(document)),
    **{(written, "NetworkPolicy"): _network_policy for written in _POLICY_GROUPS},
    **{(written, kind): _cluster_policy for kind in DIALECTS for written in (CLUSTER_GROUP, "")},
    **{(_ANY_GROUP, kind): _foreign_policy for kind in foreign.CLUSTER_WIDE | foreign.NAMESPACED},
}

KINDS: Final = frozenset(kind for _, kind in _TABLE)
"""Every kind that some decoder knows, whatever its group; without those of operators."""
DATA_KINDS: Final = config_data.KINDS
"""ConfigMaps and Secrets, which are read for the hosts they name. What is wrong with them is not our business."""
CONVERTED_KINDS: Final = frozenset((publishing.CONVERTED,))
"""CustomResourceDefinitions, which are large, and read for their conversion webhooks alone."""
NO_MAKERS: Final[operators.Makers] = MappingProxyType({})


def decode(document: Document, added: operators.Makers = NO_MAKERS) -> Decoded:
    """The objects of a document with everything that is wrong with them; no tree makes it raise.

    Pods are made by the built-in kinds, by those of `operators.json` and by `added` ones.
    """
    group, kind = _group(document.api_version), document.kind
    if kind == publishing.CONVERTED:
        return Decoded(publishing.conversion(document))
    if kind in DATA_KINDS:
        return Decoded(() if group else config_data.config_data(document))
    decoder = _TABLE.get((group, kind)) or _TABLE.get((_ANY_GROUP, kind))
    if decoder is None:
        maker = operators.maker_of(group, kind, added)
        return Decoded((operators.workload(document, group, maker),) if maker else ())
    decoded, notes = decoder(document)
    if document.may_repeat_keys:
        for twice in duplicate_keys(document.root):
            notes.duplicate(twice)
    made = programs.pods_made_by(decoded) if isinstance(decoded, Workload) else ()
    return Decoded((decoded, *made), notes.defects)


def _group(api_version: str) -> str:
    group, slash, _ = api_version.rpartition("/")
    return group if slash else ""
