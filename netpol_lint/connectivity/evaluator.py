"""What one side lets through: the tiers in order, the first decision wins. It knows no dialect.

Nothing is guessed: where a rule may or may not match, both ways are followed, and that for which they end differently
is undecided.

What is decided are sets: the ports of one connection (`PortSet`), or for one port the other ends at once (bits of an
integer). The evaluator needs no more of them than union, intersection and complement.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, NamedTuple, Protocol, Self, TypeVar

from netpol_lint.algebra.ports import EVERY_PORT, NO_PORT, PortSet
from netpol_lint.connectivity.form import Policy, Rule
from netpol_lint.resources.cluster_policy import Action


class AnySet(Protocol):
    """A set as the evaluator uses it."""

    def __or__(self, other: Self, /) -> Self: ...
    def __and__(self, other: Self, /) -> Self: ...
    def __invert__(self) -> Self: ...
    def __bool__(self) -> bool: ...


S = TypeVar("S", bound=AnySet)


class Hit(NamedTuple, Generic[S]):
    """A rule with what it matches."""

    rule: Rule
    sure: S
    """What it matches for certain."""
    possible: S
    """What it may match, the certain included."""
    doubt: str = ""
    """Why it is not certain, "" if it is."""


class Applied(NamedTuple, Generic[S]):
    """A policy that selects, or may select, the pod, with the rules that match."""

    policy: Policy
    certain: bool
    isolates: bool
    hits: tuple[Hit[S], ...]
    doubt: str = ""
    """Why it may not select the pod."""


class Layer(NamedTuple, Generic[S]):
    """One tier for one pod: its groups of policies in order of priority."""

    groups: tuple[tuple[Applied[S], ...], ...]
    isolating: bool
    spared: S
    """What may be let through although the tier denies it (own node, hairpin)."""


class Decided(NamedTuple, Generic[S]):
    """A rule, or the isolation by a policy, that decides something or may do so."""

    policy: Policy
    rule: Rule
    """The policy's `isolation` where it denies because none of its rules matches."""
    action: Action
    what: S
    doubt: str


@dataclass(frozen=True, slots=True)
class Outcome(Generic[S]):
    """What may be allowed and what may be denied; what is in both is undecided."""

    may_allow: S
    may_deny: S

    @property
    def allowed(self) -> S:
        return self.may_allow & ~self.may_deny

    @property
    def denied(self) -> S:
        return self.may_deny & ~self.may_allow

    @property
    def undecided(self) -> S:
        return self.may_allow & self.may_deny

    def __or__(self, other: Outcome[S]) -> Outcome[S]:
        """What holds if either may be the case."""
        return Outcome(self.may_allow | other.may_allow, self.may_deny | other.may_deny)


OPEN: Outcome[PortSet] = Outcome(EVERY_PORT, NO_PORT)
"""No policy applies: every port is allowed."""


def decide(layers: Sequence[Layer[S]], everything: S, decided: list[Decided[S]]) -> Outcome[S]:
    """What the tiers let through of `everything`; what decided it is added to `decided`."""
    left = everything
    allow = deny = nothing = everything & ~everything
    for layer in layers:
        step = _layer(layer, left, nothing, decided)
        allow |= step.allow | (step.deny & layer.spared)
        deny |= step.deny
        left = step.left
        if not left:
            break
    return Outcome(allow | left, deny)


class _Step(NamedTuple, Generic[S]):
    """What comes out of a tier or a policy."""

    allow: S
    deny: S
    passed: S
    left: S
    """What is not decided for certain, and goes on."""


def _layer(layer: Layer[S], left: S, nothing: S, decided: list[Decided[S]]) -> _Step[S]:
    allow = deny = passed = nothing
    missed: list[tuple[Applied[S], S]] = []
    for group in layer.groups:
        undecided = left
        for applied in group:
            step = _policy(applied, left, nothing, decided)
            allow |= step.allow
            deny |= step.deny
            passed |= step.passed
            if applied.certain:
                undecided &= step.left
            if applied.isolates:
                missed.append((applied, step.left))
        left = undecided
    if layer.isolating and missed:
        denied, left = _isolation(missed, left, nothing, decided)
        deny |= denied
    return _Step(allow, deny, passed, left | passed)


def _policy(applied: Applied[S], left: S, nothing: S, decided: list[Decided[S]]) -> _Step[S]:
    outcome = {Action.ALLOW: nothing, Action.DENY: nothing, Action.PASS: nothing}
    for hit in applied.hits:
        reached = hit.possible & left
        if not reached:
            continue
        outcome[hit.rule.action] |= reached
        decided.append(Decided(applied.policy, hit.rule, hit.rule.action, reached, applied.doubt or hit.doubt))
        if applied.policy.doubt:
            continue  # whatever its rules are, another of them may be the first that matches
        left &= ~hit.sure
        if not left:
            break
    return _Step(outcome[Action.ALLOW], outcome[Action.DENY], outcome[Action.PASS], left)


def _isolation(missed: Iterable[tuple[Applied[S], S]], left: S, nothing: S, decided: list[Decided[S]]) -> tuple[S, S]:
    """What is denied because a policy selects the pod and no rule matches; and what goes on."""
    certain = False
    denied = nothing
    for applied, unmatched in missed:
        what = unmatched & left
        if applied.certain:
            certain = True
            what = left
        if what:
            denied |= what
            decided.append(Decided(applied.policy, applied.policy.isolation, Action.DENY, what, applied.doubt))
    return denied, nothing if certain else left


def of_ports(decided: Iterable[Decided[PortSet]], ports: PortSet) -> Iterator[Decided[PortSet]]:
    """The decisions about these ports."""
    for one in decided:
        common = one.what & ports
        if common:
            yield one._replace(what=common)
