"""NP502: cluster DNS open over UDP alone."""

from __future__ import annotations

from collections.abc import Iterator

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.findings import NO_FIX, Fix, Problem, Related
from netpol_lint.findings.insertions import together
from netpol_lint.findings.port_fixes import with_port_beside
from netpol_lint.findings.wording import listed, object_text, workload_text
from netpol_lint.needs.cluster_dns import servers
from netpol_lint.needs.without_dns import UdpOnly, udp_only
from netpol_lint.resources.policy import EveryPort, PortRange, Protocol, Rule

_MOST_RELATED = 10


def check(cluster: Cluster) -> Iterator[Problem]:
    for found in udp_only(cluster):
        first = found.workloads[0].meta
        pods = listed([workload_text(workload) for workload in found.workloads])
        policies = listed([object_text(policy.meta.ref) for policy in found.policies])
        lets = "lets" if len(found.policies) == 1 else "let"
        message = (
            f"{policies} {lets} {pods} ask cluster DNS over UDP alone: an answer that does not fit into one packet is"
            " asked for again over TCP, which no rule opens"
        )
        related = tuple(Related("a policy that opens UDP", policy.meta.at) for policy in found.policies[:_MOST_RELATED])
        yield Problem(message, first.at, first.ref, related, _fix(cluster, found))


def _fix(cluster: Cluster, found: UdpOnly) -> Fix:
    """Opens TCP beside the ports for UDP, where one rule is for cluster DNS and names them."""
    rule = found.rules[0]
    if len(found.rules) != 1 or not isinstance(rule, Rule) or isinstance(rule.ports, EveryPort):
        return NO_FIX
    known = {PortRange(server.port, server.port) for server in cluster.once(servers)}
    entries = [e for e in rule.ports if e.protocol is Protocol.UDP and e.target in known]
    fixes = [with_port_beside(rule, entry, Protocol.TCP) for entry in entries]
    return together(fixes, listed([fix.description for fix in fixes]))
