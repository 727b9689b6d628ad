"""Whether a rule means an end of a connection: yes, no, perhaps, or depending on an address nobody knows."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TypeAlias

from netpol_lint.algebra.addresses import EVERY_ADDRESS, NO_ADDRESS, AddressSet, family
from netpol_lint.algebra.labels import Operator, Requirement, Selector
from netpol_lint.algebra.ports import PROTOCOLS
from netpol_lint.cluster.cluster import Cluster
from netpol_lint.connectivity.addresses import address_set
from netpol_lint.connectivity.endpoints import End, Labels, Named, Outside, Pod
from netpol_lint.connectivity.form import Peers, Pods, Ports
from netpol_lint.resources.decode.placeholders import has_placeholder


class Doubt(enum.Enum):
    """Why something may be so or not."""

    LABELS = "labels may be on the pods that no manifest shows"
    NAMESPACE_LABELS = "no manifest shows the labels of the namespace"
    PORT_NAME = "which port the name stands for on these pods is not certain"
    ADDRESS = "the address of the pods is not known"
    NODES = "no manifest shows the addresses of the nodes"
    DOMAIN_NAMES = "which addresses the domain names stand for is not known"
    OWN_NODE = "what a pod and its own node may do is left to the network plugin"
    HAIRPIN = "a pod that calls itself through a Service is left to the network plugin"
    PRIORITY = "policies of equal priority disagree"
    REJECTED = "the API server rejects this policy"
    FOREIGN = "the rules of this kind of policy are not analysed"


Match: TypeAlias = bool | Doubt | AddressSet
"""An `AddressSet` where it holds for just these of the addresses the pod may have."""


@dataclass(frozen=True, slots=True)
class Ranges:
    """Which addresses those may have whose own address is not known."""

    pods: AddressSet
    nodes: AddressSet
    pods_configured: bool
    nodes_known: bool
    blocks_select_pods: bool

    def possible(self, pod: Pod) -> AddressSet:
        """The addresses a pod may have."""
        if pod.addresses:
            return pod.addresses
        return self.nodes if pod.exempt else self.pods

    def either_family(self, pod: Pod) -> bool:
        """Whether it may have an IPv6 address instead of, or beside, the IPv4 addresses that are supposed."""
        return not pod.addresses and not (self.nodes_known if pod.exempt else self.pods_configured)


def ranges_of(cluster: Cluster) -> Ranges:
    """What is known of the addresses of a cluster; without configuration pods have some IPv4 address."""
    pods, services = (_union(texts) for texts in (cluster.assume.pod_ranges, cluster.assume.service_ranges))
    nodes = _union(tuple(text for node in cluster.nodes for text in node.addresses))
    return Ranges(
        pods or family(4),
        nodes or family(4) - pods - services,
        pods_configured=bool(pods),
        nodes_known=bool(nodes),
        blocks_select_pods=cluster.assume.ip_blocks_select_pods,
    )


def _union(texts: tuple[str, ...]) -> AddressSet:
    addresses = NO_ADDRESS
    for text in texts:
        addresses |= address_set(text)
    return addresses


def labels_match(selector: Selector, labels: Labels, doubt: Doubt) -> bool | Doubt:
    """Whether a selector picks something with these labels; `doubt` where labels that are not shown decide."""
    undecided: list[Requirement] = []
    for requirement in selector.requirements:
        if _is_unseen(requirement, labels):
            undecided.append(requirement)
        elif not requirement.matches(labels.known):
            return False
    if not undecided:
        return True
    return doubt if Selector(tuple(undecided)).satisfiable() else False


def _is_unseen(requirement: Requirement, labels: Labels) -> bool:
    key, operator, values = requirement
    if key not in labels.known:
        return labels.unseen.may_be(key) or has_placeholder(key)
    if operator in (Operator.EXISTS, Operator.DOES_NOT_EXIST):
        return False
    return has_placeholder(labels.known[key]) or any(has_placeholder(value) for value in values)


def pods_match(meant: Pods, pod: Pod) -> bool | Doubt:
    """Whether a pod is among the pods meant."""
    if pod.exempt or (pod.host_network and not meant.host_network):
        return False
    namespace: bool | Doubt = (
        meant.namespace == pod.namespace
        if meant.namespace
        else labels_match(meant.namespaces, pod.namespace_labels, Doubt.NAMESPACE_LABELS)
    )
    if namespace is False:
        return False
    pods = labels_match(meant.pods, pod.labels, Doubt.LABELS)
    return pods if namespace is True or pods is False else namespace


def peers_match(peers: Peers, end: End, ranges: Ranges, versions: frozenset[int]) -> Match:
    """Whether an end is among the peers of a rule. `versions` are the families the other end can speak."""
    if peers.everyone:
        return True
    if isinstance(end, Outside):
        return _outside_match(peers, end)
    result: Match = False
    for meant in peers.pods:
        found = pods_match(meant, end)
        if found is True:
            return True
        result = found or result
    by_address = address_match(peers, end, ranges, versions)
    return by_address if by_address is True or result is False else result


def _outside_match(peers: Peers, end: Outside) -> Match:
    if peers.addresses.covers(end.addresses):
        return True
    if peers.perhaps_nodes:
        return Doubt.NODES
    if peers.perhaps_named:
        return Doubt.DOMAIN_NAMES
    return peers.addresses & end.addresses or False


def address_match(peers: Peers, pod: Pod, ranges: Ranges, versions: frozenset[int]) -> Match:
    """Whether the addresses of a rule mean a pod by its address."""
    counts = ranges.blocks_select_pods or pod.exempt
    addresses = peers.addresses if counts else NO_ADDRESS
    possible = spoken(ranges.possible(pod), versions)
    if addresses.covers(possible):
        return True
    if pod.exempt and peers.perhaps_nodes:
        return Doubt.NODES
    if ranges.either_family(pod) and addresses.of(6):
        return Doubt.ADDRESS
    return addresses & possible or False


def spoken(addresses: AddressSet, versions: frozenset[int]) -> AddressSet:
    """Those of the addresses that the other end can speak to; all where it can to none."""
    if versions == _BOTH:
        return addresses
    return addresses & _of(versions) or addresses


_BOTH = frozenset((4, 6))


def _of(versions: frozenset[int]) -> AddressSet:
    return EVERY_ADDRESS if len(versions) != 1 else family(next(iter(versions)))


def ports_match(meant: Ports, destination: End) -> Named:
    """The ports a rule matches on a destination; names mean nothing outside."""
    sure = possible = meant.numbers
    if meant.names and isinstance(destination, Pod):
        for name, protocol in meant.names:
            for one in (protocol,) if protocol else PROTOCOLS:
                found = destination.port(name, one)
                sure |= found.sure
                possible |= found.possible
    return Named(sure, possible)
