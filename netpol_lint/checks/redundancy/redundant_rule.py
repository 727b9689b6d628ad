"""NP602: a rule, peer or port that another one covers."""

from __future__ import annotations

from collections.abc import Iterator

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.covers import Cover
from netpol_lint.cluster.redundancy import Redundant, redundant_parts
from netpol_lint.findings import NO_FIX, Fix, Problem, Related
from netpol_lint.findings.redundancy_words import part_text, removal
from netpol_lint.findings.wording import listed, policy_text


def check(cluster: Cluster) -> Iterator[Problem]:
    for found in redundant_parts(cluster):
        if found.same or _is_void(cluster, found):
            continue
        own, by = part_text(found.part), listed(_cover_text(found, cover) for cover in found.covers)
        does = "does" if len(found.covers) == 1 else "together do"
        message = f"{own} of {policy_text(found.policy)} admits nothing that {by} {does} not admit already"
        all_of_it = "admits all of it" if len(found.covers) == 1 else "admits a part of it"
        related = tuple(Related(all_of_it, cover.part.at) for cover in found.covers)
        yield Problem(message, found.part.at, found.policy.meta.ref, related, _fix(found))


def _cover_text(found: Redundant, cover: Cover) -> str:
    text = part_text(cover.part)
    return f"{text} beside it" if cover.policy is found.policy else f"{text} of {policy_text(cover.policy)}"


def _is_void(cluster: Cluster, found: Redundant) -> bool:
    """Whether NP604 says that the whole rule does nothing."""
    if not cluster.cluster_policies:
        return False
    from netpol_lint.connectivity.overriding import void_rules

    return found.part.at in void_rules(cluster)


def _fix(found: Redundant) -> Fix:
    """None where a cover is in another file: whoever applies this one alone needs the rule."""
    is_here = all(cover.policy.meta.at.path == found.part.at.path for cover in found.covers)
    return removal(found.part, found.siblings) if is_here else NO_FIX
