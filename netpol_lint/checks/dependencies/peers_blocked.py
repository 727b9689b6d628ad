"""NP508: replicas of a StatefulSet that may not reach each other."""

from __future__ import annotations

from collections.abc import Iterator

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.connectivity.network import Network
from netpol_lint.findings import Problem, Related
from netpol_lint.findings.wording import listed, policy_text, workload_text
from netpol_lint.needs import replicas
from netpol_lint.needs.blocking import blocked, shows_all_policies
from netpol_lint.resources.policy import Direction, NetworkPolicy
from netpol_lint.resources.workload import Workload


def check(cluster: Cluster) -> Iterator[Problem]:
    for need in replicas.needs(cluster):
        workload = need.source
        assert isinstance(workload, Workload)
        if not all(shows_all_policies(cluster, workload, direction) for direction in Direction):
            continue
        network = Network.of(cluster)
        pod = network.pods[workload.id]
        found = blocked(network, need, (pod,), (pod,))
        if found and found.ports == need.ports and not _is_one_sided(cluster, workload):
            policies = _deciding(cluster, workload, bool(found.by_destination), bool(found.by_source))
            message = (
                f"the replicas of {workload_text(workload)} may not reach each other: {need.shown_by}, but no"
                f" rule of {listed([policy_text(policy) for policy in policies])} lets one call another on its ports"
            )
            yield Problem(message, workload.meta.at, workload.meta.ref, (Related(need.shown_by, need.at),))


def _is_one_sided(cluster: Cluster, workload: Workload) -> bool:
    """Whether a peer that one side alone admits means these replicas and others together, as NP406 says of it."""
    from netpol_lint.connectivity.one_sided import one_sided

    return any(workload in found.pods and workload in found.others for found in one_sided(cluster))


def _deciding(cluster: Cluster, workload: Workload, entering: bool, leaving: bool) -> tuple[NetworkPolicy, ...]:
    ingress = cluster.policies_over(workload, Direction.INGRESS) if entering else ()
    egress = cluster.policies_over(workload, Direction.EGRESS) if leaving else ()
    return tuple(dict.fromkeys((*ingress, *egress)))
