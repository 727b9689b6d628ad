"""Who may reach whom in one cluster: the questions one can ask, each answered with the rules that decide."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from netpol_lint.algebra.addresses import AddressSet, family
from netpol_lint.algebra.intervals import classes
from netpol_lint.algebra.ports import NO_PORT, PortSet, ports
from netpol_lint.cluster.cluster import Cluster
from netpol_lint.connectivity import lowering
from netpol_lint.connectivity.addresses import address_set
from netpol_lint.connectivity.endpoints import End, Labels, Outside, Pod, Unseen, labels_of, named_ports, pod_of
from netpol_lint.connectivity.form import Pods, Policy, Rule, Tier
from netpol_lint.connectivity.matching import Ranges, ranges_of
from netpol_lint.connectivity.sides import Sides
from netpol_lint.connectivity.verdicts import Side, Traffic, Verdict
from netpol_lint.resources.namespace import Namespace
from netpol_lint.resources.policy import Direction
from netpol_lint.resources.workload import ContainerPort, Workload


@dataclass(frozen=True, eq=False)
class Network:
    """The connections that a cluster's policies allow."""

    cluster: Cluster
    tiers: tuple[Tier, ...]
    ranges: Ranges
    finer: tuple[AddressSet, ...] = ()
    """Sets of addresses that no rule mentions and that are told apart all the same, to compare with another network."""
    _sides: Sides = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_sides", Sides(self.tiers, self.ranges))

    @classmethod
    def of(cls, cluster: Cluster) -> Network:
        """The network of a cluster, built once."""
        return cluster.once(_network)

    # -- ends -----------------------------------------------------------------------------------------------

    @cached_property
    def pods(self) -> Mapping[str, Pod]:
        """Every workload of which something is known as an end, by its id (`namespace/Kind/name`), sorted."""
        made = (self._pod(workload) for workload in self.cluster.workloads if not workload.is_opaque)
        return {pod.id: pod for pod in sorted(made, key=lambda pod: pod.id)}

    def _pod(self, workload: Workload) -> Pod:
        namespace = self.cluster.namespaces[workload.namespace]
        return pod_of(workload, namespace, exempt=self.cluster.is_exempt(workload))

    def future_pod(
        self,
        name: str,
        namespace: str,
        labels: Mapping[str, str],
        *,
        namespace_labels: Mapping[str, str] | tuple[()] = (),
        ports: tuple[ContainerPort, ...] | None = None,
    ) -> Pod:
        """A pod that does not exist. Its namespace need not either: then it has just the labels given.

        Without `ports` nothing is known of its container ports, so that what a named port means on it is unknown.
        """
        known = self.cluster.namespaces.get(namespace)
        if known is not None and not namespace_labels:
            own = labels_of(known)
        else:
            own = Labels(Namespace(namespace, declared=True, configured=dict(namespace_labels)).labels, Unseen.NONE)
        return Pod(
            name,
            namespace,
            own,
            Labels(labels, Unseen.NONE),
            named_ports(ports or ()),
            ports_known=ports is not None,
            single=True,
        )

    @cached_property
    def outside(self) -> tuple[Outside, ...]:
        """The addresses outside in classes that no policy tells apart: all of IPv4, and IPv6 where it is mentioned."""
        return tuple(map(Outside, classes(self._space, self.told_apart)))

    def addresses(self, text: str) -> tuple[Outside, ...]:
        """An address or block, cut into parts of which each is treated alike; none if the text is neither."""
        wanted = address_set(text)
        return tuple(map(Outside, classes(wanted, self.told_apart)))

    def outside_of(self, pod: Pod, direction: Direction) -> tuple[Outside, ...]:
        """The addresses outside in classes that no policy over a pod tells apart: few, whatever others mention."""
        return self.addresses_of(pod, direction, self._space)

    def addresses_of(self, pod: Pod, direction: Direction, wanted: AddressSet) -> tuple[Outside, ...]:
        """Some addresses in classes that no policy over a pod tells apart."""
        sets = {rule.peers.addresses for rule in self.rules_over(pod, direction) if rule.peers.addresses}
        return tuple(map(Outside, classes(wanted, self._with_own(sets))))

    def pod_at(self, text: str) -> tuple[Pod, ...]:
        """The pods whose own address this is, as a cluster dump shows them."""
        wanted = address_set(text)
        return tuple(pod for pod in self.pods.values() if wanted and pod.addresses.covers(wanted))

    @cached_property
    def _space(self) -> AddressSet:
        space = family(4)
        if any(addresses.of(6) for addresses in (*self.told_apart, self.ranges.pods)):
            space |= family(6)
        return space

    @cached_property
    def told_apart(self) -> tuple[AddressSet, ...]:
        """The distinct sets of addresses that rules mention, and the nodes', which are treated otherwise."""
        return self._with_own({rule.peers.addresses for _, rule in self.rules() if rule.peers.addresses})

    def _with_own(self, sets: set[AddressSet]) -> tuple[AddressSet, ...]:
        """The sets in order, with those that are told apart whatever rules mention."""
        own = {*self.finer, self.ranges.nodes} if self.ranges.nodes_known else set(self.finer)
        return tuple(sorted(sets | own, key=lambda addresses: addresses.bounds))

    @cached_property
    def pods_meant(self) -> tuple[Pods, ...]:
        """Every way in which pods are meant by the policies: as subjects and as peers, without repetition."""
        subjects = (policy.subjects for policy in self.policies())
        peers = (meant for _, rule in self.rules() for meant in rule.peers.pods)
        return tuple(dict.fromkeys((*subjects, *peers)))

    def policies(self) -> Iterator[Policy]:
        """Every policy of every tier."""
        for tier in self.tiers:
            for group in tier.groups:
                yield from group

    def rules(self) -> Iterator[tuple[Policy, Rule]]:
        """Every rule of every policy, with its policy."""
        for policy in self.policies():
            for direction in Direction:
                for rule in policy.rules(direction):
                    yield policy, rule

    def rules_over(self, pod: Pod, direction: Direction) -> Iterator[Rule]:
        """The rules of the policies that select `pod`, or may do so."""
        return self._sides.rules_over(pod, direction)

    def refined(self, finer: Iterable[AddressSet]) -> Network:
        """The same network with these sets of addresses told apart as well."""
        return Network(self.cluster, self.tiers, self.ranges, tuple(finer))

    # -- questions ------------------------------------------------------------------------------------------

    def traffic(self, source: End, destination: End, *, through_service: bool = False) -> Traffic:
        """Which ports `source` may open on `destination`, with the rules that decide.

        `through_service` matters for a pod that calls itself: by its own address it always may, through a Service that
        is left to the plugin (SEMANTICS 1.6). Addresses have no side of their own.
        """
        if source is destination and isinstance(source, Pod) and source.single:
            if not through_service:
                return Traffic(Side(), Side())
            sides = (self._sides.hairpin(source, direction) for direction in (Direction.EGRESS, Direction.INGRESS))
            return Traffic(*sides)
        return Traffic(
            self._sides.of(source, Direction.EGRESS, destination) if isinstance(source, Pod) else Side(),
            self._sides.of(destination, Direction.INGRESS, source) if isinstance(destination, Pod) else Side(),
        )

    def verdict(self, source: End, destination: End, protocol: str, port: int) -> Verdict:
        """Whether `source` may open one port of `destination`, and which rules say so on either side."""
        traffic = self.traffic(source, destination)
        one = ports(protocol, port, port)
        sides = (traffic.egress, traffic.ingress)
        doubts = tuple(doubt for side in sides for doubt in side.why_unknown(one) if one & traffic.unknown)
        egress, ingress = (side.decisions(one) for side in sides)
        return Verdict(traffic.answer(protocol, port), egress, ingress, doubts)

    def ports_named(self, destination: Pod, name: str, protocol: str = "") -> PortSet:
        """The ports a name stands for on a pod; of one protocol, if given."""
        found = NO_PORT
        for one in (protocol,) if protocol else ("TCP", "UDP", "SCTP"):
            found |= destination.port(name, one).possible
        return found


def _network(cluster: Cluster) -> Network:
    return Network(cluster, lowering.tiers(cluster), ranges_of(cluster))
