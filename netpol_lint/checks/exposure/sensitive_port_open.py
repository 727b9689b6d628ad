"""NP306: a port of a database or the like that is open to those whom nobody chose."""

from __future__ import annotations

from collections.abc import Iterator

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.connectivity.sensitive import SensitiveOpening, sensitive_openings
from netpol_lint.findings import Problem, Related
from netpol_lint.findings.rule_wording import blocks_text, pods_text
from netpol_lint.findings.wording import having_text, listed, policy_text, workload_text
from netpol_lint.resources.policy import IPBlock, Peer, SameNamespace


def check(cluster: Cluster) -> Iterator[Problem]:
    for opening in sensitive_openings(cluster):
        policy, _, peers, at, pods, ports = opening
        names = listed([f"TCP {port.number} ({port.name})" for port in ports])
        message = f"{policy_text(policy)} lets {_whom(opening)} reach {pods_text(pods)} on {names}: {ports[0].reason}"
        related = [Related("likewise", peer.at) for peer in peers[1:]]
        related += [Related(f"{workload_text(workload)} is reached", workload.meta.at) for workload in pods[:10]]
        yield Problem(message, at, policy.meta.ref, tuple(related))


def _whom(opening: SensitiveOpening) -> str:
    if not opening.peers:
        return "every pod of the cluster and every address outside"
    return listed([_peer_text(peer) for peer in opening.peers])


def _peer_text(peer: Peer) -> str:
    if isinstance(peer, IPBlock):
        return blocks_text((peer,))
    if isinstance(peer.namespaces, SameNamespace) or peer.namespaces.selects_everything:
        return "every pod of every namespace"
    return f"every pod of every namespace that {having_text(peer.namespaces)}"
