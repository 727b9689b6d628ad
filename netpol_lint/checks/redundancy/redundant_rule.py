"""NP602: a rule, peer or port that another one covers."""

from __future__ import annotations

from collections.abc import Iterator

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.redundancy import Redundant, redundant_parts
from netpol_lint.findings import NO_FIX, Fix, Problem, Related
from netpol_lint.findings.redundancy_words import part_text, removal
from netpol_lint.findings.wording import policy_text


def check(cluster: Cluster) -> Iterator[Problem]:
    for found in redundant_parts(cluster):
        if found.same or _is_void(cluster, found):
            continue
        own, cover = part_text(found.part), part_text(found.cover)
        by = f"{cover} beside it" if found.by is found.policy else f"{cover} of {policy_text(found.by)}"
        message = f"{own} of {policy_text(found.policy)} admits nothing that {by} does not admit already"
        related = (Related("admits all of it", found.cover.at),)
        yield Problem(message, found.part.at, found.policy.meta.ref, related, _fix(found))


def _is_void(cluster: Cluster, found: Redundant) -> bool:
    """Whether NP604 says that the whole rule does nothing."""
    if not cluster.cluster_policies:
        return False
    from netpol_lint.connectivity.overriding import void_rules

    return found.part.at in void_rules(cluster)


def _fix(found: Redundant) -> Fix:
    """None where the cover is in another file: whoever applies this one alone needs the rule."""
    return removal(found.part, found.siblings) if found.by.meta.at.path == found.part.at.path else NO_FIX
