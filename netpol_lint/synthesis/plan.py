"""What least privilege asks for: policies with the peers and ports that needs name, and what no policy can keep."""

from __future__ import annotations

from typing import TypeAlias

from netpol_lint.algebra.ports import PortSet
from netpol_lint.needs.need import Addresses, Role
from netpol_lint.records import NamedTuple
from netpol_lint.resources.policy import Direction

Labels: TypeAlias = tuple[tuple[str, str], ...]


class Pods(NamedTuple):
    """Pods of one namespace by some of their labels; without labels, all of them."""

    namespace: str
    labels: Labels


Peer: TypeAlias = Pods | Role | Addresses


class Rule(NamedTuple):
    """One peer with the ports it needs, and why."""

    peer: Peer
    ports: PortSet
    reasons: tuple[str, ...]
    """In words, each once; nothing secret in them."""


class Policy(NamedTuple):
    """What one policy isolates and admits."""

    name: str
    pods: Pods
    types: tuple[Direction, ...]
    ingress: tuple[Rule, ...]
    egress: tuple[Rule, ...]
    about: str
    """Whom it is for, in words."""


class Plan(NamedTuple):
    """The policies of a unit, in the order they are written, and what they leave to a person."""

    policies: tuple[Policy, ...]
    gaps: tuple[str, ...]
