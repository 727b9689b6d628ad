"""Questions as people ask them, with names, blocks and ranges, and the one answer to all the connections they mean."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from netpol_lint.algebra.ports import EVERY_PORT, NO_PORT, PortSet, ports
from netpol_lint.cluster.cluster import Cluster
from netpol_lint.connectivity.connections import Decision
from netpol_lint.connectivity.endpoints import End, Outside, Pod
from netpol_lint.connectivity.matching import Doubt
from netpol_lint.connectivity.naming import Names, alternatives, quoted
from netpol_lint.connectivity.network import Network
from netpol_lint.connectivity.verdicts import Side, Traffic
from netpol_lint.errors import NetpolLintError
from netpol_lint.records import NamedTuple
from netpol_lint.resources.policy import Direction
from netpol_lint.source.asked_ports import PROTOCOLS, AskedPorts


class Judgement(enum.Enum):
    """The answer to a whole question."""

    ALLOWED = "allowed"
    DENIED = "denied"
    PARTLY = "partly"
    """Some of the connections it means are allowed, some denied."""
    UNKNOWN = "unknown"


class Pair(NamedTuple):
    """One source and one destination of a question."""

    source: End
    destination: End
    traffic: Traffic
    allowed: PortSet
    denied: PortSet
    unknown: PortSet

    def side(self, direction: Direction) -> Side:
        """What the policies of one end say."""
        return self.traffic.egress if direction is Direction.EGRESS else self.traffic.ingress

    def subject(self, direction: Direction) -> End:
        """The end whose policies these are."""
        return self.source if direction is Direction.EGRESS else self.destination

    def other(self, direction: Direction) -> End:
        """The end at the other side."""
        return self.destination if direction is Direction.EGRESS else self.source


@dataclass(frozen=True)
class Reply:
    """The connections a question means, and what is to be said about them."""

    pairs: tuple[Pair, ...]
    asked: PortSet
    uncertain: str = ""
    """Why only some of these connections, nobody knows which, are meant; "" if all are."""

    @cached_property
    def judgement(self) -> Judgement:
        """What holds for all of the connections, `PARTLY` where they differ."""
        some_allowed = any(self.asked & pair.allowed for pair in self.pairs)
        some_denied = any(self.asked & pair.denied for pair in self.pairs)
        if some_allowed and some_denied:
            return Judgement.UNKNOWN if self.uncertain else Judgement.PARTLY
        if any(self.asked & pair.unknown for pair in self.pairs):
            return Judgement.UNKNOWN
        return Judgement.ALLOWED if some_allowed else Judgement.DENIED

    @cached_property
    def allowed(self) -> PortSet:
        """The ports, of those asked about, that every one of the pairs may use."""
        common = self.asked
        for pair in self.pairs:
            common &= pair.allowed
        return common

    @cached_property
    def unknown(self) -> PortSet:
        """The ports, of those asked about, that are undecided for some pair."""
        undecided = NO_PORT
        for pair in self.pairs:
            undecided |= pair.unknown & self.asked
        return undecided

    def isolated(self, direction: Direction) -> bool:
        """Whether any policy decides anything at that end."""
        return any(pair.side(direction).isolated for pair in self.pairs)

    def decisions(self, direction: Direction) -> tuple[Decision, ...]:
        """The rules that decide at one end, each once."""
        return tuple(dict.fromkeys(one for pair in self.pairs for one in pair.side(direction).decisions(self.asked)))

    def deciding(self) -> tuple[Decision, ...]:
        """The rules that make the answer what it is: those that deny at the ends that do, else those of both ends."""
        found: list[Decision] = []
        for pair in self.pairs:
            for direction in (Direction.EGRESS, Direction.INGRESS):
                if self.judgement is not Judgement.DENIED or pair.side(direction).outcome.denied & self.asked:
                    found += pair.side(direction).decisions(self.asked)
        return tuple(dict.fromkeys(found))

    def doubts(self) -> tuple[str, ...]:
        """Why the answer is unknown, in words; nothing if it is known."""
        if self.judgement is not Judgement.UNKNOWN:
            return ()
        found = [self.uncertain] if self.uncertain else []
        for pair in self.pairs:
            undecided = pair.unknown & self.asked
            if undecided:
                for side in (pair.traffic.egress, pair.traffic.ingress):
                    found += side.why_unknown(undecided)
        return tuple(dict.fromkeys(found))


class Questions:
    """Answers questions about one network; what was found is remembered."""

    def __init__(self, network: Network, extra: Iterable[Pod] = ()) -> None:
        self.network = network
        self._names = Names(network, extra)
        self._ends: dict[str, tuple[End, ...]] = {}
        self._pairs = network.cluster.once(_no_pairs)

    def ask(self, source: str, destination: str, asked: AskedPorts, *, to_host: bool = False) -> Reply:
        """What the policies say to it; NetpolLintError if an end, or a port name, is unknown or ambiguous.

        `to_host` takes the destination for the name of a host outside.
        """
        sources = self._named(source)
        destinations = self._names.host(destination) if to_host else self._named(destination)
        if not any(isinstance(end, Pod) for end in (*sources, *destinations)):
            raise NetpolLintError(f"neither {quoted(source)} nor {quoted(destination)} is a pod: no policy applies")
        wanted, uncertain = _ports_of(asked, destination, destinations)
        if to_host:
            uncertain = f"which addresses {quoted(destination)} stands for is not known"
        pairs = (
            self._pair(one, other)
            for one in sources
            for other in destinations
            if isinstance(one, Pod) or isinstance(other, Pod)
        )
        return Reply(tuple(pairs), wanted, uncertain)

    def _pair(self, source: End, destination: End) -> Pair:
        found = self._pairs.get((source, destination))
        if found is None:
            traffic = self.network.traffic(source, destination)
            found = Pair(source, destination, traffic, traffic.allowed, traffic.denied, traffic.unknown)
            self._pairs[source, destination] = found
        return found

    def _named(self, text: str) -> tuple[End, ...]:
        if text not in self._ends:
            self._ends[text] = self._names.ends(text)
        return self._ends[text]


def _no_pairs(_: Cluster) -> dict[tuple[End, End], Pair]:
    """What is known of pairs, whoever asked."""
    return {}


def _ports_of(asked: AskedPorts, destination: str, ends: tuple[End, ...]) -> tuple[PortSet, str]:
    """The ports asked about, and why it is not certain that all of them are meant."""
    if not asked.name:
        if not asked.protocol:
            return EVERY_PORT, ""
        return ports(asked.protocol, asked.first, asked.last), ""
    if len(ends) != 1 or isinstance(ends[0], Outside):
        raise NetpolLintError(f"the port name {quoted(asked.name)} means nothing on {quoted(destination)}")
    named = ends[0].port(asked.name, asked.protocol)
    if not named.possible:
        raise NetpolLintError(_no_such_port(asked, destination, ends[0]))
    return named.possible, Doubt.PORT_NAME.value if named.sure != named.possible else ""


def _no_such_port(asked: AskedPorts, destination: str, pod: Pod) -> str:
    head = f"{quoted(destination)} has no {asked.protocol} port named {quoted(asked.name)}"
    others = [protocol for protocol in PROTOCOLS if (asked.name, protocol) in pod.named_ports]
    if others:
        return f"{head}; it is a port of {alternatives(others, 'and')}: say so with `protocol`"
    names = sorted({name for name, _ in pod.named_ports})
    return f"{head}; it has {alternatives(names, 'and')}" if names else f"{head}; none of its ports has a name"
