"""Where cluster DNS may answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Final

from netpol_lint.algebra.labels import Operator, Selector
from netpol_lint.cluster.cluster import Cluster
from netpol_lint.connectivity.endpoints import End, Labels, Pod, Unseen, labels_of
from netpol_lint.connectivity.network import Network
from netpol_lint.needs.dns_pods import INSTALLED, KUBE_SYSTEM, OPENSHIFT, OPENSHIFT_PORT, PORT, foreign_labels
from netpol_lint.records import NamedTuple
from netpol_lint.resources.namespace import NAME_LABEL
from netpol_lint.resources.policy import Direction, PodPeer, Protocol, Rule, SameNamespace

_PORTS: Final = (PORT, OPENSHIFT_PORT)
_LISTENING: Final = frozenset((PORT, OPENSHIFT_PORT, 1053, 8053))


class Server(NamedTuple):
    """Whoever may answer, with the port."""

    end: End
    port: int


def servers(cluster: Cluster) -> tuple[Server, ...]:
    """All that may be cluster DNS, whoever asks: its usual pods, the unit's own, and what known namespaces may hold."""
    network = Network.of(cluster)
    found = list(_installed(cluster))
    known = sorted(cluster.once(_named_namespaces) & cluster.namespaces.keys())
    found += [Server(_pod(cluster, namespace, {}), PORT) for namespace in known]
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


def servers_for(cluster: Cluster, pod: Pod) -> tuple[Server, ...]:
    """All that may be cluster DNS for a pod: its policies tell apart few of the namespaces and addresses there are.

    A node-local cache has an address of its own (169.254.20.10), and a Service's address is one that a policy may see.
    """
    network = Network.of(cluster)
    elsewhere = [Server(_pod(cluster, namespace, {}), PORT) for namespace in _told_apart(cluster, pod)]
    outside = network.outside_of(pod, Direction.EGRESS)
    return (*cluster.once(servers), *elsewhere, *(Server(end, port) for end in outside for port in _PORTS))


def _told_apart(cluster: Cluster, pod: Pod) -> tuple[str, ...]:
    """Of the namespaces of which nothing is shown those that a pod's policies name, and one more."""
    unseen = cluster.once(_unseen_namespaces)
    meant = (one for rule in Network.of(cluster).rules_over(pod, Direction.EGRESS) for one in rule.peers.pods)
    named = {name for one in meant for name in _named_by(one.namespaces)}
    return (*(name for name in sorted(named) if name in unseen), *islice((n for n in unseen if n not in named), 1))


def _unseen_namespaces(cluster: Cluster) -> Mapping[str, None]:
    """By name, sorted."""
    return dict.fromkeys(sorted(cluster.once(_named_namespaces) - cluster.namespaces.keys()))


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
                yield from _named_by(peer.namespaces.selector)


def _named_by(namespaces: Selector) -> Iterator[str]:
    for key, operator, values in namespaces.requirements:
        if key == NAME_LABEL and operator is Operator.IN:
            yield from values
