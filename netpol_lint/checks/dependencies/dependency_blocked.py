"""NP503: a Service that a workload names and cannot reach."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.findings import Problem, Related
from netpol_lint.findings.port_wording import service_text
from netpol_lint.findings.wording import listed, workload_text
from netpol_lint.needs.blocked_references import BlockedReference, blocked_references
from netpol_lint.resources.policy import NetworkPolicy

_MOST_RELATED = 10


def check(cluster: Cluster) -> Iterator[Problem]:
    for found in blocked_references(cluster):
        first, *also = (reference.told for reference in found.references)
        source = found.source.meta.ref
        detail = f"{source} {found.service.meta.ref}"
        related = (
            *(Related(f"{one.source} names it too", one.at) for one in also if one.at != first.at),
            Related("the Service", found.service.meta.at),
            *(Related(_role(found, policy), policy.meta.at) for policy in _policies(cluster, found)),
        )
        yield Problem(_message(found), first.at, source, related[:_MOST_RELATED], detail=detail)


def _message(found: BlockedReference) -> str:
    source = workload_text(found.source)
    service = service_text(found.service, found.source.namespace)
    out = f"no rule of {_names(found.leaving)} lets it out" if found.leaving else ""
    into = f"no rule of {_names(found.entering)} lets it in" if found.entering else ""
    why = " and ".join(filter(None, (out, into)))
    return f"{source} cannot reach {service} on {_numbers(found)}, which {found.references[0].told.source} names: {why}"


def _numbers(found: BlockedReference) -> str:
    spans = (
        f"{one.protocol} {one.first}" + (f"-{one.last}" if one.last > one.first else "")
        for one in found.ports.port_spans()
    )
    return listed(spans)


def _names(policies: tuple[str, ...]) -> str:
    return listed([f"policy {name}" for name in policies], "or")


def _policies(cluster: Cluster, found: BlockedReference) -> Iterator[NetworkPolicy]:
    by_name = cluster.once(_by_name)
    wanted = sorted(place for name in {*found.leaving, *found.entering} for place in by_name.get(name, ()))
    return (cluster.policies[place] for place in wanted)


def _by_name(cluster: Cluster) -> Mapping[str, list[int]]:
    """The places of policies."""
    found: dict[str, list[int]] = {}
    for place, policy in enumerate(cluster.policies):
        found.setdefault(f"{policy.meta.namespace}/{policy.meta.name}", []).append(place)
    return found


def _role(found: BlockedReference, policy: NetworkPolicy) -> str:
    is_leaving = f"{policy.meta.namespace}/{policy.meta.name}" in found.leaving
    return f"a policy over the pods {'that call' if is_leaving else 'of the Service'}"
