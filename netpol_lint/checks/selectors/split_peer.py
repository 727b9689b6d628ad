"""NP108: one peer written as two: "and" that a dash turned into "or"."""

from __future__ import annotations

from collections.abc import Iterator

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.diagnosis import diagnoses
from netpol_lint.cluster.split_peers import SplitPeer
from netpol_lint.findings import Fix, Problem, Related
from netpol_lint.findings.joins import Item, joined
from netpol_lint.findings.wording import listed, policy_text, selector_text, workload_text
from netpol_lint.resources.policy import Direction, IPBlock, NetworkPolicy


def check(cluster: Cluster) -> Iterator[Problem]:
    for policy, _, cause in diagnoses(cluster).peers:
        if isinstance(cause, SplitPeer):
            related = [Related("the peer it was meant to narrow", cause.namespaces.at)]
            related += [Related("a pod that the two mean as one peer", w.meta.at) for w in cause.picked.certain[:10]]
            yield Problem(_message(policy, cause), cause.pod_peer.at, policy.meta.ref, tuple(related), _fix(cause))


def _message(policy: NetworkPolicy, cause: SplitPeer) -> str:
    end = "from" if cause.rule.direction is Direction.INGRESS else "to"
    namespaces = selector_text(cause.namespaces)
    where = f"every pod of the namespaces with {namespaces}" if namespaces else "every pod of every namespace"
    pods = selector_text(cause.pods)
    own = policy.meta.namespace
    local = listed([workload_text(w) for w in cause.local.certain])
    also = (
        f"{local} of its own namespace {own}"
        if local
        else f"pods with {pods} of its own namespace {own}, which has none"
    )
    narrowed = f"{pods} in those namespaces" if namespaces else f"{pods} in any namespace"
    return (
        f"{policy_text(policy)} admits traffic {end} {where}, and {end} {also}; the dash makes two peers of what reads"
        f" as one ({narrowed})"
    )


def _fix(cause: SplitPeer) -> Fix:
    peers = cause.rule.peers
    assert isinstance(peers, tuple)
    one, other = peers[cause.first], peers[cause.first + 1]
    assert not isinstance(one, IPBlock)
    assert not isinstance(other, IPBlock)
    key = "podSelector" if other is cause.pod_peer else "namespaceSelector"
    return joined(Item(one.at, one.whole), Item(other.at, other.whole), (key,), "join the two peers")
