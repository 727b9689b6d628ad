"""NP405: a port of a Service that no policy opens to anybody."""

from __future__ import annotations

from collections.abc import Iterator

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.listening import target_on
from netpol_lint.connectivity.closed_services import ClosedService, closed_services
from netpol_lint.connectivity.unreachable import UnreachablePort
from netpol_lint.findings import Problem, Related
from netpol_lint.findings.port_wording import pods_text
from netpol_lint.findings.wording import listed, policy_text
from netpol_lint.needs.blocked_scrapes import is_told_as_target

_MOST_RELATED = 10


def check(cluster: Cluster) -> Iterator[Problem]:
    for found in closed_services(cluster):
        closed = found._replace(ports=tuple(one for one in found.ports if not _is_scraped(cluster, one)))
        if closed.ports:
            yield Problem(_message(closed), closed.service.meta.at, closed.service.meta.ref, tuple(_related(closed)))


def _is_scraped(cluster: Cluster, port: UnreachablePort) -> bool:
    """Whether it is there for Prometheus, which NP505 says cannot reach it."""
    return all(is_told_as_target(cluster, pod, number) for pod in port.pods for number in target_on(pod, port.port))


def _message(closed: ClosedService) -> str:
    namespace, name = closed.service.meta.namespace, closed.service.meta.name
    ports = listed([f"{one.port.protocol.value} {one.port.port}" for one in closed.ports])
    policies = listed(dict.fromkeys(policy_text(policy) for one in closed.ports for policy in one.policies))
    targets = listed(
        dict.fromkeys(f"{one.port.protocol.value} {number}" for one in closed.ports for number in one.targets)
    )
    pods = pods_text(closed.ports[0].pods, namespace)
    let = "let" if " and " in policies else "lets"
    return f"nothing can call Service {namespace}/{name} on {ports}: {policies} {let} nobody reach {pods} on {targets}"


def _related(closed: ClosedService) -> Iterator[Related]:
    seen = {id(policy): policy for one in closed.ports for policy in one.policies}
    for policy in list(seen.values())[:_MOST_RELATED]:
        yield Related("a policy that isolates its pods", policy.meta.at)
    yield from (Related("a port that nobody can open", one.port.target_at) for one in closed.ports[:_MOST_RELATED])
    for other in closed.others[:_MOST_RELATED]:
        yield Related(f"Service {other.meta.name} leads to the same ports", other.meta.at)
