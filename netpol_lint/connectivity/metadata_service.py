"""Pods that may reach their cloud's metadata service because a rule is wider than anybody had in mind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from netpol_lint.algebra.addresses import AddressSet
from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.explained_rules import explained_rules
from netpol_lint.cluster.isolation import opens_every_port
from netpol_lint.connectivity.addresses import address_set
from netpol_lint.records import NamedTuple
from netpol_lint.resources.policy import (
    AllOfProtocol,
    Direction,
    Everyone,
    EveryPort,
    IPBlock,
    NetworkPolicy,
    PortEntry,
    PortRange,
    Protocol,
    Rule,
)
from netpol_lint.resources.workload import Workload
from netpol_lint.source.location import Location

METADATA_ADDRESSES: Final = {4: "169.254.169.254", 6: "fd00:ec2::254"}
"""Of AWS, Azure, Google Cloud and most others; the second is that of AWS over IPv6."""
_PORT: Final = 80
_NARROWEST: Final = {4: 16, 6: 32}
"""Of the link-local addresses, and of those of AWS: whoever names no more than these means what is there."""


class MetadataOpening(NamedTuple):
    """A rule that lets pods reach the metadata service (NP305)."""

    policy: NetworkPolicy
    rule: Rule
    blocks: tuple[IPBlock, ...]
    """The blocks that hold an address of it that is reached; none where the rule is for everywhere."""
    addresses: tuple[str, ...]
    """Those that are reached."""
    at: Location
    pods: tuple[Workload, ...]


def metadata_openings(cluster: Cluster) -> tuple[MetadataOpening, ...]:
    """The rules that do so for pods whose egress somebody meant to restrict, in source order."""
    return tuple(cluster.once(_by_rule).values())


def opens_metadata_service(cluster: Cluster, rule: Rule) -> bool:
    """Whether NP305 says of a rule that it is open, so that it needs no other finding."""
    return rule.direction is Direction.EGRESS and rule.at in cluster.once(_by_rule)


def _by_rule(cluster: Cluster) -> Mapping[Location, MetadataOpening]:
    return {opening.rule.at: opening for policy in cluster.policies for opening in _openings(cluster, policy)}


def _openings(cluster: Cluster, policy: NetworkPolicy) -> Iterator[MetadataOpening]:
    for rule in policy.rules(Direction.EGRESS):
        if not _is_for_its_port(rule):
            continue
        holding = tuple(_blocks(rule))
        versions = [*METADATA_ADDRESSES] if isinstance(rule.peers, Everyone) else [b.cidr.version for b in holding]
        selected = cluster.selected_by(policy).certain if versions else ()
        reached = [(workload, some) for workload in selected if (some := _reached(cluster, workload, versions))]
        if reached and rule.at not in explained_rules(cluster, policy, Direction.EGRESS):
            pods = tuple(workload for workload, _ in reached)
            found = [v for v in dict.fromkeys(versions) if any(v in some for _, some in reached)]
            blocks = tuple(block for block in holding if block.cidr.version in found)
            at = rule.peers.at if isinstance(rule.peers, Everyone) else blocks[0].at
            yield MetadataOpening(policy, rule, blocks, tuple(METADATA_ADDRESSES[v] for v in found), at, pods)


def _is_for_its_port(rule: Rule) -> bool:
    return isinstance(rule.ports, EveryPort) or any(_is_its_port(entry) for entry in rule.ports)


def _is_its_port(entry: PortEntry) -> bool:
    """Whether a port is, or includes, the service's: a name stands for none outside the cluster."""
    if entry.protocol is not Protocol.TCP:
        return False
    match entry.target:
        case AllOfProtocol():
            return True
        case PortRange(first, last):
            return first <= _PORT <= last
        case _:
            return False


def _blocks(rule: Rule) -> Iterator[IPBlock]:
    """The blocks of a rule that hold the service's address among many others."""
    for peer in rule.peers if isinstance(rule.peers, tuple) else ():
        if isinstance(peer, IPBlock) and peer.cidr.prefixlen < _NARROWEST[peer.cidr.version]:
            if _holds(peer, METADATA_ADDRESSES[peer.cidr.version]):
                yield peer


def _holds(block: IPBlock, address: str) -> bool:
    wanted = address_set(address)
    excluded = any(_addresses(network).covers(wanted) for network, _ in block.exceptions)
    return _addresses(block.cidr).covers(wanted) and not excluded


def _addresses(network: object) -> AddressSet:
    return address_set(str(network))


def _reached(cluster: Cluster, workload: Workload, versions: Iterable[int]) -> frozenset[int]:
    """The IP versions by which all tiers let a workload's pods reach it; none if nobody meant to restrict them."""
    from netpol_lint.connectivity.endpoints import Outside
    from netpol_lint.connectivity.network import Network

    network = Network.of(cluster)
    pod = network.pods.get(workload.id)
    if pod is None or not any(map(_restricts, cluster.policies_over(workload, Direction.EGRESS))):
        return frozenset()
    ends = {version: Outside(address_set(METADATA_ADDRESSES[version])) for version in versions}
    return frozenset(v for v, end in ends.items() if network.traffic(pod, end).allowed.has("TCP", _PORT))


def _restricts(policy: NetworkPolicy) -> bool:
    """Whether it leaves anything out: one that is for everywhere on every port says that nothing is to be left out."""
    return not any(
        isinstance(rule.peers, Everyone) and opens_every_port(rule) for rule in policy.rules(Direction.EGRESS)
    )
