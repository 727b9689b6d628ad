"""Policies of the cluster's administrators: AdminNetworkPolicy, BaselineAdminNetworkPolicy, ClusterNetworkPolicy.

The three kinds say the same things in different words; here they are one type.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TypeAlias

from netpol_lint.records import NamedTuple
from netpol_lint.resources.metadata import Metadata
from netpol_lint.resources.policy import AnyPod, Direction, EveryPort, Network, PodPeer, PortEntry, Undecodable
from netpol_lint.resources.selectors import LabelSelector
from netpol_lint.source.location import Location


class ClusterTier(enum.Enum):
    """Before or after the NetworkPolicies of the namespaces."""

    ADMIN = "Admin"
    BASELINE = "Baseline"


class Action(enum.Enum):
    """What a rule does with what it matches. `Allow` and `Accept` are two spellings of one action."""

    ALLOW = "allow"
    DENY = "deny"
    PASS = "pass"  # noqa: S105 - an action, no password
    """Leaves the rest of the tier out and goes on to the next one."""


class Subject(NamedTuple):
    """The pods a policy applies to, never hostNetwork ones."""

    namespaces: LabelSelector
    pods: LabelSelector | AnyPod
    at: Location
    """The `namespaces` or `pods` key."""


class NodesPeer(NamedTuple):
    """The addresses of nodes; not the pods that run on them."""

    nodes: LabelSelector
    at: Location


class NetworksPeer(NamedTuple):
    """Every address of these blocks, those of pods included."""

    networks: tuple[tuple[Network, Location], ...]
    at: Location


class DomainNamesPeer(NamedTuple):
    """Whatever addresses these names stand for when the connection is made."""

    names: tuple[tuple[str, Location], ...]
    at: Location


class UnknownPeer(NamedTuple):
    """A peer of a kind this version of the API does not have: the cluster fails closed (SEMANTICS 2)."""

    at: Location


ClusterPeer: TypeAlias = PodPeer | NodesPeer | NetworksPeer | DomainNamesPeer | UnknownPeer
"""The `namespaces` of a `PodPeer` are always a selector here: these policies have no namespace of their own."""


class NamedPortEntry(NamedTuple):
    """A port name, resolved on the destination pod to number and protocol."""

    name: str
    at: Location


@dataclass(frozen=True, slots=True)
class ClusterRule:
    """One entry of `ingress` or `egress`: of the rules that match a connection, the first one decides."""

    index: int
    direction: Direction
    name: str
    """"" without one."""
    action: Action
    peers: tuple[ClusterPeer, ...]
    ports: EveryPort | tuple[PortEntry | NamedPortEntry, ...]
    at: Location


class ClusterPolicy(NamedTuple):
    """A policy the API server accepts. `priority` is 0 for a BaselineAdminNetworkPolicy, of which there is only one."""

    meta: Metadata
    tier: ClusterTier
    priority: int
    priority_at: Location
    """The `priority` value, else `spec`."""
    subject: Subject
    ingress: tuple[ClusterRule, ...]
    egress: tuple[ClusterRule, ...]

    def rules(self, direction: Direction) -> tuple[ClusterRule, ...]:
        """The rules of one direction in the order they are tried."""
        return self.ingress if direction is Direction.INGRESS else self.egress


class RejectedClusterPolicy(NamedTuple):
    """A policy the API server refuses: not in the cluster, so what it could have decided is unknown."""

    meta: Metadata
    tier: ClusterTier | Undecodable
    priority: int
    """0, before every other, where it cannot be read."""
    subject: Subject | Undecodable
