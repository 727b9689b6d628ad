"""Pods that no policy isolates in a direction: only those of which the unit shows that nothing may isolate them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Final

from netpol_lint.algebra.labels import Operator, Requirement
from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.diagnosis import OnController, diagnoses
from netpol_lint.cluster.misspelt import Misspelt
from netpol_lint.cluster.stray_policies import strays_over
from netpol_lint.cluster.unseen import is_partly_known
from netpol_lint.cluster.wrong_namespace import InOtherNamespace
from netpol_lint.records import NamedTuple
from netpol_lint.resources.decode.placeholders import has_placeholder
from netpol_lint.resources.policy import Direction, NetworkPolicy
from netpol_lint.resources.selectors import LabelSelector, PlacedRequirement
from netpol_lint.resources.workload import Workload

_MOST_NEAR: Final = 3
_MOST_COMPARED: Final = 50


class NearPolicy(NamedTuple):
    """A policy that would select a pod if the pod had the labels it lacks."""

    policy: NetworkPolicy
    lacking: tuple[PlacedRequirement, ...]


def open_pods(cluster: Cluster, namespace: str, direction: Direction) -> Iterator[Workload]:
    """The workloads of a namespace that no policy isolates in a direction, in source order.

    Left out are hostNetwork ones, to which policies do not apply, and those that a policy may isolate of which the unit
    does not show enough: one of another dialect, a rejected one, one with a placeholder, one whose namespace or whose
    pods' namespace is decided elsewhere. A pod to which an operator adds labels may be selected by them, and too little
    is known of pods that an operator makes.
    """
    for workload in cluster.pods_in(namespace):
        if not (workload.by_operator or cluster.is_exempt(workload)) and not may_be_isolated(
            cluster, workload, direction
        ):
            yield workload


def may_be_isolated(cluster: Cluster, workload: Workload, direction: Direction) -> bool:
    """Whether a policy isolates a workload's pods, or one may of which the unit does not show enough."""
    return (
        bool(cluster.policies_over(workload, direction))
        or cluster.may_be_isolated_otherwise(workload, direction)
        or _may_be_filled_in(cluster, workload, direction)
        or direction in strays_over(cluster, workload).isolated
    )


def is_meant_by_a_slip(cluster: Cluster, workload: Workload, direction: Direction) -> bool:
    """Whether a policy means it and misses it by a slip that another rule reports (NP103, NP104, NP105)."""
    return workload.id in cluster.once(_meant)[direction]


def near_policies(cluster: Cluster, workload: Workload, direction: Direction) -> tuple[NearPolicy, ...]:
    """The few policies of its namespace that ask for a label it has, and for others it lacks; the nearest first."""
    by_label = cluster.once(_policies_by_label)
    compared: dict[int, NetworkPolicy] = {}
    for label in workload.labels.items():
        for policy in islice(by_label.get((workload.namespace, *label), ()), _MOST_COMPARED):
            if policy.isolates(direction):
                compared[id(policy)] = policy
    near = [NearPolicy(policy, _lacking(policy.pod_selector, workload)) for policy in compared.values()]
    near = [found for found in near if found.lacking]
    return tuple(sorted(near, key=lambda found: (len(found.lacking), found.policy.meta.at))[:_MOST_NEAR])


def _lacking(selector: LabelSelector, workload: Workload) -> tuple[PlacedRequirement, ...]:
    return tuple(placed for placed in selector.placed if not placed.requirement.matches(workload.labels))


def _policies_by_label(cluster: Cluster) -> Mapping[tuple[str, str, str], list[NetworkPolicy]]:
    """By namespace, key and value: the policies whose `podSelector` asks for that label."""
    found: dict[tuple[str, str, str], list[NetworkPolicy]] = {}
    for policy in cluster.policies:
        for requirement, *_ in policy.pod_selector.placed:
            for value in requirement.values if requirement.operator is Operator.IN else ():
                found.setdefault((policy.meta.namespace, requirement.key, value), []).append(policy)
    return found


def _meant(cluster: Cluster) -> Mapping[Direction, set[str]]:
    ids: dict[Direction, set[str]] = {direction: set() for direction in Direction}
    for policy, _, cause in diagnoses(cluster).subjects:
        match cause:
            case Misspelt(pods=pods) | OnController(controllers=pods) | InOtherNamespace(pods=pods):
                for direction in policy.types:
                    ids[direction].update(workload.id for workload in pods)
            case _:
                pass
    return ids


def _may_be_filled_in(cluster: Cluster, workload: Workload, direction: Direction) -> bool:
    """Whether a policy selects it once placeholders, in the policy or in its own labels, are filled in."""
    policies = cluster.once(_partly_known).get(workload.namespace, ())
    if any(has_placeholder(value) for value in workload.labels.values()):
        policies = cluster.policies_in(workload.namespace)
    return any(policy.isolates(direction) and _may_pick(policy.pod_selector, workload) for policy in policies)


def _partly_known(cluster: Cluster) -> Mapping[str, tuple[NetworkPolicy, ...]]:
    found: dict[str, tuple[NetworkPolicy, ...]] = {}
    for policy in cluster.policies:
        if is_partly_known(policy.pod_selector):
            namespace = policy.meta.namespace
            found[namespace] = (*found.get(namespace, ()), policy)
    return found


def _may_pick(selector: LabelSelector, workload: Workload) -> bool:
    return all(_may_hold(requirement, workload) for requirement in selector.selector.requirements)


def _may_hold(requirement: Requirement, workload: Workload) -> bool:
    texts = (requirement.key, *requirement.values, workload.labels.get(requirement.key, ""))
    return requirement.matches(workload.labels) or any(has_placeholder(text) for text in texts)
