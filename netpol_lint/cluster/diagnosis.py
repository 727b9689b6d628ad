"""Why a selector picks nothing: the one cause that a finding names, so that no defect is reported twice.

Absence proves something only in namespaces whose pods the unit shows; a strong near miss is named in any case.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterator
from typing import Final, TypeAlias, TypeVar

from netpol_lint.algebra.labels import Operator
from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.label_index import asks_for_label
from netpol_lint.cluster.misspelt import Misspelt, namespace_slip, pod_slip
from netpol_lint.cluster.namespace_names import NAME_KEYS, gives_names, is_slip_for_name_label
from netpol_lint.cluster.near import Nearness
from netpol_lint.cluster.scopes import picked, scope_of
from netpol_lint.cluster.split_peers import SplitPeer, split_peers
from netpol_lint.cluster.unseen import is_for_clients, is_left_out, is_partly_known, may_exist, show_all_pods
from netpol_lint.cluster.wrong_namespace import InOtherNamespace, in_other_namespace, may_be_meant
from netpol_lint.records import NamedTuple
from netpol_lint.resources.namespace import NAME_LABEL, Namespace
from netpol_lint.resources.policy import AnyPod, Direction, IPBlock, NetworkPolicy, Peer, PodPeer, Rule, SameNamespace
from netpol_lint.resources.selectors import LabelSelector, PlacedRequirement
from netpol_lint.resources.workload import Workload
from netpol_lint.source.location import Location, Span


class Matched(NamedTuple):
    """It picks something, or may."""


class Contradictory(NamedTuple):
    """No label set satisfies it (NP107)."""

    selector: LabelSelector


class OnController(NamedTuple):
    """It matches the controllers' own labels, not those of their pods (NP104)."""

    selector: LabelSelector
    controllers: tuple[Workload, ...]


class NamespaceNameLabel(NamedTuple):
    """It asks for the namespace's name under a label the namespace does not carry (NP106)."""

    selector: LabelSelector
    placed: PlacedRequirement
    namespace: Namespace


class Unmatched(NamedTuple):
    """It picks nothing, and nothing explains why (NP101, NP102)."""

    selector: LabelSelector
    namespaces: tuple[str, ...]
    """Where it looks for pods; empty for a `namespaceSelector` that picks no namespace."""
    proven: bool
    """False where the unit does not show what there is to pick."""


Cause: TypeAlias = (
    Matched | Contradictory | Misspelt | OnController | InOtherNamespace | NamespaceNameLabel | SplitPeer | Unmatched
)


_SomeCause = TypeVar("_SomeCause", Misspelt, NamespaceNameLabel, OnController, InOtherNamespace)


class Role(enum.Enum):
    """Whose pod selector it is, which says where it looks for pods."""

    SUBJECT = enum.auto()
    LOCAL_PEER = enum.auto()
    PEER_OF_NAMESPACES = enum.auto()
    """Its `namespaceSelector` gives the namespaces' names."""
    PEER_OF_ANY_NAMESPACE = enum.auto()
    """Namespaces that nobody shows may match."""


class Diagnosis(NamedTuple):
    """One selector or peer of a policy that picks nothing, and why."""

    policy: NetworkPolicy
    effect: str
    """What that does, as the first half of a sentence: `policy shop/backend selects no pod`."""
    cause: Cause


class Diagnoses(NamedTuple):
    """The selectors of a cluster's policies that pick nothing, in source order."""

    subjects: tuple[Diagnosis, ...]
    """Of `spec.podSelector`."""
    peers: tuple[Diagnosis, ...]


MATCHED: Final = Matched()


def diagnoses(cluster: Cluster) -> Diagnoses:
    """What is wrong with the selectors of every policy; computed once per cluster."""
    return cluster.once(_diagnoses)


def is_anybody_told(cluster: Cluster) -> bool:
    """Whether a container is told to call anything: only then may pods that no manifest shows be known to be there."""
    return cluster.once(_is_anybody_told)


def _is_anybody_told(cluster: Cluster) -> bool:
    return any(workload.mentions or workload.data_from for workload in cluster.workloads)


def all_diagnoses(cluster: Cluster) -> Iterator[Diagnosis]:
    """Those of subjects and of peers."""
    for part in diagnoses(cluster):
        yield from part


