"""Who resolves names, and the text that shows it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Final

from netpol_lint.algebra.ports import ports
from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.listening import exposed
from netpol_lint.findings.wording import policy_text, workload_text
from netpol_lint.needs.dns_pods import PORT
from netpol_lint.needs.need import Need, Party, Reason, Role, Sureness
from netpol_lint.needs.references import Reference, references
from netpol_lint.needs.resolvers import asked_by
from netpol_lint.needs.service_names import Named
from netpol_lint.resources.policy import Direction, IPBlock, NetworkPolicy, Peer
from netpol_lint.resources.workload import Workload

_ASKED: Final = ports("UDP", PORT, PORT)


def needs(cluster: Cluster) -> Iterator[Need]:
    """For each workload that must resolve names: cluster DNS, or the name servers that it is given.

    It must if its containers are told a host by name; and it likely does if a policy lets it out to pods behind a
    Service, whose own addresses nobody knows. Only cluster DNS knows the names of Services.
    """
    told = cluster.once(_by_name)
    for workload in cluster.workloads:
        for asked in asked_by(workload):
            if workload.id in told:
                yield _of_text(workload, asked, told[workload.id])
            elif asked is Role.DNS:
                yield from islice(_of_policies(cluster, workload), 1)


def _of_text(workload: Workload, asked: Party, reference: Reference) -> Need:
    at, about = reference.told.at, reference.told.about
    return Need(Reason.DNS, workload, asked, _ASKED, at, _shown_by(reference), about, reference.sureness)


def _of_policies(cluster: Cluster, workload: Workload) -> Iterator[Need]:
    """For each peer in its policies that means other pods behind a Service."""
    for policy in cluster.policies_over(workload, Direction.EGRESS):
        for peer, behind in cluster.once(_to_services).get(id(policy), ()):
            for other in islice((one for one in behind if one.id != workload.id), 1):
                name = workload_text(other, outside=workload.namespace)
                shown_by = f"{policy_text(policy)} lets it call {name}, which is found by the name of its Service"
                yield Need(Reason.DNS, workload, Role.DNS, _ASKED, peer.at, shown_by, policy.meta, Sureness.LIKELY)


def _by_name(cluster: Cluster) -> Mapping[str, Reference]:
    """By workload: the first host that it is told by name."""
    found: dict[str, Reference] = {}
    for reference in references(cluster):
        if reference.by_name and not reference.written.in_file:
            found.setdefault(reference.workload.id, reference)
    for reference in references(cluster):
        if isinstance(reference.meaning, Named):
            found.setdefault(reference.workload.id, reference)
    return found


def _shown_by(reference: Reference) -> str:
    source, meaning = reference.told.source, reference.meaning
    if isinstance(meaning, Named):
        return f"{source} names Service {meaning.service.meta.namespace}/{meaning.service.meta.name}"
    return f"{source} names a host" if reference.told.secret else f"{source} names host {reference.written.host}"


def _to_services(cluster: Cluster) -> Mapping[int, tuple[tuple[Peer, tuple[Workload, ...]], ...]]:
    """By policy: the peers of its egress rules that mean pods behind a Service, with those pods."""
    return {id(policy): tuple(_peers(cluster, policy)) for policy in cluster.policies}


def _peers(cluster: Cluster, policy: NetworkPolicy) -> Iterator[tuple[Peer, tuple[Workload, ...]]]:
    for rule in policy.rules(Direction.EGRESS):
        for peer in rule.peers if isinstance(rule.peers, tuple) else ():
            if not isinstance(peer, IPBlock):
                behind = tuple(w for w in cluster.peer_pods(policy, peer).certain if exposed(cluster, w))
                if behind:
                    yield peer, behind[:2]
