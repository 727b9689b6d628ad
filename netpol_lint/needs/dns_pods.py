"""The pods of cluster DNS by the labels that installers give them, and labels that they certainly do not carry.

Kustomize's `commonLabels` get into the `matchLabels` of every peer, also of one that means CoreDNS in `kube-system`:
the application's label is then asked of pods that belong to the cluster.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from netpol_lint.algebra.labels import Operator
from netpol_lint.cluster.cluster import Cluster
from netpol_lint.records import NamedTuple
from netpol_lint.resources.policy import Direction, NetworkPolicy, PodPeer, SameNamespace
from netpol_lint.resources.selectors import LabelSelector

PORT: Final = 53
OPENSHIFT_PORT: Final = 5353
KUBE_SYSTEM: Final = "kube-system"
OPENSHIFT: Final = "openshift-dns"


class DnsPods(NamedTuple):
    """What an installer calls the pods of cluster DNS; they may carry more labels."""

    namespace: str
    key: str
    value: str
    port: int = PORT


INSTALLED: Final = (
    DnsPods(KUBE_SYSTEM, "k8s-app", "kube-dns"),
    DnsPods(KUBE_SYSTEM, "k8s-app", "coredns"),
    DnsPods(KUBE_SYSTEM, "k8s-app", "core-dns"),
    DnsPods(KUBE_SYSTEM, "k8s-app", "node-local-dns"),
    DnsPods(OPENSHIFT, "dns.operator.openshift.io/daemonset-dns", "default", OPENSHIFT_PORT),
)
_LABELS: Final = frozenset((pods.key, pods.value) for pods in INSTALLED)
_OF_ANYBODY: Final = frozenset(("app.kubernetes.io/managed-by", "app.kubernetes.io/version", "helm.sh/chart"))
"""Labels that whoever installs CoreDNS may give it as well as the application."""


class ForeignLabel(NamedTuple):
    """A label that a peer asks of cluster DNS, and that the policy and pods of its namespace carry themselves."""

    policy: NetworkPolicy
    peer: PodPeer
    key: str
    value: str


def foreign_labels(cluster: Cluster) -> tuple[ForeignLabel, ...]:
    """Each of them, but keys of which some peer asks another value; nothing where the pods of cluster DNS are shown."""
    if any(workload.labels.get(key) == value for workload in cluster.workloads for key, value in _LABELS):
        return ()
    asked = tuple(_asked(cluster))
    meant = {label.key for label in asked if not _is_the_applications(cluster, label)}
    return tuple(label for label in asked if label.key not in meant)


def _asked(cluster: Cluster) -> Iterator[ForeignLabel]:
    """The labels that peers ask besides one of cluster DNS."""
    for policy in cluster.policies:
        for rule in policy.rules(Direction.EGRESS):
            for peer in rule.peers if isinstance(rule.peers, tuple) else ():
                if isinstance(peer, PodPeer) and not isinstance(peer.namespaces, SameNamespace):
                    labels = tuple(_labels_of(peer))
                    if not _LABELS.isdisjoint(labels):
                        yield from (ForeignLabel(policy, peer, *label) for label in labels if label not in _LABELS)


def _labels_of(peer: PodPeer) -> Iterator[tuple[str, str]]:
    """What a peer asks for; a key of which it asks no value, with none."""
    if isinstance(peer.pods, LabelSelector):
        for key, operator, values in peer.pods.selector.requirements:
            yield from ((key, value) for value in (values if operator is Operator.IN else ("",)))


def _is_the_applications(cluster: Cluster, label: ForeignLabel) -> bool:
    _, _, key, value = label
    meta = label.policy.meta
    if (
        not value
        or key in _OF_ANYBODY
        or "dns" in value
        or not any(own.key == key and own.value == value for own in meta.labels)
    ):
        return False
    return any(workload.labels.get(key) == value for workload in cluster.pods_in(meta.namespace))
