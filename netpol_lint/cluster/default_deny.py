"""Namespaces that do not deny by default: a pod that no policy selects is open there."""

from __future__ import annotations

from collections.abc import Iterator

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.denying_names import broken_promises
from netpol_lint.cluster.dropped_egress import dropped_egress
from netpol_lint.cluster.isolation import Opening, covers_namespace, is_default_deny, openings
from netpol_lint.cluster.open_pods import open_pods
from netpol_lint.cluster.stray_policies import strays_over
from netpol_lint.cluster.unseen import is_filled_in, is_system_namespace
from netpol_lint.records import NamedTuple
from netpol_lint.resources.metadata import ObjectRef
from netpol_lint.resources.policy import Direction, NetworkPolicy
from netpol_lint.resources.selectors import LabelSelector
from netpol_lint.resources.workload import Workload
from netpol_lint.source.location import Location


class MissingDefaultDeny(NamedTuple):
    """A namespace with pods that lacks a default-deny for one direction."""

    namespace: ObjectRef
    at: Location
    """The name in its manifest, else in that of its first policy, else of its first workload."""
    reason: str
    """`namespace shop has 2 policies, none selects all pods for ingress`."""
    open_pods: tuple[Workload, ...]
    """Its open workloads where no policy isolates any; elsewhere each of them is a finding of its own."""
    opened: tuple[tuple[NetworkPolicy, Opening], ...]
    """The policies that select all pods and admit everyone."""


class NeutralisedDeny(NamedTuple):
    """A default-deny that another policy makes void."""

    denying: NetworkPolicy
    opening_policy: NetworkPolicy
    opening: Opening


def missing_default_deny(cluster: Cluster, direction: Direction) -> Iterator[MissingDefaultDeny]:
    """The namespaces with pods and no policy that denies a direction by default, sorted by name.

    None where the unit does not show all its policies, or is of files that a kustomization beside them leaves out,
    and none that a policy of another unit may deny for.
    The cluster's own namespaces are left out, and those in which a policy of which the unit does not show enough, or
    which another rule reports, may be the default-deny; and that into which a chart is installed that isolates all of
    its own pods: whoever chooses the namespace closes it.
    """
    for name in () if cluster.is_open or cluster.unlisted else cluster.namespaces:
        if is_system_namespace(name) or is_filled_in(name) or _denies(cluster, name, direction):
            continue
        if all(workload.by_operator or cluster.is_exempt(workload) for workload in cluster.pods_in(name)):
            continue
        isolating = any(policy.isolates(direction) for policy in cluster.policies_in(name))
        open_here = () if isolating else tuple(open_pods(cluster, name, direction))
        if isolating or open_here:
            opened = tuple(_opened(cluster, name, direction))
            if not opened and name == cluster.release_namespace and not any(open_pods(cluster, name, direction)):
                continue
            reason = f"namespace {name} has {_policies(cluster, name, direction, isolating=isolating)}"
            namespace = ObjectRef("", "Namespace", "", name)
            yield MissingDefaultDeny(namespace, _place_of(cluster, name), reason, open_here, opened)


def neutralised_denies(cluster: Cluster, direction: Direction) -> Iterator[NeutralisedDeny]:
    """The policies that open to everyone what the first default-deny of their namespace denies, in source order."""
    for name in cluster.namespaces:
        denying = [policy for policy in cluster.policies_in(name) if is_default_deny(policy, direction)]
        for policy, opening in _opened(cluster, name, direction) if denying else ():
            if not broken_promises(policy):
                yield NeutralisedDeny(denying[0], policy, opening)


def _opened(cluster: Cluster, namespace: str, direction: Direction) -> Iterator[tuple[NetworkPolicy, Opening]]:
    for policy in cluster.policies_in(namespace):
        if covers_namespace(policy, direction):
            yield from ((policy, opening) for opening in openings(policy, direction))


def _denies(cluster: Cluster, namespace: str, direction: Direction) -> bool:
    """Whether some policy denies by default, or may, or is meant to and another rule says why it does not."""
    return may_deny_otherwise(cluster, namespace, direction) or any(
        _denies_or_means_to(policy, direction) for policy in cluster.policies_in(namespace)
    )


def may_deny_otherwise(cluster: Cluster, namespace: str, direction: Direction) -> bool:
    """Whether something besides the namespace's valid policies may deny by default.

    A policy of another dialect, of the cluster tier, of another unit, a rejected one, or one that names no namespace.
    """
    if cluster.has_foreign_policies(namespace) or cluster.cluster_tier_denies(namespace, direction):
        return True
    if cluster.elsewhere and cluster.elsewhere.may_deny(_told(cluster, namespace), direction):
        return True
    for rejected in cluster.rejected_in(namespace):
        selector = rejected.pod_selector
        covers = not isinstance(selector, LabelSelector) or selector.selects_everything
        if covers and direction in rejected.types:
            return True
    return any(direction in strays_over(cluster, w).denied_by_default for w in cluster.pods_in(namespace))


def _told(cluster: Cluster, namespace: str) -> str:
    """The namespace if some manifest names it; "" if it is only where objects go that name none."""
    metas = (*(w.meta for w in cluster.pods_in(namespace)), *(p.meta for p in cluster.policies_in(namespace)))
    told = cluster.namespaces[namespace].declared or any(meta.namespace_declared for meta in metas)
    return namespace if told else ""


def _denies_or_means_to(policy: NetworkPolicy, direction: Direction) -> bool:
    if not policy.pod_selector.selects_everything:
        return False
    dropped = direction is Direction.EGRESS and bool(dropped_egress(policy))
    named = any(promise.opening.rule.direction is direction for promise in broken_promises(policy))
    return dropped or named or is_default_deny(policy, direction)


def _policies(cluster: Cluster, namespace: str, direction: Direction, *, isolating: bool) -> str:
    count = len(cluster.policies_in(namespace))
    if not count:
        if cluster.rejected_in(namespace):
            return "no valid policy"
        has_others = cluster.elsewhere and cluster.elsewhere.has_policies(_told(cluster, namespace))
        return "no policy in this unit" if has_others else "no policy"
    policies = "1 policy" if count == 1 else f"{count} policies"
    what = f"selects all pods for {direction.field}" if isolating else f"restricts {direction.field}"
    return f"{policies}, none {what}"


def _place_of(cluster: Cluster, namespace: str) -> Location:
    rejected = [policy.meta.at for policy in cluster.rejected_in(namespace)]
    candidates = (
        [meta.at for meta in cluster.namespaces[namespace].manifests],
        [policy.meta.at for policy in cluster.policies_in(namespace)] + rejected,
        [workload.meta.at for workload in cluster.pods_in(namespace)],
    )
    return min(next(places for places in candidates if places))
