"""NP110: a selector on a label that changes with each release or rollout."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from netpol_lint.algebra.labels import Operator
from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.policy_selectors import selectors_of
from netpol_lint.findings import NO_FIX, Fix, Problem
from netpol_lint.findings.removals import without_item
from netpol_lint.findings.wording import policy_text, requirement_text
from netpol_lint.resources.selectors import LabelSelector, PlacedRequirement

_CHANGING = (
    "pod-template-hash",
    "controller-revision-hash",
    "pod-template-generation",
    "helm.sh/chart",
    "app.kubernetes.io/version",
)


def check(cluster: Cluster, *, keys: Iterable[str] = _CHANGING) -> Iterator[Problem]:
    changing = frozenset(keys)
    for policy in cluster.policies:
        for selector, _, noun in selectors_of(policy):
            for placed in selector.placed:
                requirement = placed.requirement
                if requirement.key in changing and requirement.operator in (Operator.IN, Operator.NOT_IN):
                    message = (
                        f"{policy_text(policy)} selects {noun}s by {requirement_text(requirement)}, a label that"
                        f" changes with each release or rollout: then it no longer means the same {noun}s"
                    )
                    fix = _without(placed, selector, changing)
                    yield Problem(message, placed.key_at, policy.meta.ref, fix=fix)


def _without(placed: PlacedRequirement, selector: LabelSelector, changing: frozenset[str]) -> Fix:
    """The fix that no longer asks for a label, where labels that stay are still asked for."""
    if all(other.requirement.key in changing for other in selector.placed):
        return NO_FIX
    at = placed.key_at
    if not placed.is_match_label:
        at = at._replace(pointer=at.pointer.removesuffix("/key"))
    siblings = [other.whole for other in selector.placed if other.is_match_label == placed.is_match_label]
    description = f"no longer ask for {requirement_text(placed.requirement)}"
    return without_item(at, placed.whole, siblings, description, in_flow=placed.in_flow)._replace(safe=False)
