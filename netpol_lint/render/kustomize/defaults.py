"""Where kustomize writes what, unless a kustomization's `configurations` say more: its built-in field specs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from netpol_lint.records import NamedTuple
from netpol_lint.render.kustomize.fields import FieldSpec, path_of
from netpol_lint.render.kustomize.objects import Type


class NameReference(NamedTuple):
    """The fields that hold the name of an object of a kind."""

    target: Type
    fields: tuple[FieldSpec, ...]


class Config(NamedTuple):
    """Field specs for each thing that kustomize writes."""

    name_prefix: tuple[FieldSpec, ...] = ()
    name_suffix: tuple[FieldSpec, ...] = ()
    namespace: tuple[FieldSpec, ...] = ()
    common_labels: tuple[FieldSpec, ...] = ()
    labels: tuple[FieldSpec, ...] = ()
    template_labels: tuple[FieldSpec, ...] = ()
    common_annotations: tuple[FieldSpec, ...] = ()
    images: tuple[FieldSpec, ...] = ()
    replicas: tuple[FieldSpec, ...] = ()
    variables: tuple[FieldSpec, ...] = ()
    references: tuple[NameReference, ...] = ()


def _spec(path: str, kind: str = "", group: str = "", *, version: str = "", create: bool = False) -> FieldSpec:
    return FieldSpec(path_of(path), Type(group, version, kind), create)


_METADATA_LABELS: Final = (
    _spec("metadata/labels", create=True),
    _spec("spec/template/metadata/labels", "ReplicationController", version="v1", create=True),
    *(
        _spec("spec/template/metadata/labels", kind, group, create=True)
        for kind, group in (
            *(("Deployment", ""), ("ReplicaSet", ""), ("DaemonSet", ""), ("StatefulSet", "apps"), ("Job", "batch")),
        )
    ),
    _spec("spec/volumeClaimTemplates[]/metadata/labels", "StatefulSet", "apps", create=True),
    _spec("spec/jobTemplate/metadata/labels", "CronJob", "batch", create=True),
    _spec("spec/jobTemplate/spec/template/metadata/labels", "CronJob", "batch", create=True),
)
_SPREAD: Final = (
    *(
        f"spec/template/spec/affinity/{affinity}/{which}/labelSelector/matchLabels"
        for affinity in ("podAffinity", "podAntiAffinity")
        for which in (
            "preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm",
            "requiredDuringSchedulingIgnoredDuringExecution",
        )
    ),
    "spec/template/spec/topologySpreadConstraints/labelSelector/matchLabels",
)
_NETWORKING: Final = "networking.k8s.io"
_COMMON_LABELS: Final = (
    _spec("spec/selector", "Service", version="v1", create=True),
    _spec("spec/selector", "ReplicationController", version="v1", create=True),
    *(_spec("spec/selector/matchLabels", kind, create=True) for kind in ("Deployment", "ReplicaSet", "DaemonSet")),
    _spec("spec/selector/matchLabels", "StatefulSet", "apps", create=True),
    *(_spec(path, kind, "apps") for kind in ("Deployment", "StatefulSet") for path in _SPREAD),
    _spec("spec/selector/matchLabels", "Job", "batch"),
    _spec("spec/jobTemplate/spec/selector/matchLabels", "CronJob", "batch"),
    _spec("spec/selector/matchLabels", "PodDisruptionBudget", "policy"),
    _spec("spec/podSelector/matchLabels", "NetworkPolicy", _NETWORKING),
    _spec("spec/ingress/from/podSelector/matchLabels", "NetworkPolicy", _NETWORKING),
    _spec("spec/egress/to/podSelector/matchLabels", "NetworkPolicy", _NETWORKING),
    *_METADATA_LABELS,
)
_ANNOTATIONS: Final = (
    _spec("metadata/annotations", create=True),
    _spec("spec/template/metadata/annotations", "ReplicationController", version="v1", create=True),
    *(
        _spec("spec/template/metadata/annotations", kind, group, create=True)
        for kind, group in (
            *(("Deployment", ""), ("ReplicaSet", ""), ("DaemonSet", ""), ("StatefulSet", ""), ("Job", "batch")),
        )
    ),
    _spec("spec/jobTemplate/metadata/annotations", "CronJob", "batch", create=True),
    _spec("spec/jobTemplate/spec/template/metadata/annotations", "CronJob", "batch", create=True),
)
_NAMESPACE: Final = (
    _spec("metadata/name", "Namespace", create=True),
    _spec("spec/service/namespace", "APIService", "apiregistration.k8s.io", create=True),
    _spec("spec/conversion/webhook/clientConfig/service/namespace", "CustomResourceDefinition", "apiextensions.k8s.io"),
)
_IMAGES: Final = tuple(
    _spec(f"{prefix}{path}")
    for prefix in ("spec/", "spec/template/spec/")
    for path in ("containers[]/image", "initContainers[]/image", "volumes[]/image/reference")
)
_REPLICAS: Final = tuple(
    _spec("spec/replicas", kind, create=True)
    for kind in ("Deployment", "ReplicationController", "ReplicaSet", "StatefulSet")
)

_POD_PATHS: Final = {
    "CronJob": "spec/jobTemplate/spec/template/spec",
    **dict.fromkeys(("DaemonSet", "Deployment", "Job", "ReplicaSet", "StatefulSet"), "spec/template/spec"),
    "Pod": "spec",
}


def _in_pods(paths: tuple[str, ...], kinds: dict[str, str] | None = None) -> Iterator[FieldSpec]:
    for kind, prefix in (_POD_PATHS if kinds is None else kinds).items():
        for path in paths:
            yield _spec(f"{prefix}/{path}", kind)


_CONTAINERS: Final = ("containers", "initContainers")
_VARIABLES: Final = (
    *_in_pods(
        (
            *(
                f"{field}/{path}"
                for field in _CONTAINERS
                for path in ("args", "command", "env/value", "volumeMounts/mountPath")
            ),
            "volumes/nfs/server",
        )
    ),
    _spec("spec/jobTemplate/spec/template/volumes/nfs/server", "CronJob"),
    _spec("spec/template/metadata/annotations", "Deployment"),
    *(_spec(path, "Ingress") for path in ("spec/rules/host", "spec/tls/hosts", "spec/tls/secretName")),
    *(_spec(path, "Service") for path in ("spec/ports/port", "spec/ports/targetPort")),
    _spec("spec/volumeClaimTemplates/spec/nfs/server", "StatefulSet"),
    _spec("spec/nfs/server", "PersistentVolume"),
    _spec("metadata/labels"),
    _spec("metadata/annotations"),
)

_WITH_TEMPLATES: Final = {**_POD_PATHS, "PodTemplate": "template/spec"}
_CLAIMING: Final = {kind: path for kind, path in _POD_PATHS.items() if kind != "ReplicaSet"} | {
    "ReplicationController": "spec/template/spec"
}
_RBAC: Final = "rbac.authorization.k8s.io"
_ADMISSION: Final = "admissionregistration.k8s.io"


def _reads(what: str, name: str) -> tuple[str, ...]:
    return tuple(
        path
        for field in _CONTAINERS
        for path in (f"{field}/env/valueFrom/{what}KeyRef/name", f"{field}/envFrom/{name}")
    )


_RESOURCE_NAMES: Final = (_spec("rules/resourceNames", "Role"), _spec("rules/resourceNames", "ClusterRole"))
_REFERENCES: Final = (
    *(
        NameReference(Type(kind=kind), (_spec("spec/scaleTargetRef/name", "HorizontalPodAutoscaler"),))
        for kind in ("Deployment", "ReplicationController", "ReplicaSet", "StatefulSet")
    ),
    NameReference(
        Type("", "v1", "ConfigMap"),
        (
            *_in_pods(
                (
                    "volumes/configMap/name",
                    "volumes/projected/sources/configMap/name",
                    *_reads("configMap", "configMapRef/name"),
                ),
                _WITH_TEMPLATES,
            ),
            _spec("spec/configSource/configMap", "Node"),
            *_RESOURCE_NAMES,
            _spec(r"metadata/annotations/nginx.ingress.kubernetes.io\/fastcgi-params-configmap", "Ingress"),
        ),
    ),
    NameReference(
        Type("", "v1", "Secret"),
        (
            *_in_pods(
                (
                    "volumes/secret/secretName",
                    "volumes/projected/sources/secret/name",
                    "imagePullSecrets/name",
                    *_reads("secret", "secretRef/name"),
                ),
                _WITH_TEMPLATES,
            ),
            _spec("spec/tls/secretName", "Ingress"),
            *(
                _spec(rf"metadata/annotations/{name}", "Ingress")
                for name in (
                    r"ingress.kubernetes.io\/auth-secret",
                    r"nginx.ingress.kubernetes.io\/auth-secret",
                    r"nginx.ingress.kubernetes.io\/auth-tls-secret",
                )
            ),
            _spec("imagePullSecrets/name", "ServiceAccount"),
            *(
                _spec(f"parameters/{name}", "StorageClass")
                for name in ("secretName", "adminSecretName", "userSecretName", "secretRef")
            ),
            *_RESOURCE_NAMES,
            _spec(
                "spec/template/spec/containers/env/valueFrom/secretKeyRef/name",
                "Service",
                "serving.knative.dev",
                version="v1",
            ),
            _spec("spec/azureFile/secretName", "PersistentVolume"),
        ),
    ),
    NameReference(
        Type("", "v1", "Service"),
        (
            _spec("spec/serviceName", "StatefulSet", "apps"),
            *(
                _spec(path, "Ingress")
                for path in (
                    "spec/rules/http/paths/backend/serviceName",
                    "spec/backend/serviceName",
                    "spec/rules/http/paths/backend/service/name",
                    "spec/defaultBackend/service/name",
                )
            ),
            _spec("spec/service/name", "APIService", "apiregistration.k8s.io"),
            _spec("webhooks/clientConfig/service", "ValidatingWebhookConfiguration", _ADMISSION),
            _spec("webhooks/clientConfig/service", "MutatingWebhookConfiguration", _ADMISSION),
        ),
    ),
    NameReference(Type(_RBAC, "", "Role"), (_spec("roleRef/name", "RoleBinding", _RBAC),)),
    NameReference(
        Type(_RBAC, "", "ClusterRole"),
        (_spec("roleRef/name", "RoleBinding", _RBAC), _spec("roleRef/name", "ClusterRoleBinding", _RBAC)),
    ),
    NameReference(
        Type("", "v1", "ServiceAccount"),
        (
            _spec("subjects", "RoleBinding", _RBAC),
            _spec("subjects", "ClusterRoleBinding", _RBAC),
            *_in_pods(("serviceAccountName",), _CLAIMING),
        ),
    ),
    NameReference(
        Type("", "v1", "PersistentVolumeClaim"),
        tuple(_in_pods(("volumes/persistentVolumeClaim/claimName",), _CLAIMING)),
    ),
    NameReference(
        Type("", "v1", "PersistentVolume"),
        (_spec("spec/volumeName", "PersistentVolumeClaim"), _spec("rules/resourceNames", "ClusterRole")),
    ),
    NameReference(
        Type("storage.k8s.io", "v1", "StorageClass"),
        (
            _spec("spec/storageClassName", "PersistentVolume"),
            _spec("spec/storageClassName", "PersistentVolumeClaim"),
            _spec("spec/volumeClaimTemplates/spec/storageClassName", "StatefulSet"),
        ),
    ),
    NameReference(
        Type("scheduling.k8s.io", "v1", "PriorityClass"),
        tuple(_in_pods(("priorityClassName",), _CLAIMING)),
    ),
    NameReference(
        Type(_ADMISSION, "", "ValidatingAdmissionPolicy"),
        (_spec("spec/policyName", "ValidatingAdmissionPolicyBinding", _ADMISSION),),
    ),
)

DEFAULTS: Final = Config(
    name_prefix=(_spec("metadata/name"),),
    name_suffix=(_spec("metadata/name"),),
    namespace=_NAMESPACE,
    common_labels=_COMMON_LABELS,
    template_labels=_METADATA_LABELS,
    common_annotations=_ANNOTATIONS,
    images=_IMAGES,
    replicas=_REPLICAS,
    variables=_VARIABLES,
    references=_REFERENCES,
)
