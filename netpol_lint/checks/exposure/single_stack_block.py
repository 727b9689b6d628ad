"""NP309: every address of one family, in a cluster that speaks both."""

from __future__ import annotations

from collections.abc import Iterator

from netpol_lint.cluster.address_families import OneFamily, single_stack_blocks
from netpol_lint.cluster.cluster import Cluster
from netpol_lint.findings import Problem, Related
from netpol_lint.findings.rule_wording import pods_text
from netpol_lint.findings.wording import policy_text
from netpol_lint.resources.policy import Direction


def check(cluster: Cluster) -> Iterator[Problem]:
    for found in single_stack_blocks(cluster):
        related = tuple(Related("is for both families", service.meta.at) for service in found.services[:3])
        yield Problem(_message(found), found.block.at, found.policy.meta.ref, related)


def _message(found: OneFamily) -> str:
    policy, rule, block, pods, services = found
    own = block.cidr.version
    other, counterpart = (6, "::/0") if own == 4 else (4, "0.0.0.0/0")
    whom = f"{pods_text(pods)} for" if pods else "the pods it selects for"
    ingress = rule.direction is Direction.INGRESS
    effect = f"clients that come over IPv{other} are kept out" if ingress else f"IPv{other} is no way out"
    both = f"Service {services[0].meta.name} is" if services else "the configured ranges are"
    return (
        f"{policy_text(policy)} opens {whom} every IPv{own} address ({block.cidr}) without {counterpart}, and {both}"
        f" dual-stack: {effect}"
    )
