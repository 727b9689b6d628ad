"""NP207: a policy that says it denies, and admits everyone."""

from __future__ import annotations

from collections.abc import Iterator

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.denying_names import BrokenPromise, broken_promises
from netpol_lint.findings import Problem, Related
from netpol_lint.findings.wording import policy_text
from netpol_lint.resources.policy import Direction, Everyone, EveryPort

_LONGEST = 80


def check(cluster: Cluster) -> Iterator[Problem]:
    for policy in cluster.policies:
        for promise in broken_promises(policy):
            opening, said, said_at = promise
            direction = opening.rule.direction
            end = "from" if direction is Direction.INGRESS else "to"
            whom = opening.everyone if direction is Direction.INGRESS else "anywhere"
            message = (
                f"{policy_text(policy)} says that it denies and admits traffic {end} {whom}{opening.ports}:"
                f" {_reason(promise)}"
            )
            yield Problem(message, opening.at, policy.meta.ref, (Related(f"says so: {_short(said)}", said_at),))


def _short(said: str) -> str:
    return said if len(said) <= _LONGEST else f"{said[:_LONGEST]}…"


def _reason(promise: BrokenPromise) -> str:
    rule = promise.opening.rule
    deny = f"to deny, leave `{rule.direction.field}` without rules"
    if not isinstance(rule.peers, Everyone):
        return f"this peer is all of them; {deny}"
    if rule.peers.written:
        return f"an empty `{rule.direction.peers_field}` is everyone; {deny}"
    if isinstance(rule.ports, EveryPort) and not rule.ports.written:
        return f"an empty rule is not none, it admits all traffic; {deny}"
    return f"a rule without `{rule.direction.peers_field}` is for everyone; {deny}"
