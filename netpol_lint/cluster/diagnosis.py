"""Why a selector picks nothing: the one cause that a finding names, so that no defect is reported twice.

Absence proves something only in namespaces whose pods the unit shows; a near miss is named in any case.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple, TypeAlias

from netpol_lint.algebra.labels import Operator, Requirement
from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.near import Nearness, key_nearness, nearness
from netpol_lint.cluster.selection import is_run_time_key
from netpol_lint.cluster.split_peers import SplitPeer, split_of
from netpol_lint.resources.metadata import as_mapping
from netpol_lint.resources.namespace import NAME_LABEL, Namespace
from netpol_lint.resources.policy import AnyPod, IPBlock, NetworkPolicy, Peer, Rule, SameNamespace
from netpol_lint.resources.selectors import LabelSelector, PlacedRequirement
from netpol_lint.resources.workload import Workload
from netpol_lint.source.location import Location


class Matched(NamedTuple):
    """It picks something, or may."""


class Unproven(NamedTuple):
    """It picks nothing that the unit shows, which proves nothing."""


class Contradictory(NamedTuple):
    """No label set satisfies it (NP107)."""

    selector: LabelSelector


class Misspelt(NamedTuple):
    """Another key or value would pick something (NP103)."""

    at: Location
    """The key or value to change; the key where the value would have to move under another key."""
    part: str
    """`key` or `value`."""
    written: str
    meant: str
    pods: tuple[Workload, ...]
    namespaces: tuple[Namespace, ...]
    """What the corrected selector picks: pods, or namespaces for a `namespaceSelector`."""
    unique: bool
    """Whether nothing else is as near."""


class OnController(NamedTuple):
    """It matches the controllers' own labels, not those of their pods (NP104)."""

    selector: LabelSelector
    controllers: tuple[Workload, ...]


class InOtherNamespace(NamedTuple):
    """It would pick pods in exactly one other namespace (NP105)."""

    selector: LabelSelector
    namespace: str
    pods: tuple[Workload, ...]


class NamespaceNameLabel(NamedTuple):
    """It asks for the namespace's name under a label the namespace does not carry (NP106)."""

    placed: PlacedRequirement
    namespace: Namespace


class Unmatched(NamedTuple):
    """It picks nothing, and nothing explains why (NP101, NP102)."""

    selector: LabelSelector


Cause: TypeAlias = (
    Matched
    | Unproven
    | Contradictory
    | Misspelt
    | OnController
    | InOtherNamespace
    | NamespaceNameLabel
    | SplitPeer
    | Unmatched
)

MATCHED: Final = Matched()
UNPROVEN: Final = Unproven()

_NAME_KEYS: Final = frozenset(
    ("name", "namespace", "ns", "kubernetes.io/name", "metadata.name", "k8s.io/metadata.name", "namespace-name")
)


def diagnose_subject(cluster: Cluster, policy: NetworkPolicy) -> Cause:
    """Why a policy's `podSelector` picks no pod."""
    selector, namespace = policy.pod_selector, policy.meta.namespace
    if not selector.selector.satisfiable():
        return Contradictory(selector)
    if selector.selects_everything or cluster.matching(namespace, selector):
        return MATCHED
    shown = cluster.shows_pods(namespace)
    return _explain(cluster, (namespace,), selector, proven=shown or _is_stray(cluster, namespace))


def diagnose_peer(cluster: Cluster, policy: NetworkPolicy, rule: Rule, peer: Peer) -> Cause:
    """Why a peer picks no pod. Address blocks always pick something: addresses are outside."""
    if isinstance(peer, IPBlock):
        return MATCHED
    split = split_of(cluster, policy, rule, peer)
    if split:
        return split[0]
    if not isinstance(peer.namespaces, SameNamespace):
        cause = _diagnose_namespaces(cluster, peer.namespaces)
        if not isinstance(cause, Matched):
            return cause
    if isinstance(peer.pods, AnyPod):
        return MATCHED
    if not peer.pods.selector.satisfiable():
        return Contradictory(peer.pods)
    if cluster.peer_pods(policy, peer):
        return MATCHED
    names = cluster.peer_namespaces(policy, peer)
    open_ended = not isinstance(peer.namespaces, SameNamespace) and peer.namespaces.selects_everything
    proven = not open_ended and all(cluster.shows_pods(name) for name in names)
    cause = _explain(cluster, names, peer.pods, proven=proven)
    if isinstance(cause, InOtherNamespace) and not isinstance(peer.namespaces, SameNamespace):
        return Unmatched(peer.pods)
    return cause


def diagnose_peers(cluster: Cluster, policy: NetworkPolicy) -> Iterator[tuple[Rule, Peer, Cause]]:
    """The causes of every peer of the rules that count, in source order."""
    for rules in (policy.ingress, policy.egress):
        for rule in rules.rules:
            if rule.direction in policy.types and isinstance(rule.peers, tuple):
                for peer in rule.peers:
                    yield rule, peer, diagnose_peer(cluster, policy, rule, peer)


def _diagnose_namespaces(cluster: Cluster, selector: LabelSelector) -> Cause:
    if not selector.selector.satisfiable():
        return Contradictory(selector)
    if cluster.namespaces_matching(selector):
        return MATCHED
    declared = [n for n in cluster.namespaces.values() if n.declared]
    for placed in selector.placed:
        for namespace in declared:
            if _asks_for_name(placed.requirement, namespace) and _only_failure(selector, placed, namespace.labels):
                return NamespaceNameLabel(placed, namespace)
    slip = _namespace_slip(cluster, selector)
    return slip[0] if slip else UNPROVEN


