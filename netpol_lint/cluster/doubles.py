"""Policies defined twice for one cluster, so that one definition overwrites the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import takewhile
from typing import NamedTuple

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.sameness import policy_content
from netpol_lint.resources.decode.placeholders import has_placeholder
from netpol_lint.resources.metadata import Metadata, ObjectRef
from netpol_lint.resources.policy import ForeignPolicy, NetworkPolicy


class Double(NamedTuple):
    """Two definitions of one policy, in the order of the source."""

    first: Metadata
    second: Metadata
    same: bool
    """Whether both are known to say the same: pods, directions and rules."""


def doubles(cluster: Cluster) -> Iterator[Double]:
    """Each policy with the last one before it of the same kind, namespace and name, where there is one.

    Alternatives are no doubles: files or directories that define the same workload are not applied together, nor are
    policies of different directories that leave their namespace open. A rejected policy overwrites nothing.
    """
    earlier: dict[ObjectRef, list[NetworkPolicy | ForeignPolicy]] = {}
    policies: tuple[NetworkPolicy | ForeignPolicy, ...] = (*cluster.policies, *cluster.foreign)
    for policy in policies:
        if not _has_fixed_name(policy.meta):
            continue
        before = earlier.setdefault(policy.meta.ref, [])
        for first in reversed(before):
            if not _are_alternatives(cluster, first.meta, policy.meta):
                yield Double(first.meta, policy.meta, _say_the_same(first, policy))
                break
        before.append(policy)


def _has_fixed_name(meta: Metadata) -> bool:
    """Whether name and namespace are all there: not generated, nor to be filled in."""
    written = bool(meta.name) and meta.at.pointer.endswith("/metadata/name")
    return written and not has_placeholder(meta.name) and not has_placeholder(meta.namespace)


def _say_the_same(first: NetworkPolicy | ForeignPolicy, second: NetworkPolicy | ForeignPolicy) -> bool:
    if isinstance(first, NetworkPolicy) and isinstance(second, NetworkPolicy):
        return policy_content(first) == policy_content(second)
    return False


def _are_alternatives(cluster: Cluster, first: Metadata, second: Metadata) -> bool:
    if first.at.path == second.at.path:
        return False
    here, there = first.at.path.split("/"), second.at.path.split("/")
    shared = len([*takewhile(lambda parts: parts[0] == parts[1], zip(here, there, strict=False))])
    open_namespace = not (first.namespace_declared and second.namespace_declared)
    if open_namespace and here[:-1] != there[:-1]:
        return True
    workloads = cluster.once(_workloads_by_branch)
    one, other = (workloads.get("/".join(parts[: shared + 1]), frozenset()) for parts in (here, there))
    return not one.isdisjoint(other)


def _workloads_by_branch(cluster: Cluster) -> Mapping[str, frozenset[ObjectRef]]:
    """The workloads defined in each file, and below each directory."""
    branches: dict[str, set[ObjectRef]] = {}
    for workload in cluster.workloads:
        parts = workload.meta.at.path.split("/")
        for depth in range(1, len(parts) + 1):
            branches.setdefault("/".join(parts[:depth]), set()).add(workload.meta.ref)
    return {branch: frozenset(refs) for branch, refs in branches.items()}