def by_text(
    cluster: Cluster, kind: type[_SomeCause], text: Callable[[_SomeCause], tuple[Location, str]]
) -> Iterator[list[tuple[Diagnosis, _SomeCause]]]:
    """The diagnoses with one kind of cause, those together that say the same of the same text: an alias repeats it."""
    found: dict[tuple[str, Span, str], list[tuple[Diagnosis, _SomeCause]]] = {}
    for diagnosis in all_diagnoses(cluster):
        if isinstance(diagnosis.cause, kind):
            at, said = text(diagnosis.cause)
            found.setdefault((at.path, at.span, said), []).append((diagnosis, diagnosis.cause))
    yield from found.values()


def _diagnoses(cluster: Cluster) -> Diagnoses:
    subjects: list[Diagnosis] = []
    peers: list[Diagnosis] = []
    for policy in cluster.policies:
        subject = diagnose_subject(cluster, policy)
        if not isinstance(subject, Matched):
            subjects.append(Diagnosis(policy, subject_effect(policy), subject))
        for rule, cause in _peer_causes(cluster, policy, misplaced=isinstance(subject, InOtherNamespace)):
            peers.append(Diagnosis(policy, peer_effect(policy, rule.direction), cause))
    return Diagnoses(tuple(subjects), tuple(peers))


def subject_effect(policy: NetworkPolicy) -> str:
    """What a `podSelector` that picks nothing does."""
    return f"policy {policy.meta.namespace}/{policy.meta.name} selects no pod"


def peer_effect(policy: NetworkPolicy, direction: Direction) -> str:
    """What a peer that picks nothing does."""
    end = "from this source" if direction is Direction.INGRESS else "to this destination"
    return f"policy {policy.meta.namespace}/{policy.meta.name} admits no traffic {end}"


def diagnose_subject(cluster: Cluster, policy: NetworkPolicy) -> Cause:
    """Why a policy's `podSelector` picks no pod."""
    selector, namespace = policy.pod_selector, policy.meta.namespace
    if not selector.selector.satisfiable():
        return Contradictory(selector)
    if selector.selects_everything:
        return MATCHED
    return _explain(cluster, policy, (namespace,), selector, Role.SUBJECT)


def _peer_causes(cluster: Cluster, policy: NetworkPolicy, *, misplaced: bool) -> Iterator[tuple[Rule, Cause]]:
    """The causes of the peers that pick nothing. Local peers of a policy in the wrong namespace are right elsewhere."""
    for direction in Direction:
        for rule in policy.rules(direction):
            splits = {id(split.pod_peer): split for split in split_peers(cluster, policy, rule)}
            for peer in rule.peers if isinstance(rule.peers, tuple) else ():
                if misplaced and isinstance(peer, PodPeer) and isinstance(peer.namespaces, SameNamespace):
                    continue
                cause = splits[id(peer)] if id(peer) in splits else diagnose_peer(cluster, policy, peer)
                if not isinstance(cause, Matched):
                    yield rule, cause


def diagnose_peer(cluster: Cluster, policy: NetworkPolicy, peer: Peer) -> Cause:
    """Why a peer picks no pod. Address blocks always pick something: addresses are outside."""
    if isinstance(peer, IPBlock):
        return MATCHED
    if not isinstance(peer.namespaces, SameNamespace):
        cause = _diagnose_namespaces(cluster, peer.namespaces)
        if not isinstance(cause, Matched):
            return cause
    if isinstance(peer.pods, AnyPod) or peer.pods.selects_everything:
        return MATCHED
    if not peer.pods.selector.satisfiable():
        return Contradictory(peer.pods)
    names = cluster.peer_namespaces(policy, peer)
    if not names:
        return MATCHED
    if isinstance(peer.namespaces, SameNamespace):
        return _explain(cluster, policy, names, peer.pods, Role.LOCAL_PEER)
    role = Role.PEER_OF_NAMESPACES if gives_names(peer.namespaces, names) else Role.PEER_OF_ANY_NAMESPACE
    return _explain(cluster, policy, names, peer.pods, role)


