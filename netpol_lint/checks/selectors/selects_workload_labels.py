"""NP104: a selector that matches a controller's own labels, which its pods do not have."""

from __future__ import annotations

from collections.abc import Iterator

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.diagnosis import OnController, by_text
from netpol_lint.findings import Problem, Related
from netpol_lint.findings.wording import labels_text, listed, requirement_text, workload_text
from netpol_lint.resources.policy import NetworkPolicy
from netpol_lint.resources.selectors import PlacedRequirement
from netpol_lint.source.location import Location


def check(cluster: Cluster) -> Iterator[Problem]:
    for same in by_text(cluster, OnController, lambda cause: (_place(cause), cause.controllers[0].id)):
        (policy, effect, _), cause = same[0]
        missing = _missing(cause)
        message = f"{effect}: {_where_it_stands(policy, cause, missing)}"
        keys = {placed.requirement.key for placed in missing}
        related = [
            Related(f"a label of the {w.meta.ref.kind}, not of its pods", label.at)
            for w in cause.controllers[:10]
            for label in w.meta.labels
            if label.key in keys
        ]
        yield Problem(message, _place(cause), policy.meta.ref, tuple(related))


def _missing(cause: OnController) -> list[PlacedRequirement]:
    return [p for p in cause.selector.placed if not p.requirement.matches(cause.controllers[0].labels)]


def _place(cause: OnController) -> Location:
    first = _missing(cause)[0]
    return first.values_at[0][1] if first.values_at else first.key_at


def _where_it_stands(policy: NetworkPolicy, cause: OnController, missing: list[PlacedRequirement]) -> str:
    wanted = listed([requirement_text(placed.requirement) for placed in missing])
    stands = "stands" if len(missing) == 1 else "stand"
    first, *others = (workload_text(w, outside=policy.meta.namespace) for w in cause.controllers)
    labels = labels_text(cause.controllers[0].pod_labels)
    if others:
        names = listed([first, *others])
        return f"{wanted} {stands} on {names} themselves, not in their pod templates; the pods of {first} have {labels}"
    return f"{wanted} {stands} on {first} itself, not in the pod template, whose pods have {labels}"
