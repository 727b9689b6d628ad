"""Where cluster DNS may answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from netpol_lint.algebra.labels import Operator
from netpol_lint.cluster.cluster import Cluster
from netpol_lint.connectivity.endpoints import End, Labels, Pod, Unseen, labels_of
from netpol_lint.connectivity.network import Network
from netpol_lint.needs.dns_pods import INSTALLED, KUBE_SYSTEM, OPENSHIFT, OPENSHIFT_PORT, PORT, foreign_labels
from netpol_lint.resources.namespace import NAME_LABEL
from netpol_lint.resources.policy import Direction, PodPeer, Protocol, Rule, SameNamespace

_LISTENING: Final = frozenset((PORT, OPENSHIFT_PORT, 1053, 8053))


class Server(NamedTuple):
    """Whoever may answer, with the port."""

    end: End
    port: int


def servers(cluster: Cluster) -> tuple[Server, ...]:
    """All pods that may be cluster DNS: its usual ones, and the unit's own name servers."""
    network = Network.of(cluster)
    found = list(_installed(cluster))
    found += [Server(_pod(cluster, namespace, {}), PORT) for namespace in sorted(_named_namespaces(cluster))]
    for workload in cluster.workloads:
        listening = {p.port for p in workload.ports if p.protocol is Protocol.UDP} & _LISTENING
        if workload.id in network.pods:
            found += [Server(network.pods[workload.id], port) for port in sorted(listening)]
    return tuple(found)


def _installed(cluster: Cluster) -> Iterator[Server]:
    """With some other value for a label that only the application has: so much is known, whatever else they carry."""
    others = dict.fromkeys((label.key for label in cluster.once(foreign_labels)), "")
    for pods in INSTALLED:
        yield Server(_pod(cluster, pods.namespace, {**others, pods.key: pods.value}), pods.port)


def servers_outside(cluster: Cluster, pod: Pod) -> tuple[Server, ...]:
    """Every address outside, as a pod's policies tell them apart.

    A node-local cache has an address of its own (169.254.20.10), and a Service's address is one that a policy may see.
    """
    outside = Network.of(cluster).outside_of(pod, Direction.EGRESS)
    return tuple(Server(end, port) for end in outside for port in (PORT, OPENSHIFT_PORT))


def _pod(cluster: Cluster, namespace: str, labels: dict[str, str]) -> Pod:
    known = cluster.namespaces.get(namespace)
    own = labels_of(known) if known is not None else Labels({NAME_LABEL: namespace}, Unseen.ANY)
    return Pod("cluster DNS", namespace, own, Labels(labels, Unseen.ANY), ports_known=False)


def _named_namespaces(cluster: Cluster) -> set[str]:
    """The namespaces that rules for egress name and of which no pod is shown: DNS may run there."""
    return {name for policy in cluster.policies for name in _names(policy.rules(Direction.EGRESS))} - {
        KUBE_SYSTEM,
        OPENSHIFT,
        *(name for name in cluster.namespaces if cluster.shows_pods(name)),
    }


def _names(rules: tuple[Rule, ...]) -> Iterator[str]:
    for rule in rules:
        for peer in rule.peers if isinstance(rule.peers, tuple) else ():
            if isinstance(peer, PodPeer) and not isinstance(peer.namespaces, SameNamespace):
                for key, operator, values in peer.namespaces.selector.requirements:
                    if key == NAME_LABEL and operator is Operator.IN:
                        yield from values
