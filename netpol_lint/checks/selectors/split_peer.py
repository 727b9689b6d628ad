"""NP108: one peer written as two: "and" that a dash turned into "or"."""

from __future__ import annotations

from collections.abc import Iterator

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.diagnosis import diagnoses
from netpol_lint.cluster.split_peers import SplitPeer
from netpol_lint.findings import NO_FIX, REMOVED, Change, Edit, Fix, Problem, Related
from netpol_lint.findings.wording import listed, policy_text, selector_text, workload_text
from netpol_lint.resources.policy import Direction, NetworkPolicy, PodPeer
from netpol_lint.source.location import Location, Span


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
    """Takes the second dash away, which is where it stands in a block list with both items on lines of their own."""
    peers = cause.rule.peers
    assert isinstance(peers, tuple)
    one, other = peers[cause.first], peers[cause.first + 1]
    line, column = other.at.span.line, other.at.span.column
    if one.at.span.line == line or one.at.span.column != column or column < 3:
        return NO_FIX
    into, gone = one.at.pointer, other.at.pointer
    assert isinstance(other, PodPeer)
    key, selector = ("podSelector", cause.pods) if other is cause.pod_peer else ("namespaceSelector", cause.namespaces)
    changes = (
        Change(Location(one.at.path, one.at.span, f"{into}/{key}"), selector.as_data()),
        Change(Location(other.at.path, other.at.span, gone), REMOVED),
    )
    dash = Span(line, column - 2, line, column - 1)
    return Fix("join the two peers", False, (Edit(other.at.path, dash, " "),), changes)
