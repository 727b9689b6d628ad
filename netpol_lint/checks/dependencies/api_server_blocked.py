"""NP507: pods that call the API server and may not."""

from __future__ import annotations

from collections.abc import Iterator

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.connectivity.network import Network
from netpol_lint.findings import Problem, Related
from netpol_lint.findings.wording import listed, policy_text, workload_text
from netpol_lint.needs import accounts
from netpol_lint.needs.blocking import blocked, shows_all_policies
from netpol_lint.needs.reaching import api_server
from netpol_lint.resources.policy import Direction
from netpol_lint.resources.workload import Workload


def check(cluster: Cluster) -> Iterator[Problem]:
    for need in accounts.needs(cluster):
        workload = need.source
        assert isinstance(workload, Workload)
        policies = cluster.policies_over(workload, Direction.EGRESS)
        if not policies or not shows_all_policies(cluster, workload, Direction.EGRESS):
            continue
        network = Network.of(cluster)
        if blocked(network, need, (network.pods[workload.id],), api_server(network, workload)).ports == need.ports:
            message = (
                f"{workload_text(workload)} cannot call the API server: {need.shown_by}, but no"
                f" rule of {listed([policy_text(policy) for policy in policies])} lets it out on TCP 443 or 6443"
            )
            related = (Related(need.shown_by, need.at),)
            yield Problem(message, workload.meta.at, workload.meta.ref, related)
