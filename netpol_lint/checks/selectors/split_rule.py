"""NP109: one rule written as two: ports for everyone, and peers on every port."""

from __future__ import annotations

from collections.abc import Iterator

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.split_rules import SplitRule, split_rules
from netpol_lint.findings import Fix, Problem, Related
from netpol_lint.findings.joins import Item, joined
from netpol_lint.findings.wording import listed, policy_text, port_text
from netpol_lint.resources.policy import Direction


def check(cluster: Cluster) -> Iterator[Problem]:
    for policy in cluster.policies:
        for direction in Direction:
            for split in split_rules(cluster, policy, direction):
                ports = listed([port_text(entry) for entry in split.entries])
                end = "from" if direction is Direction.INGRESS else "to"
                message = (
                    f"{policy_text(policy)} admits traffic on {ports} {end} everyone, and on every port {end} the peers"
                    f" of the rule beside it: the dash makes two rules of what reads as one"
                )
                related = (Related(f"peers without ports: every port {end} them", split.peers.at),)
                yield Problem(message, split.ports.at, policy.meta.ref, related, _fix(split))


def _fix(split: SplitRule) -> Fix:
    one, other = sorted((split.peers, split.ports), key=lambda rule: rule.position)
    key = "ports" if other is split.ports else other.direction.peers_field
    return joined(Item(one.at, one.whole), Item(other.at, other.whole), (key,), "join the two rules")
