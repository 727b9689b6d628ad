"""NP403: a port name that no container defines, or with another protocol."""

from __future__ import annotations

from collections.abc import Iterator

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.port_troubles import Trouble, UnresolvedName, port_troubles
from netpol_lint.findings import NO_FIX, Fix, Problem, Related
from netpol_lint.findings.port_fixes import with_name, with_number, with_protocol
from netpol_lint.findings.port_wording import admits_text, pods_text, service_text
from netpol_lint.findings.wording import listed, port_text
from netpol_lint.resources.policy import Direction

_MOST_RELATED = 10


def check(cluster: Cluster) -> Iterator[Problem]:
    for trouble in port_troubles(cluster):
        cause = trouble.cause
        if isinstance(cause, UnresolvedName):
            message = f"{_effect(trouble)}: {_why(trouble, cause)}"
            related = tuple(_related(trouble, cause))[:_MOST_RELATED]
            yield Problem(message, trouble.entry.at, trouble.policy.meta.ref, related, _fix(trouble, cause))


def _effect(trouble: Trouble) -> str:
    if trouble.rule.direction is Direction.INGRESS:
        return f"{admits_text(trouble.policy, trouble.rule)} no traffic on {port_text(trouble.entry)}"
    return f"{admits_text(trouble.policy, trouble.rule)} nothing on {port_text(trouble.entry)}"


def _why(trouble: Trouble, cause: UnresolvedName) -> str:
    own = trouble.policy.meta.namespace
    pods = pods_text(trouble.pods.workloads, own) or "any pod"
    if cause.protocols:
        protocols = listed([protocol.value for protocol in cause.protocols])
        return f"port {cause.name} of {pods} is {protocols}"
    lacking = f"no container of {pods} has a port of this name"
    if cause.meant:
        return f"{lacking}; there is {listed(cause.meant, 'or')}"
    if cause.services:
        services = listed(dict.fromkeys(service_text(one.service, own) for one in cause.services))
        return f"{lacking}; {services} calls its own port so, which policies do not see"
    return lacking


def _related(trouble: Trouble, cause: UnresolvedName) -> Iterator[Related]:
    names = cause.meant or (cause.name,)
    for workload in trouble.pods.workloads:
        for port in workload.ports:
            if port.name in names:
                yield Related(f"port {port.name} is {port.protocol.value} {port.port}", port.at)
    for one in cause.services:
        yield Related(f"port {one.port.name} of the Service leads to {one.port.target}", one.port.at)


def _fix(trouble: Trouble, cause: UnresolvedName) -> Fix:
    if len(cause.protocols) == 1:
        return with_protocol(trouble.entry, cause.protocols[0])
    if len(cause.meant) == 1:
        return with_name(trouble.entry, cause.meant[0])
    targets = {number for one in cause.services for number in trouble.pods.targets(one.port)}
    if targets and not cause.meant and not cause.protocols:
        return with_number(trouble.entry, min(targets)) if len(targets) == 1 else NO_FIX
    return NO_FIX
