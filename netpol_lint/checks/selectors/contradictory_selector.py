"""NP107: a selector that no label set fulfils."""

from __future__ import annotations

from collections.abc import Iterator

from netpol_lint.algebra.labels import Selector
from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.policy_selectors import selectors_of
from netpol_lint.findings import Problem, Related
from netpol_lint.findings.wording import listed, requirement_text
from netpol_lint.resources.selectors import LabelSelector, PlacedRequirement


def check(cluster: Cluster) -> Iterator[Problem]:
    for policy in cluster.policies:
        for selector, effect, noun in selectors_of(policy):
            if selector.selector.satisfiable():
                continue
            conflict = _conflict(selector)
            wanted = listed(dict.fromkeys(requirement_text(placed.requirement) for placed in conflict))
            message = f"{effect}: no {noun} can have labels that fulfil {wanted} at once"
            related = [Related(requirement_text(placed.requirement), placed.key_at) for placed in conflict[:-1]]
            yield Problem(message, conflict[-1].key_at, policy.meta.ref, tuple(related))


def _conflict(selector: LabelSelector) -> list[PlacedRequirement]:
    """The requirements on the first key whose requirements exclude each other; the last one completes the conflict."""
    by_key: dict[str, list[PlacedRequirement]] = {}
    for placed in selector.placed:
        same_key = by_key.setdefault(placed.requirement.key, [])
        same_key.append(placed)
        if not Selector(tuple(p.requirement for p in same_key)).satisfiable():
            return same_key
    return list(selector.placed)
