"""NetworkPolicy as the API server stores it: defaults applied, every part with its place."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Final, TypeAlias

from netpol_lint.records import NamedTuple
from netpol_lint.resources.metadata import Metadata
from netpol_lint.resources.selectors import LabelSelector
from netpol_lint.source.location import Location, Span

if TYPE_CHECKING:  # its import costs a run without ipBlocks 3 ms
    from ipaddress import IPv4Network, IPv6Network

Network: TypeAlias = "IPv4Network | IPv6Network"


NOWHERE: Final = Location("", Span(0, 0, 0, 0))


class Direction(enum.Enum):
    """Seen from the selected pod."""

    INGRESS = "Ingress"
    EGRESS = "Egress"

    @property
    def field(self) -> str:
        """The key of this direction's rules in `spec`."""
        return "ingress" if self is Direction.INGRESS else "egress"

    @property
    def peers_field(self) -> str:
        return "from" if self is Direction.INGRESS else "to"


class Protocol(enum.Enum):
    """The protocols NetworkPolicy defines."""

    TCP = "TCP"
    UDP = "UDP"
    SCTP = "SCTP"


class _Unwritten:
    """What an absent or an empty list means. No tuple: that is what a list with entries is."""

    __slots__ = ("at", "written")

    def __init__(self, at: Location, written: bool) -> None:
        self.at = at
        self.written = written

    def __eq__(self, other: object) -> bool:
        return isinstance(other, type(self)) and (self.at, self.written) == (other.at, other.written)

    def __hash__(self) -> int:
        return hash((type(self), self.at, self.written))

    def __repr__(self) -> str:
        return f"{type(self).__name__}(at={self.at!r}, written={self.written!r})"


class Everyone(_Unwritten):
    """Peers absent or empty: every pod of every namespace and every address outside.

    It is at the `from`/`to` key if that is written (`from: []`), else at the rule.
    """

    __slots__ = ()


class EveryPort(_Unwritten):
    """Ports absent or empty: all ports of all protocols; at the `ports` key if that is written, else at the rule."""

    __slots__ = ()


class SameNamespace:
    """No `namespaceSelector`: the policy's own namespace."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SameNamespace)

    def __hash__(self) -> int:
        return hash(SameNamespace)


class AnyPod:
    """No `podSelector` beside a `namespaceSelector`: every pod of those namespaces."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, AnyPod)

    def __hash__(self) -> int:
        return hash(AnyPod)


class Listed(NamedTuple):
    """How a list with items is written, for whoever puts another beside them."""

    last: Location
    """The last item."""
    dash: int
    """The column of the dashes; 0 where the text does not show it."""
    in_flow: bool
    """Whether it is written in brackets."""


NOT_LISTED: Final = Listed(NOWHERE, 0, False)


class PodPeer(NamedTuple):
    """Pods chosen by namespace and labels; never an address outside the cluster."""

    namespaces: SameNamespace | LabelSelector
    pods: AnyPod | LabelSelector
    at: Location
    """The list item: its first key."""
    whole: Span = NOWHERE.span
    """All its text."""
    in_flow: bool = False
    """Whether its list is written in brackets."""
    in_braces: bool = False
    """Whether it is itself written in braces."""


class IPBlock(NamedTuple):
    """Addresses of one block minus exceptions. Host bits are cleared, as the cluster reads them."""

    cidr: Network
    exceptions: tuple[tuple[Network, Location], ...]
    at: Location
    """The `cidr` value."""
    whole: Span = NOWHERE.span
    """All the text of the list item."""
    in_flow: bool = False
    """Whether its list is written in brackets."""
    dash: int = 0
    """The column of its dash; 0 where the text does not show it."""
    in_braces: bool = False
    """Whether its `cidr` stands in braces."""
    cidr_key: Location = NOWHERE
    """The `cidr` key."""
    except_key: Location = NOWHERE
    """The `except` key, if it is written."""
    excepted: Listed = NOT_LISTED
    """The list of exceptions, if there are any."""


Peer: TypeAlias = PodPeer | IPBlock


