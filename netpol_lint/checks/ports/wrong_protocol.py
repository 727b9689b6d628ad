"""NP404: a port with another protocol than the one on which the pods listen."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.port_troubles import OtherProtocol, Trouble, port_troubles
from netpol_lint.findings import NO_FIX, Problem, Related
from netpol_lint.findings.port_fixes import with_protocol
from netpol_lint.findings.port_wording import admits_text, pods_text
from netpol_lint.findings.wording import listed, port_text

_MOST_RELATED = 10


def check(cluster: Cluster) -> Iterator[Problem]:
    for trouble in port_troubles(cluster):
        cause = trouble.cause
        if isinstance(cause, OtherProtocol):
            fix = with_protocol(trouble.entry, cause.protocols[0]) if len(cause.protocols) == 1 else NO_FIX
            place = trouble.entry.protocol_at if trouble.entry.protocol_written else trouble.entry.at
            yield Problem(
                _message(trouble, cause), place, trouble.policy.meta.ref, tuple(_related(trouble, cause.number)), fix
            )


def _related(trouble: Trouble, number: int) -> Iterator[Related]:
    for declared in islice(trouble.pods.declared(number), _MOST_RELATED):
        yield Related(f"a container port with protocol {declared.protocol.value}", declared.at)
    for service, port in trouble.pods.exposed[:_MOST_RELATED]:
        if number in trouble.pods.targets(port):
            yield Related(f"a port of Service {service.meta.name} with protocol {port.protocol.value}", port.at)


def _message(trouble: Trouble, cause: OtherProtocol) -> str:
    policy, rule, entry, pods, _ = trouble
    listen = "listens" if len(pods.workloads) == 1 else "listen"
    protocols = listed([protocol.value for protocol in cause.protocols])
    why = "" if entry.protocol_written else ", which it is without a `protocol`"
    return (
        f"{admits_text(policy, rule)} {port_text(entry)}{why}, but {pods_text(pods.workloads, policy.meta.namespace)}"
        f" {listen} on port {cause.number} with {protocols}, so it opens nothing"
    )