def _asks_for_name(requirement: Requirement, namespace: Namespace) -> bool:
    if requirement.operator is not Operator.IN or requirement.key == NAME_LABEL:
        return False
    by_name = requirement.key in _NAME_KEYS or nearness(requirement.key, NAME_LABEL) is not Nearness.FAR
    return by_name and namespace.name in requirement.values


def _is_stray(cluster: Cluster, namespace: str) -> bool:
    """Whether nothing but policies is in a namespace while the unit's pods are all in one other."""
    known = cluster.namespaces.get(namespace)
    if known is not None and known.declared:
        return False
    others = {workload.namespace for workload in cluster.workloads}
    services = {service.meta.namespace for service in cluster.services}
    return len(others) == 1 and namespace not in services


def _explain(cluster: Cluster, names: tuple[str, ...], selector: LabelSelector, *, proven: bool) -> Cause:
    scope = tuple(workload for name in names for workload in cluster.pods_in(name))
    controllers = tuple(
        w for w in scope if w.meta.ref.kind != "Pod" and selector.selector.matches(as_mapping(w.meta.labels))
    )
    if controllers:
        return OnController(selector, controllers)
    if proven:
        elsewhere = _elsewhere(cluster, names, selector)
        if elsewhere:
            return elsewhere[0]
    slip = _pod_slip(scope, selector)
    if slip:
        return slip[0]
    return Unmatched(selector) if proven and scope else UNPROVEN


def _elsewhere(cluster: Cluster, names: tuple[str, ...], selector: LabelSelector) -> tuple[InOtherNamespace, ...]:
    """The one other namespace where the selector picks pods, if there is exactly one."""
    if not any(p.requirement.operator is Operator.IN for p in selector.placed):
        return ()
    found = []
    for name in cluster.namespaces:
        pods = cluster.matching(name, selector).certain if name not in names else ()
        if pods:
            found.append(InOtherNamespace(selector, name, pods))
    return tuple(found) if len(found) == 1 else ()


class _Slip(NamedTuple):
    nearness: Nearness
    placed: PlacedRequirement
    part: str
    written: str
    meant: str
    at: Location


def _pod_slip(scope: tuple[Workload, ...], selector: LabelSelector) -> tuple[Misspelt, ...]:
    slips = [
        (slip, workload) for workload in scope for slip in _slips(selector, workload.labels, names=(workload.name,))
    ]
    if not slips:
        return ()
    best = _best(slip for slip, _ in slips)
    pods = tuple(dict.fromkeys(w for slip, w in slips if (slip.at, slip.meant) == (best.at, best.meant)))
    unique = _is_unique(best, (slip for slip, _ in slips))
    return (Misspelt(best.at, best.part, best.written, best.meant, pods, (), unique),)


def _namespace_slip(cluster: Cluster, selector: LabelSelector) -> tuple[Misspelt, ...]:
    slips = [(slip, n) for n in cluster.namespaces.values() for slip in _slips(selector, n.labels, names=())]
    if not slips:
        return ()
    best = _best(slip for slip, _ in slips)
    picked = tuple(dict.fromkeys(n for slip, n in slips if (slip.at, slip.meant) == (best.at, best.meant)))
    unique = _is_unique(best, (slip for slip, _ in slips))
    return (Misspelt(best.at, best.part, best.written, best.meant, (), picked, unique),)


def _best(slips: Iterable[_Slip]) -> _Slip:
    return min(slips, key=lambda slip: (slip.nearness, slip.at, slip.meant))


def _is_unique(best: _Slip, slips: Iterable[_Slip]) -> bool:
    return all((slip.at, slip.meant) == (best.at, best.meant) for slip in slips if slip.nearness <= best.nearness)


def _slips(selector: LabelSelector, labels: Mapping[str, str], *, names: tuple[str, ...]) -> Iterator[_Slip]:
    """The single changes to a key or value after which the selector matches `labels`."""
    for placed in selector.placed:
        if not _only_failure(selector, placed, labels) or placed.requirement.operator is not Operator.IN:
            continue
        if is_run_time_key(placed.requirement.key):
            continue
        yield from _value_slips(placed, labels, names)
        yield from _key_slips(placed, labels)


def _only_failure(selector: LabelSelector, placed: PlacedRequirement, labels: Mapping[str, str]) -> bool:
    others = (p.requirement for p in selector.placed if p is not placed)
    return not placed.requirement.matches(labels) and all(requirement.matches(labels) for requirement in others)


def _value_slips(placed: PlacedRequirement, labels: Mapping[str, str], names: tuple[str, ...]) -> Iterator[_Slip]:
    carried = labels.get(placed.requirement.key, "")
    if not carried:
        return
    for value, at in placed.values_at:
        near = nearness(value, carried)
        if near is Nearness.FAR and value in names:
            near = Nearness.TWO_EDITS
        if near is not Nearness.FAR:
            yield _Slip(near, placed, "value", value, carried, at)


def _key_slips(placed: PlacedRequirement, labels: Mapping[str, str]) -> Iterator[_Slip]:
    if placed.requirement.key in labels:
        return
    for key, carried in labels.items():
        if carried in placed.requirement.values:
            near = key_nearness(placed.requirement.key, key)
            if near is not Nearness.FAR:
                yield _Slip(near, placed, "key", placed.requirement.key, key, placed.key_at)
