"""NP104: a selector that matches a controller's own labels, which its pods do not have."""

from __future__ import annotations

from collections.abc import Iterator

from netpol_lint.algebra.labels import Requirement, Selector, equals
from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.diagnosis import OnController, by_text
from netpol_lint.findings import NO_FIX, Fix, Problem, Related
from netpol_lint.findings.edits import for_all_places, with_key, with_value
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
        fix = for_all_places([_fix(cluster, each) for _, each in same])
        yield Problem(message, _place(cause), policy.meta.ref, tuple(related), fix)


def _missing(cause: OnController) -> list[PlacedRequirement]:
    return [p for p in cause.selector.placed if not p.requirement.matches(cause.controllers[0].labels)]


def _place(cause: OnController) -> Location:
    first = _missing(cause)[0]
    return first.values_at[0][1] if first.values_at else first.key_at


def _fix(cluster: Cluster, cause: OnController) -> Fix:
    """Writes the key that the value has in the pod template, or the value of the key, where that means these pods."""
    missing, first = _missing(cause), cause.controllers[0]
    if len(missing) > 1 or len(missing[0].values_at) != 1:
        return NO_FIX
    [placed], [(value, value_at)] = missing, missing[0].values_at
    key, key_at = placed.requirement.key, placed.key_at
    asked = {other.requirement.key for other in cause.selector.placed}
    meant = [(other, text) for other, text in first.labels.items() if text == value and other not in asked]
    meant += [(key, first.labels[key])] if first.labels.get(key) else []
    if len(meant) != 1 or not _picks_these(cluster, cause, placed, equals(*meant[0])):
        return NO_FIX
    [(other, text)] = meant
    description = f"select {other}={text}"
    if other == key or not placed.is_match_label:
        return with_value(*((value_at, value, text) if other == key else (key_at, key, other)), description)
    return with_key(key_at, key, other, description)


def _picks_these(cluster: Cluster, cause: OnController, placed: PlacedRequirement, meant: Requirement) -> bool:
    """Whether a selector with another requirement in place of one picks the pods of these controllers and no others."""
    rest = [other.requirement for other in cause.selector.placed if other is not placed]
    selector = Selector((*rest, meant))
    namespaces = {workload.namespace for workload in cause.controllers}
    picked = {w.id for w in cluster.workloads if w.namespace in namespaces and selector.matches(w.labels)}
    return picked == {workload.id for workload in cause.controllers}


def _where_it_stands(policy: NetworkPolicy, cause: OnController, missing: list[PlacedRequirement]) -> str:
    wanted = listed([requirement_text(placed.requirement) for placed in missing])
    stands = "stands" if len(missing) == 1 else "stand"
    first, *others = (workload_text(w, outside=policy.meta.namespace) for w in cause.controllers)
    labels = labels_text(cause.controllers[0].pod_labels)
    if others:
        names = listed([first, *others])
        return f"{wanted} {stands} on {names} themselves, not in their pod templates; the pods of {first} have {labels}"
    return f"{wanted} {stands} on {first} itself, not in the pod template, whose pods have {labels}"
