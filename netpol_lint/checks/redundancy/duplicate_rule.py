"""NP603: the same rule, peer or port twice."""

from __future__ import annotations

from collections.abc import Iterator

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.redundancy import redundant_parts
from netpol_lint.findings import Problem, Related
from netpol_lint.findings.redundancy_words import part_text, removal
from netpol_lint.findings.wording import policy_text


def check(cluster: Cluster) -> Iterator[Problem]:
    for found in redundant_parts(cluster):
        if found.same:
            text = part_text(found.part)
            [(_, cover)] = found.covers
            message = f"{policy_text(found.policy)} has {text} twice: the second one admits nothing more"
            if text != part_text(cover):
                message = f"{text} of {policy_text(found.policy)} admits just what {part_text(cover)} does"
            related = (Related("the first", cover.at),)
            yield Problem(message, found.part.at, found.policy.meta.ref, related, removal(found.part, found.siblings))
