"""NP205: a policy selects, or a peer means, a hostNetwork pod."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.host_network import host_network_peers, host_network_subjects
from netpol_lint.findings import Problem, Related
from netpol_lint.findings.wording import listed, policy_text, workload_text
from netpol_lint.resources.policy import Direction
from netpol_lint.resources.workload import Workload

_MOST_RELATED = 10


def check(cluster: Cluster) -> Iterator[Problem]:
    for policy, pods, alone in host_network_subjects(cluster):
        names = listed([workload_text(workload) for workload in pods])
        effect = f"isolates no pod: it selects only {names}" if alone else f"does not isolate {names}, which it selects"
        message = f"{policy_text(policy)} {effect}; policies do not apply to hostNetwork pods"
        yield Problem(message, policy.pod_selector.at, policy.meta.ref, tuple(_related(pods)))
    for policy, direction, peer, pods in host_network_peers(cluster):
        names = listed([workload_text(workload, outside=policy.meta.namespace) for workload in pods])
        end = "from" if direction is Direction.INGRESS else "to"
        message = (
            f"{policy_text(policy)} admits no traffic {end} {names} by this peer: a hostNetwork pod has the address of"
            f" its node, which no selector matches"
        )
        yield Problem(message, peer.at, policy.meta.ref, tuple(_related(pods)))


def _related(pods: Iterable[Workload]) -> Iterator[Related]:
    for workload in list(pods)[:_MOST_RELATED]:
        yield Related(f"{workload_text(workload)} uses its node's network", workload.host_network_at)