class AllOfProtocol:
    """A `ports` entry without a port."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, AllOfProtocol)

    def __hash__(self) -> int:
        return hash(AllOfProtocol)

    def __repr__(self) -> str:
        return "AllOfProtocol()"


class PortRange(NamedTuple):
    """A port number, or the inclusive range up to `endPort`."""

    first: int
    last: int


class NamedPort(NamedTuple):
    """A port name, resolved on the destination pod."""

    name: str


PortTarget: TypeAlias = AllOfProtocol | PortRange | NamedPort


class PortEntry(NamedTuple):
    """One entry of `ports`."""

    protocol: Protocol
    protocol_written: bool
    target: PortTarget
    at: Location
    """The `port` value; without one, the entry."""
    protocol_at: Location = NOWHERE
    """The `protocol` value; without one, the entry."""
    port_key: Location = NOWHERE
    """The `port` key; without one, the entry."""
    entry_at: Location = NOWHERE
    """The entry: in block style its first key."""
    whole: Span = NOWHERE.span
    """All its text."""
    in_flow: bool = False
    """Whether its list is written in brackets."""
    dash: int = 0
    """The column of its dash; 0 where the text does not show it."""
    in_braces: bool = False
    """Whether it is itself written in braces."""

    @property
    def port_written(self) -> bool:
        """Whether the key `port` is there, if only with null."""
        return self.at.pointer != self.entry_at.pointer


class Rule(NamedTuple):
    """One entry of `ingress` or `egress`: traffic that matches both the peers and the ports is admitted."""

    position: int
    """In its list, from 0."""
    direction: Direction
    peers: Everyone | tuple[Peer, ...]
    ports: EveryPort | tuple[PortEntry, ...]
    at: Location
    """The list item: its first key, or the dash's empty value."""
    whole: Span = NOWHERE.span
    """All its text."""
    in_flow: bool = False
    """Whether its list is written in brackets."""
    dash: int = 0
    """The column of its dash; 0 where the text does not show it."""


class RuleList(NamedTuple):
    """`spec.ingress` or `spec.egress` as written."""

    rules: tuple[Rule, ...]
    written: bool
    """Whether the key is there with a list (`egress: []` is written and has no rules)."""
    at: Location
    """The key if it is written, else `spec`."""


class NetworkPolicy(NamedTuple):
    """A policy the API server accepts."""

    meta: Metadata
    pod_selector: LabelSelector
    types: frozenset[Direction]
    """The directions it isolates, defaults applied (SEMANTICS 1.2)."""
    types_written: bool
    """Whether `policyTypes` has entries; null and `[]` count as absent."""
    types_at: Location
    """The `policyTypes` key if it is written, else `spec`."""
    ingress: RuleList
    egress: RuleList
    spec_at: Location
    """All the text of `spec`: in block style it begins with the first key. As `types_at` where there is none."""
    spec_in_flow: bool = False
    """Whether `spec` is written in braces."""
    types_listed: Listed = NOT_LISTED
    """The list of `policyTypes`, if it has entries."""

    def rule_list(self, direction: Direction) -> RuleList:
        """The rules of one direction as written, whether or not `policyTypes` makes them count."""
        return self.ingress if direction is Direction.INGRESS else self.egress

    def rules(self, direction: Direction) -> tuple[Rule, ...]:
        """The rules that count: none for a direction the policy does not isolate."""
        return self.rule_list(direction).rules if direction in self.types else ()

    def isolates(self, direction: Direction) -> bool:
        return direction in self.types


class RejectedPolicy(NamedTuple):
    """A policy the API server refuses: not in the cluster, so what it could have decided is unknown.

    Likewise one that cannot be read because a placeholder (`${CIDR}`) stands where the text matters; it has no defect.
    """

    meta: Metadata
    pod_selector: LabelSelector | Undecodable
    types: frozenset[Direction]
    """The directions it may have meant; both where that cannot be read."""


class ForeignPolicy(NamedTuple):
    """A policy of a kind whose rules are not decoded (Cilium, Calico, ...): it may select any pod of its scope."""

    meta: Metadata
    cluster_wide: bool


class Undecodable(NamedTuple):
    """A part that does not decode, in an object whose other parts do."""
