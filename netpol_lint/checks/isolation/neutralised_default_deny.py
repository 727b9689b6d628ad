"""NP206: a default-deny that another policy makes void for all pods."""

from __future__ import annotations

from collections.abc import Iterator

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.default_deny import NeutralisedDeny, neutralised_denies
from netpol_lint.findings import Problem, Related
from netpol_lint.findings.wording import policy_text
from netpol_lint.resources.policy import Direction


def check(cluster: Cluster) -> Iterator[Problem]:
    for direction in Direction:
        for found in neutralised_denies(cluster, direction):
            denying, policy, opening = found
            related = (Related(f"denies {direction.field} by default", denying.meta.at),)
            yield Problem(_message(found, direction), opening.at, policy.meta.ref, related)


def _message(found: NeutralisedDeny, direction: Direction) -> str:
    denying, policy, opening = found
    what = f"accepts traffic from {opening.everyone}" if direction is Direction.INGRESS else "may send traffic anywhere"
    return (
        f"every pod of namespace {policy.meta.namespace} {what}{opening.ports}, although policy {denying.meta.name}"
        f" denies {direction.field} by default: {policy_text(policy)} admits it again"
    )
