"""Policies defined twice for one cluster, so that one definition overwrites the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import takewhile
from typing import TYPE_CHECKING, TypeAlias

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.sameness import policy_content
from netpol_lint.records import NamedTuple
from netpol_lint.resources.decode.placeholders import has_placeholder
from netpol_lint.resources.metadata import Metadata, ObjectRef
from netpol_lint.resources.policy import NetworkPolicy

if TYPE_CHECKING:
    from netpol_lint.resources.cluster_policy import ClusterPolicy
    from netpol_lint.resources.policy import ForeignPolicy

_Policy: TypeAlias = "NetworkPolicy | ClusterPolicy | ForeignPolicy"


class Double(NamedTuple):
    """Two definitions of one policy, in the order of the source."""

    first: Metadata
    second: Metadata
    same: bool
    """Whether both are known to say the same: pods, directions and rules."""


def doubles(cluster: Cluster) -> Iterator[Double]:
    """Each policy with the last one before it of the same kind, namespace and name, where there is one.

    Alternatives are no doubles (`_are_alternatives`), and a rejected policy overwrites nothing.
    """
    earlier: dict[ObjectRef, list[_Policy]] = {}
    for policy in _policies(cluster):
        if not _has_fixed_name(policy.meta):
            continue
        before = earlier.setdefault(policy.meta.ref, [])
        for first in reversed(before):
            if not _are_alternatives(cluster, first, policy):
                yield Double(first.meta, policy.meta, _say_the_same(first, policy))
                break
        before.append(policy)


def _has_fixed_name(meta: Metadata) -> bool:
    """Whether name and namespace are all there: not generated, nor to be filled in."""
    written = bool(meta.name) and meta.at.pointer.endswith("/metadata/name")
    return written and not has_placeholder(meta.name) and not has_placeholder(meta.namespace)


def _policies(cluster: Cluster) -> Iterator[_Policy]:
    yield from cluster.policies
    yield from cluster.cluster_policies
    yield from cluster.foreign


def _say_the_same(first: _Policy, second: _Policy) -> bool:
    if isinstance(first, NetworkPolicy) and isinstance(second, NetworkPolicy):
        return policy_content(first) == policy_content(second)
    return False


def _are_alternatives(cluster: Cluster, first: _Policy, second: _Policy) -> bool:
    """Whether two policies stand in files that are probably never applied to one cluster together.

    So they are in files or directories that both define one workload; in different directories, if one leaves its
    namespace open (a base and its overlays), or if the files have one name and the policies select the same pods
    (environments side by side; a copy whose name was forgotten selects others).
    """
    here, there = first.meta.at.path.split("/"), second.meta.at.path.split("/")
    if here == there:
        return False
    if here[:-1] != there[:-1]:
        if first.meta.namespace and not (first.meta.namespace_declared and second.meta.namespace_declared):
            return True
        if here[-1] == there[-1] and _may_select_the_same(first, second):
            return True
    shared = len([*takewhile(lambda parts: parts[0] == parts[1], zip(here, there, strict=False))])
    workloads = cluster.once(_workloads_by_branch)
    one, other = (workloads.get("/".join(parts[: shared + 1]), frozenset()) for parts in (here, there))
    return not one.isdisjoint(other)


def _may_select_the_same(first: _Policy, second: _Policy) -> bool:
    if isinstance(first, NetworkPolicy) and isinstance(second, NetworkPolicy):
        return first.pod_selector.selector == second.pod_selector.selector
    return True


def _workloads_by_branch(cluster: Cluster) -> Mapping[str, frozenset[ObjectRef]]:
    """The workloads defined in each file, and below each directory."""
    branches: dict[str, set[ObjectRef]] = {}
    for workload in cluster.workloads:
        parts = workload.meta.at.path.split("/")
        for depth in range(1, len(parts) + 1):
            branches.setdefault("/".join(parts[:depth]), set()).add(workload.meta.ref)
    return {branch: frozenset(refs) for branch, refs in branches.items()}
