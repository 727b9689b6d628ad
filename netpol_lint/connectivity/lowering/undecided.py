"""Policies whose rules we do not have: rejected ones and those of dialects that are not decoded.

Each becomes a policy that may do anything its place allows, so that what it could change is unknown.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from netpol_lint.algebra.labels import EVERYTHING
from netpol_lint.cluster.cluster import Cluster
from netpol_lint.connectivity import form
from netpol_lint.connectivity.form import ALL_PORTS, EVERYONE, Pods
from netpol_lint.resources.cluster_policy import Action, ClusterTier, RejectedClusterPolicy
from netpol_lint.resources.metadata import Metadata
from netpol_lint.resources.policy import AnyPod, Direction, Undecodable

REJECTED: Final = "the API server rejects this policy"
FOREIGN: Final = "the rules of this kind of policy are not analysed"
_ANYTHING: Final = (Action.ALLOW, Action.DENY, Action.PASS)
_STAGED: Final = "Staged"
"""How the kinds are named that only preview what a policy would do."""


def rejected_policies(cluster: Cluster) -> Iterator[form.Policy]:
    """Rejected NetworkPolicies: they may isolate the pods they mean, and may admit anything."""
    for policy in cluster.rejected:
        selector = EVERYTHING if isinstance(policy.pod_selector, Undecodable) else policy.pod_selector.selector
        namespace = policy.meta.namespace
        rules = {
            direction: _rules(policy.meta, direction, (Action.ALLOW,)) if direction in policy.types else ()
            for direction in Direction
        }
        yield form.Policy(
            f"{namespace}/{policy.meta.name}",
            "NetworkPolicy",
            Pods(selector, namespace=namespace),
            rules[Direction.INGRESS],
            rules[Direction.EGRESS],
            policy.meta.at,
            isolates=policy.types,
            doubt=REJECTED,
        )


def rejected_cluster_policies(cluster: Cluster, tier: ClusterTier) -> Iterator[tuple[int, form.Policy]]:
    """Rejected cluster-tier policies with their priorities; one without a readable tier may be an Admin one."""
    for policy in cluster.rejected_cluster_policies:
        own = ClusterTier.ADMIN if isinstance(policy.tier, Undecodable) else policy.tier
        if own is tier:
            yield policy.priority, _free(policy.meta, policy.meta.ref.kind, _subjects(policy), REJECTED)


def foreign_policies(cluster: Cluster) -> list[form.Policy]:
    """Policies of other dialects, before every tier: they may overrule NetworkPolicies."""
    return [
        _free(policy.meta, policy.meta.ref.kind, Pods(namespace=policy.meta.namespace), FOREIGN)
        for policy in cluster.foreign
        if not policy.meta.ref.kind.startswith(_STAGED)
    ]


def _free(meta: Metadata, kind: str, subjects: Pods, doubt: str) -> form.Policy:
    name = f"{meta.namespace}/{meta.name}" if meta.namespace else meta.name
    ingress, egress = (_rules(meta, direction, _ANYTHING) for direction in (Direction.INGRESS, Direction.EGRESS))
    return form.Policy(name, kind, subjects, ingress, egress, meta.at, doubt=doubt)


def _rules(meta: Metadata, direction: Direction, actions: tuple[Action, ...]) -> tuple[form.Rule, ...]:
    pointer = f"spec.{direction.field}"
    return tuple(form.Rule(action, EVERYONE, ALL_PORTS, pointer, meta.at) for action in actions)


def _subjects(policy: RejectedClusterPolicy) -> Pods:
    subject = policy.subject
    if isinstance(subject, Undecodable):
        return Pods(host_network=False)
    pods = EVERYTHING if isinstance(subject.pods, AnyPod) else subject.pods.selector
    return Pods(pods, subject.namespaces.selector, host_network=False)
