"""One document in, typed objects and their defects out: the table of which decoder knows which API group and kind."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from netpol_lint.records import NamedTuple
from netpol_lint.resources.decode.notes import Notes
from netpol_lint.resources.workload import Workload
from netpol_lint.source.documents import Document
from netpol_lint.source.tree import duplicate_keys

if TYPE_CHECKING:  # a run imports what its files hold
    from netpol_lint.resources.cluster_policy import ClusterPolicy, RejectedClusterPolicy
    from netpol_lint.resources.decode import operators
    from netpol_lint.resources.defects import Defect
    from netpol_lint.resources.evidence import Evidence
    from netpol_lint.resources.metadata import Metadata
    from netpol_lint.resources.node import Node
    from netpol_lint.resources.policy import ForeignPolicy, NetworkPolicy, RejectedPolicy
    from netpol_lint.resources.publishing import Publisher
    from netpol_lint.resources.service import Service

Object: TypeAlias = (
    "NetworkPolicy | RejectedPolicy | ClusterPolicy | RejectedClusterPolicy | ForeignPolicy"
    " | Workload | Service | Publisher | Node | Evidence | Metadata"
)
"""What a document can be. A Namespace is its `Metadata`."""


class Decoded(NamedTuple):
    """What one document gave: nothing, where no decoder knows its kind."""

    objects: tuple[Object, ...] = ()
    defects: tuple[Defect, ...] = ()


_Decoder: TypeAlias = "Callable[[Document], tuple[Object, Notes]]"


def _pods_at(group: str, *path: str) -> _Decoder:
    def decoder(document: Document) -> tuple[Object, Notes]:
        from netpol_lint.resources.decode import pods

        workload = pods.workload(document, group, *path)
        return workload, Notes(workload.meta.ref)

    return decoder


def _by(module: str, function: str) -> _Decoder:
    """A function of a module beside this one, which is imported for the first object of such a kind."""

    def decoder(document: Document) -> tuple[Object, Notes]:
        decoded: Any = getattr(import_module(f"{__name__}.{module}"), function)(document)
        return decoded, Notes(decoded.meta.ref)

    return decoder


def _network_policy(document: Document) -> tuple[Object, Notes]:
    from netpol_lint.resources.decode import meta, networking

    read = meta.read(document, networking.GROUP)
    notes = Notes(read.ref)
    return networking.network_policy(document, notes, read), notes


def _cluster_policy(document: Document) -> tuple[Object, Notes]:
    from netpol_lint.resources.decode import cluster_policies, meta

    read = meta.read(document, _TIERS, cluster_wide=True)
    notes = Notes(read.ref)
    return cluster_policies.cluster_policy(document, notes, read), notes


def _foreign_policy(document: Document) -> tuple[Object, Notes]:
    from netpol_lint.resources.decode import foreign

    policy = foreign.foreign_policy(document, _group(document.api_version))
    return policy, Notes(policy.meta.ref)


def _namespace(document: Document) -> tuple[Object, Notes]:
    from netpol_lint.resources.decode import core, meta

    read = meta.read(document, "", cluster_wide=True)
    notes = Notes(read.ref)
    core.check_namespace(read, notes)
    return read, notes


_MakesPods: TypeAlias = "Callable[[Document], tuple[Workload, ...]]"


def _held_by(module: str, function: str) -> _MakesPods:
    """A function of a module beside this one that reads the pod templates of an object that may hold several."""

    def decoder(document: Document) -> tuple[Workload, ...]:
        made: tuple[Workload, ...] = getattr(import_module(f"{__name__}.{module}"), function)(document)
        return made

    return decoder


_TEMPLATE: Final = ("spec", "template")
_ANY_GROUP: Final = "*"
_NETWORKING: Final = "networking.k8s.io"
_TIERS: Final = "policy.networking.k8s.io"
_OF_TIERS: Final = ("AdminNetworkPolicy", "BaselineAdminNetworkPolicy", "ClusterNetworkPolicy")
_FOREIGN: Final = (
    *("CiliumClusterwideNetworkPolicy", "CiliumNetworkPolicy", "NetworkPolicy"),
    *("GlobalNetworkPolicy", "StagedGlobalNetworkPolicy", "StagedKubernetesNetworkPolicy", "StagedNetworkPolicy"),
)
_CONVERTED: Final = "CustomResourceDefinition"
_POLICY_GROUPS: Final = (_NETWORKING, "extensions", "", "apps", "policy", "networking", "network.k8s.io")
"""Where people put NetworkPolicy; all but the first are told so."""

# A manifest without apiVersion has the group "". A removed group (extensions) is decoded like its successor.
_TABLE: Final[dict[tuple[str, str], _Decoder]] = {
    ("", "Pod"): _pods_at(""),
    ("", "ReplicationController"): _pods_at("", *_TEMPLATE),
    ("", "Namespace"): _namespace,
    ("", "Node"): _by("nodes", "node"),
    ("", "Service"): _by("core", "service"),
    ("serving.knative.dev", "Service"): _by("knative", "service"),
    ("argoproj.io", "Rollout"): _by("argoproj", "rollout"),
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
    **{(written, "Ingress"): _by("publishing", "ingress") for written in (_NETWORKING, "extensions", "")},
    **{
        ("gateway.networking.k8s.io", kind): _by("publishing", "route")
        for kind in ("HTTPRoute", "GRPCRoute", "TCPRoute", "TLSRoute", "UDPRoute")
    },
    ("networking.istio.io", "VirtualService"): _by("istio", "virtual_service"),
    **{(written, "Route"): _by("publishing", "openshift_route") for written in ("route.openshift.io", "")},
    **{
        ("admissionregistration.k8s.io", kind): _by("publishing", "webhooks")
        for kind in ("ValidatingWebhookConfiguration", "MutatingWebhookConfiguration")
    },
    ("apiregistration.k8s.io", "APIService"): _by("publishing", "api_service"),
    **{("monitoring.coreos.com", kind): _by("monitors", "monitor") for kind in ("ServiceMonitor", "PodMonitor")},
    **{
        ("rbac.authorization.k8s.io", kind): _by("rbac", "role_binding")
        for kind in ("RoleBinding", "ClusterRoleBinding")
    },
    ("", "ServiceAccount"): _by("rbac", "service_account"),
    **{(written, "NetworkPolicy"): _network_policy for written in _POLICY_GROUPS},
    **{(written, kind): _cluster_policy for kind in _OF_TIERS for written in (_TIERS, "")},
    **{(_ANY_GROUP, kind): _foreign_policy for kind in (*_OF_TIERS, *_FOREIGN)},
}

_HOLDERS: Final[dict[tuple[str, str], _MakesPods]] = {
    ("argoproj.io", "Experiment"): _held_by("argoproj", "experiment"),
    **{("argoproj.io", kind): _held_by("argoproj", "analysis") for kind in ("AnalysisTemplate", "AnalysisRun")},
    ("operators.coreos.com", "ClusterServiceVersion"): _held_by("olm", "cluster_service_version"),
}
"""Custom resources with any number of pod templates, from which an operator makes pods."""

KINDS: Final = frozenset(kind for _, kind in (*_TABLE, *_HOLDERS))
"""Every kind that some decoder knows, whatever its group; without those of operators."""
DATA_KINDS: Final = frozenset(("ConfigMap", "Secret"))
"""ConfigMaps and Secrets, which are read for the hosts they name. What is wrong with them is not our business."""
CONVERTED_KINDS: Final = frozenset((_CONVERTED,))
"""CustomResourceDefinitions, which are large, and read for their conversion webhooks alone."""
CONFIGURATIONS: Final = frozenset(
    (
        *("Cluster", "ClusterConfig", "Simple", "Installation", "Network", "HelmChart", "HelmChartConfig"),
        *("KubeFlannelCNIConfig", "OCIRepository"),
    )
)
"""Read only for what they say of the network plugin: of kind, kops, eksctl, k0s, k3d, Calico, OpenShift, k3s, RKE2,
Talos, Flux."""
SIGNED_KINDS: Final = CONFIGURATIONS | {"DaemonSet", "HelmRelease", "Application"}
"""Every kind that may say something of it (`decode.plugins`)."""
NO_MAKERS: Final[operators.Makers] = MappingProxyType({})


def decode(document: Document, added: operators.Makers = NO_MAKERS) -> Decoded:
    """The objects of a document with everything that is wrong with them; no tree makes it raise.

    Pods are made by the built-in kinds, by those of `operators.json` and by `added` ones.
    """
    group, kind = _group(document.api_version), document.kind
    if kind == _CONVERTED:
        from netpol_lint.resources.decode import publishing

        return Decoded(publishing.conversion(document))
    if kind in DATA_KINDS:
        from netpol_lint.resources.decode import config_data

        return Decoded(() if group else config_data.config_data(document))
    if held := _HOLDERS.get((group, kind)):
        return Decoded(held(document))
    decoder = _TABLE.get((group, kind)) or _TABLE.get((_ANY_GROUP, kind))
    if decoder is None:
        from netpol_lint.resources.decode import operators

        maker = operators.maker_of(group, kind, added)
        return Decoded((operators.workload(document, group, maker),) if maker else ())
    decoded, notes = decoder(document)
    if document.may_repeat_keys:
        for twice in duplicate_keys(document.root):
            notes.duplicate(twice)
    if not isinstance(decoded, Workload):
        return Decoded((decoded,), notes.defects)
    from netpol_lint.resources.decode.programs import pods_made_by

    return Decoded((decoded, *pods_made_by(decoded)), notes.defects)


def may_convert(data: bytes) -> bool:
    """Whether a file may hold a CustomResourceDefinition with a conversion webhook; most are large and have none."""
    return b"conversion" in data and b"clientConfig" in data


def _group(api_version: str) -> str:
    group, slash, _ = api_version.rpartition("/")
    return group if slash else ""
