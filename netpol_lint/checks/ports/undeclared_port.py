"""NP401: a port that no selected container declares."""

from __future__ import annotations

from collections.abc import Iterator

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.port_troubles import Trouble, Undeclared, port_troubles
from netpol_lint.findings import Problem, Related
from netpol_lint.findings.port_wording import admits_text, pods_text, protocol_ports_text
from netpol_lint.findings.wording import port_text

_MOST_RELATED = 10


def check(cluster: Cluster) -> Iterator[Problem]:
    for trouble in port_troubles(cluster):
        if isinstance(trouble.cause, Undeclared):
            declared = [port for workload in trouble.pods.workloads for port in workload.ports]
            related = tuple(Related("a port that is declared", port.at) for port in declared[:_MOST_RELATED])
            yield Problem(_message(trouble), trouble.entry.at, trouble.policy.meta.ref, related)


def _message(trouble: Trouble) -> str:
    policy, rule, entry, pods, _ = trouble
    declare = "declares" if len(pods.workloads) == 1 else "declare"
    ports = sorted(pods.ports, key=lambda port: (port[1], port[0].value))
    return (
        f"{admits_text(policy, rule)} {port_text(entry)}, on which no selected pod is known to listen:"
        f" {pods_text(pods.workloads, policy.meta.namespace)} {declare} {protocol_ports_text(ports)}"
    )
