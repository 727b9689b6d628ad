"""What kustomize knows of Kubernetes' own kinds: which have no namespace, and by what the items of lists are merged."""

from __future__ import annotations

from typing import Final

# Both tables are what kyaml's OpenAPI data of Kubernetes 1.21.2 says, which kustomize up to v5.8 is built with.

_CLUSTER_SCOPED: Final = {
    "v1": "ComponentStatus Namespace Node NodeProxyOptions PersistentVolume",
    "admissionregistration.k8s.io/v1 v1beta1": "MutatingWebhookConfiguration ValidatingWebhookConfiguration",
    "apiextensions.k8s.io/v1 v1beta1": "CustomResourceDefinition",
    "apiregistration.k8s.io/v1 v1beta1": "APIService",
    "certificates.k8s.io/v1 v1beta1": "CertificateSigningRequest",
    "flowcontrol.apiserver.k8s.io/v1beta1": "FlowSchema PriorityLevelConfiguration",
    "networking.k8s.io/v1 v1beta1": "IngressClass",
    "node.k8s.io/v1 v1beta1": "RuntimeClass",
    "policy/v1beta1": "PodSecurityPolicy",
    "rbac.authorization.k8s.io/v1 v1beta1": "ClusterRole ClusterRoleBinding",
    "scheduling.k8s.io/v1 v1beta1": "PriorityClass",
    "storage.k8s.io/v1 v1beta1": "CSIDriver CSINode StorageClass VolumeAttachment",
}
_TEMPLATED: Final = {
    "apps/v1": "DaemonSet Deployment ReplicaSet StatefulSet",
    "batch/v1": "Job",
    "v1": "ReplicationController",
}
_OTHERS: Final = {
    "apps/v1": "ControllerRevision",
    "autoscaling/v1 v2beta1 v2beta2": "HorizontalPodAutoscaler",
    "batch/v1 v1beta1": "CronJob",
    "coordination.k8s.io/v1 v1beta1": "Lease",
    "discovery.k8s.io/v1 v1beta1": "EndpointSlice",
    "extensions/v1beta1": "Ingress",
    "networking.k8s.io/v1": "Ingress NetworkPolicy",
    "networking.k8s.io/v1beta1": "Ingress",
    "policy/v1 v1beta1": "PodDisruptionBudget",
    "rbac.authorization.k8s.io/v1 v1beta1": "Role RoleBinding",
    "v1": "ConfigMap Endpoints Event LimitRange PersistentVolumeClaim Pod PodTemplate ResourceQuota Secret Service "
    "ServiceAccount",
}

Path = tuple[str, ...]
Keys = tuple[str, ...]

PRIMITIVE: Final[Keys] = ("",)
"""The items of the list are strings, merged by themselves."""

_METADATA: Final[dict[Path, Keys]] = {("finalizers",): PRIMITIVE, ("ownerReferences",): ("uid",)}
_CONTAINER: Final[dict[Path, Keys]] = {
    ("env",): ("name",),
    ("ports",): ("containerPort", "protocol"),
    ("volumeDevices",): ("devicePath",),
    ("volumeMounts",): ("mountPath",),
}
_POD_SPEC: Final[dict[Path, Keys]] = {
    ("hostAliases",): ("ip",),
    ("imagePullSecrets",): ("name",),
    ("topologySpreadConstraints",): ("topologyKey", "whenUnsatisfiable"),
    ("volumes",): ("name",),
    **{(field,): ("name",) for field in ("containers", "initContainers", "ephemeralContainers")},
    **{(field, *path): keys for field in ("containers", "initContainers") for path, keys in _CONTAINER.items()},
    **{("ephemeralContainers", *path): keys for path, keys in _CONTAINER.items() if path != ("ports",)},
}


def _under(prefix: Path, table: dict[Path, Keys]) -> dict[Path, Keys]:
    return {(*prefix, *path): keys for path, keys in table.items()}


_TEMPLATE: Final = {**_under(("metadata",), _METADATA), **_under(("spec",), _POD_SPEC)}
_CONDITIONS: Final[dict[Path, Keys]] = {("status", "conditions"): ("type",)}
_BY_KIND: Final[dict[str, dict[Path, Keys]]] = {
    "CronJob": {
        **_under(("spec", "jobTemplate", "metadata"), _METADATA),
        **_under(("spec", "jobTemplate", "spec", "template"), _TEMPLATE),
    },
    "Pod": _under(("spec",), _POD_SPEC),
    "PodTemplate": _under(("template",), _TEMPLATE),
    "StatefulSet": _under(("spec", "volumeClaimTemplates", "metadata"), _METADATA),
    "Service": {("spec", "ports"): ("port", "protocol")},
    "ServiceAccount": {("secrets",): ("name",)},
    "MutatingWebhookConfiguration": {("webhooks",): ("name",)},
    "ValidatingWebhookConfiguration": {("webhooks",): ("name",)},
    "CSINode": {("spec", "drivers"): ("name",)},
    "Node": {("spec", "podCIDRs"): PRIMITIVE},
}


def _pairs(table: dict[str, str]) -> frozenset[tuple[str, str]]:
    pairs: set[tuple[str, str]] = set()
    for versions, kinds in table.items():
        group, _, listed = versions.rpartition("/")
        for version in listed.split():
            pairs.update((f"{group}/{version}" if group else version, kind) for kind in kinds.split())
    return frozenset(pairs)


_IS_CLUSTER_SCOPED: Final = _pairs(_CLUSTER_SCOPED)
_HAS_TEMPLATE: Final = _pairs(_TEMPLATED)
_IS_KNOWN: Final = _IS_CLUSTER_SCOPED | _HAS_TEMPLATE | _pairs(_OTHERS)


def is_cluster_scoped(api_version: str, kind: str) -> bool:
    """Whether kustomize is sure that objects of the kind have no namespace: it knows no custom resources."""
    return (api_version, kind) in _IS_CLUSTER_SCOPED


def merge_keys(api_version: str, kind: str) -> dict[Path, Keys]:
    """By path, without indices, the lists of a kind whose items a patch merges; all others it replaces."""
    if (api_version, kind) not in _IS_KNOWN:
        return {}
    keys = _under(("metadata",), _METADATA) | _CONDITIONS | _BY_KIND.get(kind, {})
    if (api_version, kind) in _HAS_TEMPLATE:
        keys |= _under(("spec", "template"), _TEMPLATE)
    return keys
