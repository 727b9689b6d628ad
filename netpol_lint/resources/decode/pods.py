"""Pods and pod templates, read tolerantly: a field of the wrong type never loses the pod."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from netpol_lint.resources.decode.mentions import data_refs, mentions
from netpol_lint.resources.decode.meta import labels, read, text
from netpol_lint.resources.decode.placeholders import with_defaults
from netpol_lint.resources.metadata import Label, Metadata, ObjectRef
from netpol_lint.resources.policy import Protocol
from netpol_lint.resources.workload import ContainerPort, Resolver, Workload
from netpol_lint.source.documents import Document
from netpol_lint.source.tree import Mapping, Missing, Node, Scalar, Sequence

SCRAPING: Final = "prometheus.io/"
_PROBES: Final = ("livenessProbe", "readinessProbe", "startupProbe")
_PROBE_KINDS: Final = ("httpGet", "tcpSocket", "grpc")
_PROTOCOLS: Final = {protocol.value: protocol for protocol in Protocol} | {"": Protocol.TCP}


def workload(document: Document, group: str, *path: str) -> Workload:
    """The controller whose pod template stands at `path`; without a path, the Pod itself."""
    root = document.root
    return pods_of(read(document, group), at_path(root, *path), root, is_template=bool(path))


def pods_of(meta: Metadata, template: Node | Missing, root: Mapping, *, is_template: bool = True) -> Workload:
    """The pods that `root`, known as `meta`, makes from a template; without one, the Pod that `root` is itself."""
    if not isinstance(template, Mapping):
        return Workload(meta, (), (), False, meta.at, partial=True)
    spec = template.get("spec")
    pod_labels = labels(at_path(template, "metadata", "labels")) if is_template else meta.labels
    annotations = labels(at_path(template, "metadata", "annotations")) if is_template else meta.annotations
    if not isinstance(spec, Mapping):
        return Workload(meta, pod_labels, (), False, meta.at, partial=True)
    host_network = spec.get("hostNetwork")
    is_on_host = isinstance(host_network, Scalar) and (host_network.value is True or host_network.text == "true")
    return Workload(
        meta,
        pod_labels,
        tuple(declared_ports(spec)),
        is_on_host,
        host_network.location if isinstance(host_network, Scalar) else meta.at,
        () if is_template else tuple(_addresses(root.get("status"))),
        text(spec.get("serviceAccountName")) or text(spec.get("serviceAccount")) or "default",
        partial=not _has_containers(spec) or (meta.ref.group == "apps" and is_template and not pod_labels),
        mentions=tuple(mentions(spec)),
        data_from=tuple(data_refs(spec)),
        annotations=_scraping(annotations),
        probed=tuple(_probed(spec)),
        replicas=_replicas(root),
        governing_service=text(at_path(root, "spec", "serviceName")) if is_template else "",
        mounts_token=tuple(_mounts_token(spec)),
        resolver=_resolver(spec, is_on_host),
    )


def made_by_operator(owner: Metadata, kind: str, name: str, template: Node | Missing, root: Mapping) -> Workload:
    """The controller that an operator makes, under the owner's place, from a template that stands in the owner.

    An operator may add labels, ports and containers, and makes the pods when it sees fit.
    """
    group = "batch" if kind == "Job" else "apps"
    ref = ObjectRef(group, kind, owner.namespace, name)
    meta = Metadata(ref, owner.api_version, owner.at, owner.namespace_declared)
    return pods_of(meta, template, root)._replace(labels_complete=False, by_operator=True)


def at_path(node: Node | Missing, *path: str) -> Node | Missing:
    """The node at a path of mapping keys; of a path that leads nowhere, the last thing found missing."""
    for key in path:
        if not isinstance(node, Mapping):
            return node
        node = node.get(key)
    return node


def _scraping(annotations: tuple[Label, ...]) -> tuple[Label, ...]:
    """Those by which Prometheus finds pods; nobody asks for others."""
    return tuple(annotation for annotation in annotations if annotation.key.startswith(SCRAPING))


def _replicas(root: Mapping) -> int:
    written = at_path(root, "spec", "replicas")
    return number(written) if isinstance(written, Scalar) else 1


def _mounts_token(spec: Mapping) -> Iterator[bool]:
    written = spec.get("automountServiceAccountToken")
    if isinstance(written, Scalar) and text(written):
        yield not is_false(written)


def is_false(node: Node | Missing) -> bool:
    """Whether a boolean field is written and false."""
    return isinstance(node, Scalar) and (node.value is False or node.text == "false")


def number(node: Node | Missing) -> int:
    """A whole number, also in quotes; 0 for anything else."""
    if not isinstance(node, Scalar):
        return 0
    value = node.value
    if isinstance(value, str):
        digits = with_defaults(value)
        return int(digits) if len(digits) < 9 and digits.isascii() and digits.isdigit() else 0
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def protocol_of(node: Node | Missing, otherwise: Protocol) -> Protocol:
    """The protocol: TCP by default, `otherwise` for a text that is none."""
    return _PROTOCOLS.get(text(node).strip().upper(), otherwise)


def _has_containers(spec: Mapping) -> bool:
    containers = spec.get("containers")
    return isinstance(containers, Sequence) and len(containers) > 0


def declared_ports(spec: Mapping) -> Iterator[ContainerPort]:
    """Of the regular containers, and of init containers that keep running beside them."""
    for container in mappings(spec.get("containers")):
        yield from _container_ports(container)
    for container in mappings(spec.get("initContainers")):
        if text(container.get("restartPolicy")) == "Always":
            yield from _container_ports(container)


def _container_ports(container: Mapping) -> Iterator[ContainerPort]:
    for entry in mappings(container.get("ports")):
        node = entry.get("containerPort")
        port = number(node)
        if 1 <= port <= 65535:
            protocol_node = entry.get("protocol")
            yield ContainerPort(
                text(entry.get("name")),
                port,
                protocol_of(protocol_node, Protocol.TCP),
                node.location,
                number(entry.get("hostPort")),
                text(protocol_node) != "",
            )


def _resolver(spec: Mapping, is_on_host: bool) -> Resolver:
    """ClusterFirst, which is what nothing means, is the node's own resolution for pods on the node's network.

    Kubernetes: "Pods running with hostNetwork and ClusterFirst will fallback to the behavior of the Default policy."
    """
    policy = text(spec.get("dnsPolicy")) or "ClusterFirst"
    if policy == "None":
        given = at_path(spec, "dnsConfig", "nameservers")
        return Resolver(False, tuple(filter(None, map(text, given))) if isinstance(given, Sequence) else ())
    return Resolver(policy == "ClusterFirstWithHostNet" or (policy == "ClusterFirst" and not is_on_host))


def _probed(spec: Mapping) -> Iterator[int]:
    """The numbers of the ports that the kubelet calls; a probe of another host says nothing of the pod."""
    for container in mappings(spec.get("containers")):
        for probe in _PROBES:
            handler = container.get(probe)
            if not isinstance(handler, Mapping):
                continue
            for kind in _PROBE_KINDS:
                called = handler.get(kind)
                port = number(called.get("port")) if isinstance(called, Mapping) and not text(called.get("host")) else 0
                if 1 <= port <= 65535:
                    yield port


def _addresses(status: Node | Missing) -> Iterator[str]:
    """`status.podIPs`, or `status.podIP` of an old dump."""
    if not isinstance(status, Mapping):
        return
    found = [address for entry in mappings(status.get("podIPs")) if (address := text(entry.get("ip")))]
    yield from found or filter(None, (text(status.get("podIP")),))


def mappings(node: Node | Missing) -> Iterator[Mapping]:
    if isinstance(node, Sequence):
        for item in node:
            if isinstance(item, Mapping):
                yield item
