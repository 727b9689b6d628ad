"""NP401: a port that no selected container declares."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.port_troubles import Trouble, Undeclared, port_troubles
from netpol_lint.findings import Problem, Related
from netpol_lint.findings.port_wording import admits_text, pods_text, protocol_ports_text
from netpol_lint.findings.wording import port_text
from netpol_lint.resources.policy import PortRange
from netpol_lint.resources.workload import Workload

if TYPE_CHECKING:
    from netpol_lint.algebra.ports import PortSet

_MOST_RELATED = 10


def check(cluster: Cluster) -> Iterator[Problem]:
    for trouble in port_troubles(cluster):
        if isinstance(trouble.cause, Undeclared) and not _is_called(cluster, trouble):
            declared = [port for workload in trouble.pods.workloads for port in workload.ports]
            related = tuple(Related("a port that is declared", port.at) for port in declared[:_MOST_RELATED])
            yield Problem(_message(trouble), trouble.entry.at, trouble.policy.meta.ref, related)


def _is_called(cluster: Cluster, trouble: Trouble) -> bool:
    """Whether a client of the unit names the pods with this very port, as one may behind a headless Service."""
    entry = trouble.entry
    if not isinstance(entry.target, PortRange):
        return False
    from netpol_lint.algebra.ports import NO_PORT, ports

    wanted = ports(entry.protocol.value, entry.target.first, entry.target.last)
    called = cluster.once(_called)
    return any(called.get(workload.id, NO_PORT) & wanted for workload in trouble.pods.workloads)


def _called(cluster: Cluster) -> Mapping[str, PortSet]:
    """By workload the ports that something of the unit needs on its pods."""
    from netpol_lint.algebra.ports import NO_PORT
    from netpol_lint.needs import needs_of  # half of the program, for few findings

    found: dict[str, PortSet] = {}
    for need in needs_of(cluster):
        if isinstance(need.destination, Workload):
            found[need.destination.id] = found.get(need.destination.id, NO_PORT) | need.ports
    return found


def _message(trouble: Trouble) -> str:
    policy, rule, entry, pods, _ = trouble
    declare = "declares" if len(pods.workloads) == 1 else "declare"
    known = sorted(pods.ports, key=lambda port: (port[1], port[0].value))
    return (
        f"{admits_text(policy, rule)} {port_text(entry)}, on which no selected pod is known to listen:"
        f" {pods_text(pods.workloads, policy.meta.namespace)} {declare} {protocol_ports_text(known)}"
    )
