"""The one form every dialect lowers to: tiers in order, each with policies, whose rules allow, deny or pass.

A dialect is a module of `lowering` that makes policies of this form; nothing behind it knows dialects. Two more would
enter like this. Calico: each of its tiers is a `Tier` between the present ones, its policies groups by `order`,
`isolating` because a selected pod that no rule of the tier matches is denied; `Pass` is `Action.PASS`. Cilium: its
policies join the tier of the NetworkPolicies, with which they add up, each in two parts: its deny rules in a group
before all others, its allow rules, which isolate, beside the NetworkPolicies.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from netpol_lint.algebra.addresses import NO_ADDRESS, AddressSet
from netpol_lint.algebra.labels import EVERYTHING, Selector
from netpol_lint.algebra.ports import EVERY_PORT, PortSet
from netpol_lint.records import NamedTuple
from netpol_lint.resources.cluster_policy import Action
from netpol_lint.resources.policy import Direction
from netpol_lint.source.location import Location


class Pods(NamedTuple):
    """Pods meant by their labels and those of their namespace."""

    pods: Selector = EVERYTHING
    namespaces: Selector = EVERYTHING
    namespace: str = ""
    """The one namespace they are in; "" where `namespaces` says it."""
    host_network: bool = True
    """Whether hostNetwork pods are among them where they count as pods at all."""


class Peers(NamedTuple):
    """The other ends a rule matches: any of these."""

    everyone: bool = False
    pods: tuple[Pods, ...] = ()
    addresses: AddressSet = NO_ADDRESS
    perhaps_nodes: bool = False
    """Nodes of which the unit shows none: any address outside may be one."""
    perhaps_named: bool = False
    """Domain names: any address outside may be one of theirs."""


EVERYONE: Final = Peers(everyone=True)
NOBODY: Final = Peers()


class PortName(NamedTuple):
    """A port name, resolved on the destination; `protocol` is "" where any will do."""

    name: str
    protocol: str = ""


class Ports(NamedTuple):
    """The ports a rule matches: any of these."""

    numbers: PortSet = EVERY_PORT
    names: tuple[PortName, ...] = ()


ALL_PORTS: Final = Ports()


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """What is done with connections that match both peers and ports."""

    action: Action
    peers: Peers
    ports: Ports
    pointer: str
    """`spec.ingress[0]`."""
    at: Location


@dataclass(frozen=True, slots=True, eq=False)
class Policy:
    """The rules for some pods, tried in order. The first that matches decides."""

    name: str
    """`namespace/name`, of a cluster-wide policy its name."""
    tier: str
    """The tier or kind, as every output names it."""
    subjects: Pods
    ingress: tuple[Rule, ...]
    egress: tuple[Rule, ...]
    at: Location
    isolates: frozenset[Direction] = frozenset()
    """The directions in which it selects pods for an isolating tier."""
    isolation: Rule = field(init=False)
    """What an isolating tier does with the pods it selects where no rule matches, as a rule."""
    doubt: str = ""
    """Why it may not be what its rules say here, "" if it is: a rejected policy, or one of an unknown dialect."""

    def __post_init__(self) -> None:
        isolation = Rule(Action.DENY, EVERYONE, ALL_PORTS, "spec.podSelector", self.at)
        object.__setattr__(self, "isolation", isolation)

    def rules(self, direction: Direction) -> tuple[Rule, ...]:
        return self.ingress if direction is Direction.INGRESS else self.egress

    def counts_for(self, direction: Direction) -> bool:
        """Whether it can decide anything in a direction."""
        return bool(self.rules(direction)) or direction in self.isolates


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """Policies of one priority: where those that match disagree, either may win."""

    everywhere: tuple[Policy, ...] = ()
    by_namespace: Mapping[str, tuple[Policy, ...]] = field(default_factory=dict)
    """Those whose subjects are in one namespace."""

    def over(self, namespace: str) -> tuple[Policy, ...]:
        """The policies that may select pods of a namespace."""
        return (*self.everywhere, *self.by_namespace.get(namespace, ()))

    def __iter__(self) -> Iterator[Policy]:
        yield from self.everywhere
        for policies in self.by_namespace.values():
            yield from policies


@dataclass(frozen=True, slots=True, eq=False)
class Tier:
    """Groups in order of priority. What none of them decides goes on to the next tier."""

    name: str
    groups: tuple[Group, ...]
    isolating: bool = False
    """Whether a pod that one of its policies selects is denied what no rule matches."""
    spares_own_node: bool = False
    """Whether it lets a pod's own node, and a pod calling itself through a Service, off (SEMANTICS 1.6, 1.7)."""


def grouped(policies: Mapping[int, list[Policy]]) -> tuple[Group, ...]:
    """Policies by priority as groups, the lowest number first."""
    return tuple(_group(policies[priority]) for priority in sorted(policies))


def _group(policies: list[Policy]) -> Group:
    by_namespace: dict[str, list[Policy]] = {}
    for policy in policies:
        by_namespace.setdefault(policy.subjects.namespace, []).append(policy)
    everywhere = by_namespace.pop("", [])
    return Group(tuple(everywhere), {name: tuple(members) for name, members in by_namespace.items()})
