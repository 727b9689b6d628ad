"""Ports that are closed for a reason which another finding names, or on purpose."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.denying_names import read_promise
from netpol_lint.cluster.open_pods import is_meant_by_a_slip
from netpol_lint.cluster.port_troubles import (
    Cause,
    OtherProtocol,
    ServicePortMeant,
    Undeclared,
    UnresolvedName,
    troubles_of,
)
from netpol_lint.resources.defects import DefectKind
from netpol_lint.resources.metadata import ObjectRef
from netpol_lint.resources.policy import Direction, NetworkPolicy
from netpol_lint.resources.workload import Workload

_LOSSES: Final = (DefectKind.UNKNOWN_FIELD, DefectKind.DUPLICATE_KEY)


def is_closing_explained(
    cluster: Cluster,
    pods: Iterable[Workload],
    targets: Collection[int],
    policies: Iterable[NetworkPolicy],
    *,
    alone: bool,
) -> bool:
    """Whether ports of pods are closed to everybody by a slip that has a finding of its own, or by a policy's promise.

    The slips: a selector (NP103), a part that is lost (NP003, NP004), a port (NP401 to NP404). `policies` are those
    that isolate the pods; `alone` where these have no other closed port, so that one undeclared port explains it.
    """
    if any(is_meant_by_a_slip(cluster, pod, Direction.INGRESS) for pod in pods):
        return True
    for policy in policies:
        chosen = not policy.pod_selector.selects_everything and not policy.rules(Direction.INGRESS)
        if policy.meta.ref in cluster.once(_maimed) or (chosen and read_promise(policy.meta.name).denies):
            return True
        for trouble in troubles_of(cluster, policy):
            if trouble.rule.direction is Direction.INGRESS and _explains(trouble.cause, targets, alone=alone):
                return True
    return False


def _maimed(cluster: Cluster) -> frozenset[ObjectRef]:
    """Policies of which a part is lost."""
    return frozenset(defect.about for defect in cluster.defects if defect.kind in _LOSSES)


def _explains(cause: Cause, targets: Collection[int], *, alone: bool) -> bool:
    match cause:
        case ServicePortMeant(targets=meant):
            return not set(meant).isdisjoint(targets)
        case OtherProtocol(number=number):
            return number in targets
        case UnresolvedName():
            return True
        case Undeclared():
            return alone
