"""NP110: a selector on a label that changes with each release or rollout."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from netpol_lint.algebra.labels import Operator
from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.policy_selectors import selectors_of
from netpol_lint.findings import Problem
from netpol_lint.findings.wording import policy_text, requirement_text

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
            for requirement, key_at, _ in selector.placed:
                if requirement.key in changing and requirement.operator in (Operator.IN, Operator.NOT_IN):
                    message = (
                        f"{policy_text(policy)} selects {noun}s by {requirement_text(requirement)}, a label that"
                        f" changes with each release or rollout: then it no longer means the same {noun}s"
                    )
                    yield Problem(message, key_at, policy.meta.ref)
