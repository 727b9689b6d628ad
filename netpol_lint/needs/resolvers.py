"""Whom a workload asks for the address of a name: cluster DNS, or servers of its own."""

from __future__ import annotations

from netpol_lint.algebra.addresses import NO_ADDRESS
from netpol_lint.cluster.cluster import Cluster
from netpol_lint.connectivity.addresses import address_set
from netpol_lint.connectivity.network import Network
from netpol_lint.needs.cluster_dns import Server, servers_for
from netpol_lint.needs.dns_pods import PORT
from netpol_lint.needs.need import Addresses, Party, Role
from netpol_lint.resources.policy import Direction
from netpol_lint.resources.workload import Workload


def asked_by(workload: Workload) -> tuple[Party, ...]:
    """Cluster DNS, or the public name servers that its `dnsConfig` gives, of which any may answer.

    Nothing where it is not known: the manifests do not show the name servers of a node, and a private address may be
    that of a Service, behind which policies see pods.
    """
    resolver = workload.resolver
    if resolver.is_cluster_dns:
        return (Role.DNS,)
    if not resolver.only or not all(map(_is_public, resolver.only)):
        return ()
    blocks = NO_ADDRESS
    for address in resolver.only:
        blocks |= address_set(address)
    return (Addresses(", ".join(resolver.only), blocks),)


def servers_of(cluster: Cluster, workload: Workload) -> tuple[Server, ...]:
    """All that may answer a workload; nothing where it is not known."""
    network = Network.of(cluster)
    pod = network.pods[workload.id]
    found: list[Server] = []
    for party in asked_by(workload):
        if not isinstance(party, Addresses):
            return servers_for(cluster, pod)
        found += [Server(end, PORT) for end in network.addresses_of(pod, Direction.EGRESS, party.blocks)]
    return tuple(found)


def _is_public(text: str) -> bool:
    from ipaddress import ip_address

    try:
        return ip_address(text).is_global
    except ValueError:
        return False
