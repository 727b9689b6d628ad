"""Rules for every address of one family in clusters that speak both."""

from __future__ import annotations

from collections.abc import Iterator

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.rule_covering import ports_cover
from netpol_lint.records import NamedTuple
from netpol_lint.resources.policy import Direction, Everyone, IPBlock, NetworkPolicy, Rule
from netpol_lint.resources.service import Service
from netpol_lint.resources.workload import Workload


class OneFamily(NamedTuple):
    """A block of every address of one family, where no rule has one of the other (NP309)."""

    policy: NetworkPolicy
    rule: Rule
    block: IPBlock
    pods: tuple[Workload, ...]
    """The pods that stay closed to the other family; none where the unit shows none."""
    services: tuple[Service, ...]
    """The Services that show that the cluster speaks both; none where the configuration says so."""


def single_stack_blocks(cluster: Cluster) -> Iterator[OneFamily]:
    """The blocks without their counterpart, in source order; none in a cluster that is not known to speak both.

    A counterpart may be in another rule on the same ports, and in another policy over the same pods.
    """
    configured = {":" in text for text in (*cluster.assume.pod_ranges, *cluster.assume.service_ranges)}
    services = tuple(service for service in cluster.services if service.is_dual_stack)
    if len(configured) < 2 and not services:
        return
    for policy in cluster.policies:
        for direction in Direction:
            for rule in policy.rules(direction):
                for block in _lonely(rule):
                    pods = tuple(_closed(cluster, policy, rule, 10 - block.cidr.version))
                    if pods or not (cluster.selected_by(policy) or _is_open(policy, rule, 10 - block.cidr.version)):
                        yield OneFamily(policy, rule, block, pods, services)


def _lonely(rule: Rule) -> tuple[IPBlock, ...]:
    """The first block of every address of a family in a rule that has none of the other family."""
    peers = rule.peers if isinstance(rule.peers, tuple) else ()
    whole = [peer for peer in peers if isinstance(peer, IPBlock) and not peer.cidr.prefixlen]
    return tuple(whole[:1]) if len({block.cidr.version for block in whole}) == 1 else ()


def _closed(cluster: Cluster, policy: NetworkPolicy, rule: Rule, version: int) -> Iterator[Workload]:
    """The pods of a policy for which no policy opens the rule's ports to every address of a family."""
    for workload in cluster.selected_by(policy).certain:
        over = cluster.policies_over(workload, rule.direction)
        if not any(_is_open(other, rule, version) for other in over):
            if not cluster.may_be_isolated_otherwise(workload, rule.direction):
                yield workload


def _is_open(policy: NetworkPolicy, rule: Rule, version: int) -> bool:
    return any(_means_family(other, version) and ports_cover(other, rule) for other in policy.rules(rule.direction))


def _means_family(rule: Rule, version: int) -> bool:
    if isinstance(rule.peers, Everyone):
        return True
    return any(
        isinstance(peer, IPBlock) and peer.cidr.version == version and not peer.cidr.prefixlen for peer in rule.peers
    )
