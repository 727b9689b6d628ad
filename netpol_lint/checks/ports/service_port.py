"""NP402: the port of a Service where the port of its pods is meant."""

from __future__ import annotations

from collections.abc import Iterator

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.port_troubles import ServicePortMeant, Trouble, port_troubles
from netpol_lint.findings import NO_FIX, Problem, Related
from netpol_lint.findings.port_fixes import with_number
from netpol_lint.findings.port_wording import admits_text, pods_text, service_text
from netpol_lint.findings.wording import listed, port_text

_MOST_RELATED = 10


def check(cluster: Cluster) -> Iterator[Problem]:
    for trouble in port_troubles(cluster):
        cause = trouble.cause
        if isinstance(cause, ServicePortMeant):
            related = tuple(
                Related(f"port {one.port.port} of the Service leads to {one.port.target}", one.port.at)
                for one in cause.services[:_MOST_RELATED]
            )
            fix = with_number(trouble.entry, cause.targets[0]) if len(cause.targets) == 1 else NO_FIX
            yield Problem(_message(trouble, cause), trouble.entry.at, trouble.policy.meta.ref, related, fix)


def _message(trouble: Trouble, cause: ServicePortMeant) -> str:
    policy, rule, entry, pods, _ = trouble
    own = policy.meta.namespace
    services = listed(dict.fromkeys(service_text(one.service, own) for one in cause.services))
    targets = listed([f"{entry.protocol.value} {number}" for number in cause.targets], "or")
    listen = "listens" if len(pods.workloads) == 1 else "listen"
    return (
        f"{admits_text(policy, rule)} {port_text(entry)}, the port of {services}, but policies see the port of the"
        f" pods: {pods_text(pods.workloads, own)} {listen} on {targets}, so it opens nothing"
    )
