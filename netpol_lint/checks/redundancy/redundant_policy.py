"""NP601: a policy without which everything is as it is."""

from __future__ import annotations

from collections.abc import Iterator

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.redundancy import RedundantPolicy, redundant_policies
from netpol_lint.findings import Problem, Related
from netpol_lint.findings.redundancy_words import part_text
from netpol_lint.findings.wording import listed, policy_text


def check(cluster: Cluster) -> Iterator[Problem]:
    for found in redundant_policies(cluster):
        related = [Related(f"isolates the same pods: {policy_text(other)}", other.meta.at) for other in found.isolating]
        related += [
            Related(f"admits {'as much as' if len(covers) == 1 else 'a part of'} {part_text(own)}", cover.at)
            for own, covers, _ in found.covered
            for _, cover in covers
        ]
        yield Problem(_message(found), found.policy.meta.at, found.policy.meta.ref, tuple(dict.fromkeys(related)))


def _message(found: RedundantPolicy) -> str:
    others = (*found.isolating, *(cover.policy for one in found.covered for cover in one.covers))
    names = listed(policy_text(other) for other in dict.fromkeys(others))
    own = policy_text(found.policy)
    if not found.covered:
        return f"{own} admits nothing, and its pods are isolated by {names} already: without it nothing changes"
    return f"{own} admits and isolates nothing that {names} does not already: without it nothing changes"
