"""The addresses that clusters give to pods and Services: configured, or what installers take unless told otherwise.

Sources: kubeadm's `serviceSubnet` (10.96.0.0/12; kind and minikube stay within it), Flannel's example configuration and
kind's `podSubnet` (10.244.0.0/16), the `cluster-cidr` and `service-cidr` of K3s and RKE2, the CIDR range definitions of
OpenShift, MicroK8s' `service-cluster-ip-range`, the Service range that GKE manages. Left out is what is as often the
network of an office or a cloud: 10.0.0.0/16 (AKS), 10.128.0.0/14 (OpenShift's pods), 172.20.0.0/16 (EKS),
192.168.0.0/16 (Calico).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.records import NamedTuple
from netpol_lint.resources.policy import Direction, IPBlock, Network, NetworkPolicy, Rule

_WELL_KNOWN_PODS: Final = (
    ("10.244.0.0/16", "which Flannel, kind and minikube give to pods"),
    ("10.42.0.0/16", "which K3s and RKE give to pods"),
)
_WELL_KNOWN_SERVICES: Final = (
    ("10.96.0.0/12", "which kubeadm gives to Services"),
    ("10.43.0.0/16", "which K3s and RKE give to Services"),
    ("172.30.0.0/16", "which OpenShift gives to Services"),
    ("10.152.183.0/24", "which MicroK8s gives to Services"),
    ("34.118.224.0/20", "which GKE gives to Services"),
)


class Range(NamedTuple):
    """Addresses of pods or of Services."""

    network: Network
    of_services: bool
    said: str
    """Who says so: `which kubeadm gives to Services`."""


class InsideCluster(NamedTuple):
    """A block that lies in the addresses of pods or Services (NP308)."""

    policy: NetworkPolicy
    rule: Rule
    block: IPBlock
    range: Range


def blocks_inside(cluster: Cluster) -> Iterator[InsideCluster]:
    """The blocks of pods or Services, in source order."""
    for policy in cluster.policies:
        for direction in Direction:
            for rule in policy.rules(direction):
                for peer in rule.peers if isinstance(rule.peers, tuple) else ():
                    if isinstance(peer, IPBlock):
                        yield from (InsideCluster(policy, rule, peer, found) for found in _around(cluster, peer))


def _around(cluster: Cluster, block: IPBlock) -> tuple[Range, ...]:
    """The first of the ranges that the block lies in; none if it lies in none."""
    for one in cluster.once(_ranges):
        if _is_inside(block.cidr, one.network):
            return (one,)
    return ()


def _is_inside(inner: Network, outer: Network) -> bool:
    if inner.version != outer.version or inner.prefixlen < outer.prefixlen:
        return False
    return int(inner.network_address) >> (inner.max_prefixlen - outer.prefixlen) == int(outer.network_address) >> (
        outer.max_prefixlen - outer.prefixlen
    )


def _ranges(cluster: Cluster) -> tuple[Range, ...]:
    """Services first, as their range may be a part of that of the pods."""
    services = [(text, "configured as addresses of Services") for text in cluster.assume.service_ranges]
    pods = [(text, "configured as addresses of pods") for text in cluster.assume.pod_ranges]
    return (
        *(Range(network, True, said) for network, said in _read(services or _WELL_KNOWN_SERVICES)),
        *(Range(network, False, said) for network, said in _read(pods or _WELL_KNOWN_PODS)),
    )


def _read(ranges: list[tuple[str, str]] | tuple[tuple[str, str], ...]) -> Iterator[tuple[Network, str]]:
    """Those that are networks: any other text in the configuration gives no address to anything."""
    from contextlib import suppress
    from ipaddress import ip_network

    for text, said in ranges:
        with suppress(ValueError):
            yield ip_network(text.strip(), strict=False), said
