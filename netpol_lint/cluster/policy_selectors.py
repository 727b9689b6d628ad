"""Every selector of a policy, with what becomes of the policy where it picks nothing."""

from __future__ import annotations

from collections.abc import Iterator

from netpol_lint.cluster.diagnosis import peer_effect, subject_effect
from netpol_lint.records import NamedTuple
from netpol_lint.resources.policy import Direction, NetworkPolicy, PodPeer
from netpol_lint.resources.selectors import LabelSelector


class PolicySelector(NamedTuple):
    """One selector: `spec.podSelector`, or a selector of a peer."""

    selector: LabelSelector
    effect: str
    """What happens where it picks nothing, as the first half of a sentence."""
    noun: str
    """What it picks: `pod` or `namespace`."""


def selectors_of(policy: NetworkPolicy) -> Iterator[PolicySelector]:
    """The selectors of the policy itself and of the peers of the rules that count, in source order."""
    yield PolicySelector(policy.pod_selector, subject_effect(policy), "pod")
    for direction in Direction:
        effect = peer_effect(policy, direction)
        for rule in policy.rules(direction):
            for peer in rule.peers if isinstance(rule.peers, tuple) else ():
                if isinstance(peer, PodPeer):
                    for selector, noun in ((peer.namespaces, "namespace"), (peer.pods, "pod")):
                        if isinstance(selector, LabelSelector):
                            yield PolicySelector(selector, effect, noun)
