"""Facts that the manifests may leave open: whether a pod is isolated, whether a namespace denies by default."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any, Final

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.default_deny import may_deny_otherwise
from netpol_lint.cluster.isolation import is_default_deny
from netpol_lint.cluster.open_pods import may_be_isolated
from netpol_lint.resources.policy import Direction
from netpol_lint.resources.workload import Workload

UNKNOWN: Final = "unknown"
"""Stands for a bool that is true or false: nobody can tell from the manifests."""


def isolated(cluster: Cluster, workload: Workload, direction: Direction) -> bool | str:
    """Whether a policy of the unit isolates a workload's pods.

    `UNKNOWN` where one only may: a policy that selects them by labels they may get, a rejected one, one of another
    dialect, unit or tier, or one that no manifest shows.
    """
    if cluster.is_exempt(workload):
        return False
    if workload.id in cluster.once(_certainly_isolated)[direction]:
        return True
    open_to_more = workload.by_operator or cluster.may_hold_more(workload.namespace)
    return UNKNOWN if open_to_more or may_be_isolated(cluster, workload, direction) else False


def _certainly_isolated(cluster: Cluster) -> Mapping[Direction, set[str]]:
    found: dict[Direction, set[str]] = {direction: set() for direction in Direction}
    for policy in cluster.policies:
        certain = {workload.id for workload in cluster.selected_by(policy).certain}
        for direction in policy.types:
            found[direction] |= certain
    return found


def default_deny(cluster: Cluster, namespace: str, direction: Direction) -> bool | str:
    """Whether a policy of the unit denies a direction to the whole namespace, as NP203 and NP204 mean it.

    `UNKNOWN` where only something may whose rules the unit does not show.
    """
    if any(is_default_deny(policy, direction) for policy in cluster.policies_in(namespace)):
        return True
    open_to_more = bool(cluster.unlisted) or cluster.may_hold_more(namespace)
    return UNKNOWN if open_to_more or may_deny_otherwise(cluster, namespace, direction) else False


def readings(variables: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The variables with every unknown once as true and once as false; as they are if nothing is unknown."""
    places = [
        (name, key, field)
        for name, facts in variables.items()
        for key, value in (facts.items() if isinstance(facts, dict) else ())
        for field, answer in (value.items() if key in _THREE_VALUED else ())
        if answer == UNKNOWN
    ]
    for answers in product((False, True), repeat=len(places)):
        reading = dict(variables)
        for (name, key, field), answer in zip(places, answers, strict=True):
            facts = reading[name]
            reading[name] = {**facts, key: {**facts[key], field: answer}}
        yield reading


_THREE_VALUED: Final = ("isolated", "defaultDeny")
