"""NP501: pods that must resolve names and cannot."""

from __future__ import annotations

from collections.abc import Iterator

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.findings import Problem, Related
from netpol_lint.findings.wording import listed, policy_text, workload_text
from netpol_lint.needs.dns_pods import ForeignLabel, foreign_labels
from netpol_lint.needs.without_dns import WithoutDns, without_dns

_MOST_RELATED = 10


def check(cluster: Cluster) -> Iterator[Problem]:
    for found in without_dns(cluster):
        first = found.workloads[0].meta
        over = {id(policy) for policy in found.policies}
        foreign = [label for label in cluster.once(foreign_labels) if id(label.policy) in over]
        related = (
            Related(found.needs[0].shown_by, found.needs[0].at),
            *(Related(_foreign(label), label.peer.at) for label in foreign),
            *(Related("a policy that denies the rest", policy.meta.at) for policy in found.policies),
            *(Related(need.shown_by, need.at) for need in found.needs[1:]),
        )
        yield Problem(_message(found), first.at, first.ref, related[:_MOST_RELATED])


def _foreign(label: ForeignLabel) -> str:
    return f"this peer asks for {label.key}={label.value} too, which the pods of cluster DNS do not carry"


def _message(found: WithoutDns) -> str:
    pods = listed([workload_text(workload) for workload in found.workloads])
    policies = listed([policy_text(policy) for policy in found.policies], "or")
    port = "UDP 53, only on TCP 53" if found.has_tcp else "UDP 53"
    server = f"name server {listed(list(found.asked), 'or')}" if found.asked else "cluster DNS"
    if len(found.workloads) == 1:
        who = f"no rule of {policies} lets it ask {server} on {port}"
        return f"{pods} cannot resolve names: {who}, and {found.needs[0].shown_by}"
    first = workload_text(found.workloads[0])
    who = f"no rule of the policies over them lets them ask {server} on {port}"
    return f"{pods} cannot resolve names: {who}, and for {first} {found.needs[0].shown_by}"
