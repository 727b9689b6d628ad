"""What one side of a connection lets through: the tiers in order, the first decision wins. It knows no dialect.

Nothing is guessed: where a rule may or may not match, both ways are followed, and a port for which they end
differently is undecided.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from netpol_lint.algebra.ports import EVERY_PORT, NO_PORT, PortSet
from netpol_lint.connectivity.form import Policy, Rule
from netpol_lint.resources.cluster_policy import Action


class Hit(NamedTuple):
    """A rule that matches, or may match, the other end."""

    rule: Rule
    sure: PortSet
    """The ports for which it matches for certain."""
    possible: PortSet
    """The ports for which it may match, the certain ones included."""
    doubt: str = ""
    """Why it is not certain, "" if it is."""


class Applied(NamedTuple):
    """A policy that selects, or may select, the pod, with the rules that match."""

    policy: Policy
    certain: bool
    isolates: bool
    hits: tuple[Hit, ...]
    doubt: str = ""
    """Why it may not select the pod."""


class Layer(NamedTuple):
    """One tier for one pod: its groups of policies in order of priority."""

    groups: tuple[tuple[Applied, ...], ...]
    isolating: bool
    spared: bool
    """Whether what the tier denies may be let through all the same (own node, hairpin)."""


class Decided(NamedTuple):
    """A rule, or the isolation by a policy, that decides some ports or may do so."""

    policy: Policy
    rule: Rule
    """The policy's `isolation` where it denies because none of its rules matches."""
    action: Action
    ports: PortSet
    doubt: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """Ports that may be allowed and ports that may be denied; a port in both is undecided."""

    may_allow: PortSet
    may_deny: PortSet

    @property
    def allowed(self) -> PortSet:
        return self.may_allow - self.may_deny

    @property
    def denied(self) -> PortSet:
        return self.may_deny - self.may_allow

    @property
    def undecided(self) -> PortSet:
        return self.may_allow & self.may_deny

    def __or__(self, other: Outcome) -> Outcome:
        """What holds if either may be the case."""
        return Outcome(self.may_allow | other.may_allow, self.may_deny | other.may_deny)


OPEN = Outcome(EVERY_PORT, NO_PORT)
"""No policy applies: everything is allowed."""


def decide(layers: Sequence[Layer], decided: list[Decided]) -> Outcome:
    """What the tiers let through; what decided it is added to `decided`."""
    may_allow = may_deny = NO_PORT
    left = EVERY_PORT
    for layer in layers:
        step = _layer(layer, left, decided)
        may_allow |= step.allow
        may_deny |= step.deny
        if layer.spared:
            may_allow |= step.deny
        left = step.left
        if not left:
            break
    return Outcome(may_allow | left, may_deny)


class _Step(NamedTuple):
    """What comes out of a tier, a group or a policy."""

    allow: PortSet
    deny: PortSet
    passed: PortSet
    left: PortSet
    """What is not decided for certain, and goes on."""


def _layer(layer: Layer, left: PortSet, decided: list[Decided]) -> _Step:
    allow = deny = passed = NO_PORT
    missed: list[tuple[Applied, PortSet]] = []
    for group in layer.groups:
        undecided = left
        for applied in group:
            step = _policy(applied, left, decided)
            allow |= step.allow
            deny |= step.deny
            passed |= step.passed
            if applied.certain:
                undecided &= step.left
            if applied.isolates:
                missed.append((applied, step.left))
        left = undecided
    if layer.isolating and missed:
        denied, left = _isolation(missed, left, decided)
        deny |= denied
    return _Step(allow, deny, passed, left | passed)


def _policy(applied: Applied, left: PortSet, decided: list[Decided]) -> _Step:
    outcome = {Action.ALLOW: NO_PORT, Action.DENY: NO_PORT, Action.PASS: NO_PORT}
    for hit in applied.hits:
        reached = hit.possible & left
        if not reached:
            continue
        outcome[hit.rule.action] |= reached
        decided.append(Decided(applied.policy, hit.rule, hit.rule.action, reached, applied.doubt or hit.doubt))
        left -= hit.sure
        if not left:
            break
    return _Step(outcome[Action.ALLOW], outcome[Action.DENY], outcome[Action.PASS], left)


def _isolation(
    missed: Iterable[tuple[Applied, PortSet]], left: PortSet, decided: list[Decided]
) -> tuple[PortSet, PortSet]:
    """What is denied because a policy selects the pod and no rule matches; and what goes on."""
    certain = False
    denied = NO_PORT
    for applied, unmatched in missed:
        ports = unmatched & left
        if applied.certain:
            certain = True
            ports = left
        if ports:
            denied |= ports
            decided.append(Decided(applied.policy, applied.policy.isolation, Action.DENY, ports, applied.doubt))
    return denied, NO_PORT if certain else left


def of_ports(decided: Iterable[Decided], ports: PortSet) -> Iterator[Decided]:
    """The decisions about these ports."""
    for one in decided:
        common = one.ports & ports
        if common:
            yield one._replace(ports=common)
