"""NP309: every address of one family, in a cluster that speaks both."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from netpol_lint.cluster.address_families import OneFamily, single_stack_blocks
from netpol_lint.cluster.cluster import Cluster
from netpol_lint.findings import NO_FIX, Fix, Problem, Related
from netpol_lint.findings.block_fixes import with_other_block
from netpol_lint.findings.rule_wording import pods_text
from netpol_lint.findings.wording import policy_text
from netpol_lint.resources.policy import Direction

_COUNTERPARTS: Final = {4: "::/0", 6: "0.0.0.0/0"}
"""What is every address of the other family, by IP version."""


def check(cluster: Cluster) -> Iterator[Problem]:
    for found in single_stack_blocks(cluster):
        related = tuple(Related("is for both families", service.meta.at) for service in found.services[:3])
        yield Problem(_message(found), found.block.at, found.policy.meta.ref, related, _fix(found))


def _fix(found: OneFamily) -> Fix:
    """Adds the other block, unless some of it is to be left out as some of this one is."""
    if found.block.exceptions:
        return NO_FIX
    return with_other_block(found.rule, found.block, _COUNTERPARTS[found.block.cidr.version])


def _message(found: OneFamily) -> str:
    policy, rule, block, pods, services = found
    own = block.cidr.version
    other, counterpart = 10 - own, _COUNTERPARTS[own]
    whom = f"{pods_text(pods)} for" if pods else "the pods it selects for"
    ingress = rule.direction is Direction.INGRESS
    effect = f"clients that come over IPv{other} are kept out" if ingress else f"IPv{other} is no way out"
    both = f"Service {services[0].meta.name} is" if services else "the configured ranges are"
    return (
        f"{policy_text(policy)} opens {whom} every IPv{own} address ({block.cidr}) without {counterpart}, and {both}"
        f" dual-stack: {effect}"
    )
