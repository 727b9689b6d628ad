"""NP105: a selector that would match in exactly one other namespace."""

from __future__ import annotations

from collections.abc import Iterator

from netpol_lint.cluster.cluster import Cluster, peers_of
from netpol_lint.cluster.diagnosis import by_text
from netpol_lint.cluster.wrong_namespace import InOtherNamespace
from netpol_lint.findings import NO_FIX, Fix, Problem, Related
from netpol_lint.findings.edits import for_all_places
from netpol_lint.findings.insertions import Key, Style, before_key
from netpol_lint.findings.wording import listed, selector_text, workload_text
from netpol_lint.resources.namespace import NAME_LABEL
from netpol_lint.resources.policy import NetworkPolicy, PodPeer
from netpol_lint.resources.selectors import LabelSelector


def check(cluster: Cluster) -> Iterator[Problem]:
    for same in by_text(cluster, InOtherNamespace, lambda cause: (cause.selector.at, cause.namespace)):
        (policy, effect, _), cause = same[0]
        related = tuple(
            Related(f"{workload_text(w)} is in namespace {w.namespace}", w.meta.at) for w in cause.pods[:10]
        )
        message = f"{effect}: {_reason(policy, cause)}"
        fix = for_all_places([_fix(diagnosis.policy, each) for diagnosis, each in same])
        yield Problem(message, cause.selector.at, policy.meta.ref, related, fix)


def _fix(policy: NetworkPolicy, cause: InOtherNamespace) -> Fix:
    """Gives the peer a `namespaceSelector`; a policy in the wrong namespace has other remedies."""
    peers = (peer for _, _, _, peer in peers_of(policy) if isinstance(peer, PodPeer))
    return next((_with_namespace(peer, cause) for peer in peers if peer.pods is cause.selector), NO_FIX)


def _with_namespace(peer: PodPeer, cause: InOtherNamespace) -> Fix:
    at = cause.selector.at
    if peer.in_braces == (at.span[:2] == peer.whole[:2]):  # in block style it begins with the key
        return NO_FIX
    key = Key("podSelector", at, peer.in_braces, begins_line=at.span.line > peer.whole.line)
    value = {"matchLabels": {NAME_LABEL: cause.namespace}}
    return before_key(key, "namespaceSelector", value, _style(cause.selector), f"look in namespace {cause.namespace}")


def _style(selector: LabelSelector) -> Style:
    """That of the `podSelector`."""
    first = selector.placed[0]
    line, column = selector.at.span[:2]
    if first.key_at.span.line == line:
        return Style(in_braces=True)
    has_steps = first.is_match_label and not first.in_flow
    return Style(step=max((first.key_at.span.column - column) // 2, 1)) if has_steps else Style()


def _reason(policy: NetworkPolicy, cause: InOtherNamespace) -> str:
    own, wanted = policy.meta.namespace, selector_text(cause.selector)
    if not cause.is_subject:
        pods = listed([workload_text(w) for w in cause.pods]) or "the cluster's DNS"
        are = "are" if len(cause.pods) > 1 else "is"
        return (
            f"without a namespaceSelector {wanted} means pods of the policy's own namespace {own}, and {pods}"
            f" {are} in namespace {cause.namespace}"
        )
    pods = listed([workload_text(w) for w in cause.pods])
    have = "have" if len(cause.pods) > 1 else "has"
    given = "its namespace" if policy.meta.namespace_declared else "the namespace of objects that name none"
    return f"no pod in namespace {own}, {given}, has {wanted}; {pods} in namespace {cause.namespace} {have} it"