def _explain(
    cluster: Cluster, policy: NetworkPolicy, names: tuple[str, ...], selector: LabelSelector, role: Role
) -> Cause:
    """Why a pod selector picks none of the pods shown in some namespaces.

    That it may pick pods whose labels an operator decides does not excuse what is very near the labels of others.
    """
    found = picked(cluster, names, selector)
    if found.certain or not all(workload.by_operator for workload in found.possible):
        return MATCHED
    cause = _explain_none(cluster, policy, names, selector, role)
    is_near = isinstance(cause, OnController) or (isinstance(cause, Misspelt) and cause.nearness <= Nearness.ONE_EDIT)
    return MATCHED if found.possible and not is_near else cause


def _explain_none(
    cluster: Cluster, policy: NetworkPolicy, names: tuple[str, ...], selector: LabelSelector, role: Role
) -> Cause:
    if is_partly_known(selector) or may_exist(cluster, names, selector):
        return MATCHED
    if may_be_meant(cluster, policy, selector):
        return MATCHED
    if role is not Role.SUBJECT and (is_left_out(cluster, selector) or is_for_clients(cluster, names, selector)):
        return MATCHED
    scope = scope_of(cluster, names)
    controllers = tuple(w for w in scope.controllers(selector.selector) if _lacks_labels(w, selector))
    if controllers:
        return OnController(selector, controllers)
    proven = role is not Role.PEER_OF_ANY_NAMESPACE and show_all_pods(cluster, names)
    slips = pod_slip(scope, selector)
    if slips and slips[0].nearness <= Nearness.ONE_EDIT:
        return slips[0]
    if role in (Role.SUBJECT, Role.LOCAL_PEER):
        elsewhere = in_other_namespace(cluster, policy, selector, is_subject=role is Role.SUBJECT, proven=proven)
        if elsewhere:
            return elsewhere[0]
    if slips and (proven or slips[0].nearness is Nearness.NAMED):
        return slips[0]
    return Unmatched(selector, names, proven)


def _lacks_labels(workload: Workload, selector: LabelSelector) -> bool:
    """Whether the pods lack labels that a selector asks for, rather than having some too many."""
    missing = (r for r in selector.selector.requirements if not r.matches(workload.labels))
    return all(asks_for_label(requirement) for requirement in missing)


def _diagnose_namespaces(cluster: Cluster, selector: LabelSelector) -> Cause:
    if not selector.selector.satisfiable():
        return Contradictory(selector)
    if cluster.namespaces_matching(selector) or is_partly_known(selector):
        return MATCHED
    if cluster.elsewhere and cluster.elsewhere.has_namespace(selector):
        return MATCHED
    for placed in selector.placed:
        for namespace in _named(cluster, placed):
            if _is_only_failure(placed, selector, namespace):
                return NamespaceNameLabel(selector, placed, namespace)
    slips = namespace_slip(cluster, selector)
    return slips[0] if slips else Unmatched(selector, (), _lacks_only_labels(cluster, selector) and not cluster.is_open)


def _named(cluster: Cluster, placed: PlacedRequirement) -> Iterator[Namespace]:
    """The namespaces whose name a requirement gives under a key that is not the automatic one.

    Any namespace may carry a label `name`, so its manifest has to show that it does not; nobody invents a key that is
    one slip away from the automatic one.
    """
    requirement = placed.requirement
    if requirement.operator is not Operator.IN or requirement.key == NAME_LABEL:
        return
    slip = is_slip_for_name_label(requirement.key)
    for value, _ in placed.values_at:
        known = cluster.namespaces.get(value, Namespace(value, declared=False))
        if slip or (known.declared and requirement.key in NAME_KEYS):
            yield known


def _is_only_failure(placed: PlacedRequirement, selector: LabelSelector, namespace: Namespace) -> bool:
    failures = [p for p in selector.placed if not p.requirement.matches(namespace.labels)]
    return len(failures) == 1 and failures[0] is placed


def _lacks_only_labels(cluster: Cluster, selector: LabelSelector) -> bool:
    """Whether the selector names namespaces that have manifests, and asks for other labels they do not carry."""
    named = [value for p in selector.placed if p.requirement.key == NAME_LABEL for value, _ in p.values_at]
    return bool(named) and all(name in cluster.namespaces and cluster.namespaces[name].declared for name in named)
