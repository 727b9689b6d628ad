"""Answers about one connection: what is allowed, denied and unknown, and which rules decided on each side."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from netpol_lint.algebra.ports import EVERY_PORT, PortSet
from netpol_lint.connectivity.connections import Decision
from netpol_lint.connectivity.evaluator import OPEN, Decided, Outcome, of_ports


class Answer(enum.Enum):
    """Whether a connection can be opened. `UNKNOWN` is what Kubernetes or the manifests leave open."""

    ALLOWED = "allowed"
    DENIED = "denied"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Side:
    """What the policies of one end say: of the source for egress, of the destination for ingress."""

    outcome: Outcome[PortSet] = OPEN
    decided: tuple[Decided[PortSet], ...] = ()
    """Every rule that decides some port, in the order they are asked; none where no policy does."""
    doubts: tuple[str, ...] = ()
    """Why something is undecided that no rule in `decided` explains."""

    @property
    def isolated(self) -> bool:
        """Whether any policy decides anything here."""
        return bool(self.decided)

    def decisions(self, ports: PortSet = EVERY_PORT) -> tuple[Decision, ...]:
        """The rules that decide these ports, as outputs show them."""
        return tuple(dict.fromkeys(decision_of(one) for one in of_ports(self.decided, ports)))

    def why_unknown(self, ports: PortSet = EVERY_PORT) -> tuple[str, ...]:
        """What makes these ports undecided on this side, in words; nothing if they are decided."""
        undecided = self.outcome.undecided & ports
        if not undecided:
            return ()
        doubts = [one.doubt for one in of_ports(self.decided, undecided) if one.doubt]
        return tuple(dict.fromkeys((*doubts, *self.doubts))) or ("policies of equal priority disagree",)


@dataclass(frozen=True, slots=True)
class Traffic:
    """Which ports one end may open on another. Reply traffic needs no rule of its own (SEMANTICS 1.1)."""

    egress: Side
    ingress: Side

    @property
    def allowed(self) -> PortSet:
        return self.egress.outcome.allowed & self.ingress.outcome.allowed

    @property
    def denied(self) -> PortSet:
        return self.egress.outcome.denied | self.ingress.outcome.denied

    @property
    def unknown(self) -> PortSet:
        return EVERY_PORT - self.allowed - self.denied

    def answer(self, protocol: str, port: int) -> Answer:
        """The verdict on one port."""
        if self.allowed.has(protocol, port):
            return Answer.ALLOWED
        return Answer.DENIED if self.denied.has(protocol, port) else Answer.UNKNOWN


@dataclass(frozen=True, slots=True)
class Verdict:
    """The verdict on one port, with the rules that decided on both sides and what is doubtful."""

    answer: Answer
    egress: tuple[Decision, ...]
    ingress: tuple[Decision, ...]
    doubts: tuple[str, ...] = ()


def decision_of(decided: Decided[PortSet]) -> Decision:
    """A decision as outputs show it."""
    policy, rule = decided.policy, decided.rule
    return Decision(policy.name, policy.tier, decided.action.value, rule.pointer, rule.at)
