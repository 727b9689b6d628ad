"""Policies whose text means to deny egress and whose `policyTypes`, left to the default, does not."""

from __future__ import annotations

from collections.abc import Iterator

from netpol_lint.cluster.denying_names import read_promise
from netpol_lint.records import NamedTuple
from netpol_lint.resources.policy import Direction, NetworkPolicy
from netpol_lint.source.location import Location


class DroppedEgress(NamedTuple):
    """What a policy says of egress, and does not do."""

    said: str
    """What says so: `its name "deny-egress"`."""
    said_at: Location
    at: Location
    """The text to change: the list of rules, or `spec`, where `policyTypes` is missing."""
    ingress_too: bool
    """Whether the text plainly means to isolate ingress as well, as the default does."""


def dropped_egress(policy: NetworkPolicy) -> tuple[DroppedEgress, ...]:
    """Every text of the policy that says that it denies egress, the plainest first; nothing where it does.

    The default is Ingress, and Egress only where there are egress rules (SetDefaults_NetworkPolicy): an empty list
    has none. Explicit types are taken at their word.
    """
    if policy.types_written or policy.isolates(Direction.EGRESS):
        return ()
    return (*_in_rules(policy), *_in_name(policy), *_in_description(policy))


def _in_rules(policy: NetworkPolicy) -> Iterator[DroppedEgress]:
    at = policy.egress.at
    if policy.egress.written:
        yield DroppedEgress("the empty `egress`", at, at, policy.ingress.written)


def _in_name(policy: NetworkPolicy) -> Iterator[DroppedEgress]:
    """`deny-egress`; `deny-all` too, unless a list of ingress rules shows what "all" is about."""
    promise = read_promise(policy.meta.name)
    named = Direction.EGRESS in promise.directions
    everything = promise.everything and not promise.directions and not policy.ingress.written
    if promise.denies and (named or everything):
        both = not named or Direction.INGRESS in promise.directions or policy.ingress.written
        yield DroppedEgress(f"its name, {policy.meta.name},", policy.meta.at, policy.types_at, both)


def _in_description(policy: NetworkPolicy) -> Iterator[DroppedEgress]:
    """A sentence that speaks of both directions may deny the one and leave the other open, so only of egress alone."""
    for annotation in policy.meta.annotations:
        if annotation.key.rpartition("/")[2] == "description":
            promise = read_promise(annotation.value)
            if promise.denies and promise.directions == {Direction.EGRESS}:
                yield DroppedEgress("its description", annotation.at, policy.types_at, policy.ingress.written)
