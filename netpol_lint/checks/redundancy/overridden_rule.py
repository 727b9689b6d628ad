"""NP604: a rule that a policy of a higher tier makes void."""

from __future__ import annotations

from collections.abc import Iterator

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.findings import Problem, Related
from netpol_lint.findings.redundancy_words import part_text
from netpol_lint.findings.wording import policy_text
from netpol_lint.resources.cluster_policy import Action


def check(cluster: Cluster) -> Iterator[Problem]:
    if not cluster.cluster_policies or not cluster.policies:
        return
    from netpol_lint.connectivity.overriding import overridden_rules

    for policy, rule, by, deciding in overridden_rules(cluster):
        verb, effect = ("denies", "blocked") if deciding.action is Action.DENY else ("accepts", "open whatever it says")
        message = (
            f"{part_text(rule)} of {policy_text(policy)} is void: {by.meta.ref} {verb} all its connections before any"
            f" NetworkPolicy is asked, so that they are {effect}"
        )
        yield Problem(message, rule.at, policy.meta.ref, (Related(f"{verb} them before", deciding.at),))
