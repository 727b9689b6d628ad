"""From the needs of a unit to the policies that admit them and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from netpol_lint.algebra.ports import NO_PORT, PortSet, ports
from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.unseen import is_system_namespace
from netpol_lint.findings.wording import workload_text
from netpol_lint.needs import needs_of
from netpol_lint.needs.need import Need, Party, Reason, Role
from netpol_lint.needs.resolvers import asked_by
from netpol_lint.resources.policy import Direction
from netpol_lint.resources.workload import Workload
from netpol_lint.synthesis.naming import identity_of
from netpol_lint.synthesis.plan import Peer, Plan, Pods, Policy, Rule

DNS_PORTS: Final = ports("UDP", 53, 53) | ports("TCP", 53, 53)
_BOTH: Final = (Direction.INGRESS, Direction.EGRESS)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for."""

    workload: str = ""
    """`namespace/name` of the only one to write a policy for; "" for all."""
    missing_only: bool = False
    """Only for pods and directions that no policy isolates yet."""


def plan(cluster: Cluster, wanted: Wanted = Wanted()) -> Plan:
    """The policies of a unit: per namespace a default-deny and DNS, then one per workload with its needs."""
    return _Planner(cluster, wanted).plan()


@dataclass(frozen=True, slots=True)
class _Planner:
    cluster: Cluster
    wanted: Wanted
    gaps: dict[str, None] = field(default_factory=dict)
    taken: set[tuple[str, str]] = field(default_factory=set)

    def plan(self) -> Plan:
        self.taken.update((p.meta.namespace, p.meta.name) for p in self.cluster.policies)
        workloads = sorted(filter(self._can_be_isolated, self.cluster.workloads), key=lambda workload: workload.id)
        policies: list[Policy] = []
        for namespace in dict.fromkeys(workload.namespace for workload in workloads):
            own = [workload for workload in workloads if workload.namespace == namespace]
            if not self.wanted.workload:
                policies.extend(self._for_all(namespace, own))
            for workload in own:
                policies.extend(self._for_one(workload))
        self._note_services_without_clients({workload.id for workload in workloads})
        return Plan(tuple(policies), tuple(self.gaps))

    def _can_be_isolated(self, workload: Workload) -> bool:
        if self.wanted.workload and self.wanted.workload not in (f"{workload.namespace}/{workload.name}", workload.id):
            return False
        if is_system_namespace(workload.namespace) or workload.is_opaque:
            return False
        if self.cluster.is_exempt(workload):
            self._gap(f"{_named(workload)} is on its node's network: no policy applies to it")
            return False
        return True

    def _note_services_without_clients(self, isolated: set[str]) -> None:
        """A Service is there to be called. By whom, only needs say."""
        called = {need.destination.id for need in needs_of(self.cluster) if isinstance(need.destination, Workload)}
        lonely = isolated - called
        for service in self.cluster.services if not self.wanted.workload else ():
            pods = (
                self.cluster.matching(service.meta.namespace, service.selector).certain if service.has_selector else ()
            )
            if pods and all(pod.id in lonely for pod in pods):
                self._gap(f"nothing shows who calls {service.meta.ref}: nobody may")

    def _gap(self, text: str) -> None:
        self.gaps.setdefault(text)

    # -- the policies of a namespace ------------------------------------------------------------------------

    def _for_all(self, namespace: str, workloads: list[Workload]) -> Iterator[Policy]:
        types = tuple(d for d in _BOTH if any(d in self._missing(workload) for workload in workloads))
        if not types:
            return
        pods, about = Pods(namespace, ()), f"every pod of {namespace}"
        yield Policy(self._name(namespace, "default-deny"), pods, types, (), (), about)
        if Direction.EGRESS in types:
            dns = Rule(Role.DNS, DNS_PORTS, ("every pod resolves names",))
            yield Policy(self._name(namespace, "allow-dns"), pods, (Direction.EGRESS,), (), (dns,), about)

    def _missing(self, workload: Workload) -> tuple[Direction, ...]:
        """The directions to write about."""
        if not self.wanted.missing_only:
            return _BOTH
        return tuple(d for d in _BOTH if not self.cluster.policies_over(workload, d))

    def _name(self, namespace: str, name: str) -> str:
        """A name that no policy of the namespace has."""
        base = name
        for suffix in ("", "-generated", *(f"-generated-{number}" for number in range(2, 1000))):
            name = f"{base}{suffix}"
            if (namespace, name) not in self.taken:
                break
        self.taken.add((namespace, name))
        return name

    # -- the policy of a workload ---------------------------------------------------------------------------

    def _for_one(self, workload: Workload) -> Iterator[Policy]:
        types = self._missing(workload)
        if Direction.EGRESS in types and not asked_by(workload):
            self._gap(f"{_named(workload)} asks name servers that are not cluster DNS (dnsPolicy): they stay closed")
        ingress = tuple(self._rules(workload, Direction.INGRESS)) if Direction.INGRESS in types else ()
        egress = tuple(self._rules(workload, Direction.EGRESS)) if Direction.EGRESS in types else ()
        if self.wanted.workload and Direction.EGRESS in types and workload.resolver.is_cluster_dns:
            egress = (Rule(Role.DNS, DNS_PORTS, ("every pod resolves names",)), *egress)
        labels = identity_of(self.cluster, workload)
        if not labels:
            if ingress or egress:
                self._gap(f"{_named(workload)} has no label to select it by: what it needs stays closed")
            return
        if not self.wanted.workload:
            types = tuple(d for d in types if (ingress if d is Direction.INGRESS else egress))
        if types:
            name = self._name(workload.namespace, workload.name)
            yield Policy(name, Pods(workload.namespace, labels), types, ingress, egress, workload_text(workload))

    def _rules(self, workload: Workload, direction: Direction) -> Iterator[Rule]:
        found: dict[Peer, tuple[PortSet, dict[str, None]]] = {}
        for need in needs_of(self.cluster):
            own, other = _ends(need, direction)
            if not isinstance(own, Workload) or own.id != workload.id or other is Role.DNS or not need.ports:
                continue
            for peer in self._peers(other, need):
                allowed, reasons = found.get(peer, (NO_PORT, {}))
                reasons.setdefault(_reason(need, workload))
                found[peer] = allowed | (DNS_PORTS if need.reason is Reason.DNS else need.ports), reasons
        for peer in sorted(found, key=_order):
            allowed, reasons = found[peer]
            yield Rule(peer, allowed, tuple(reasons))

    def _peers(self, party: Party, need: Need) -> Iterator[Peer]:
        if not isinstance(party, Workload):
            yield party
        elif self.cluster.is_exempt(party):
            self._gap(f"{_named(party)} is on its node's network, which no selector picks: {need.shown_by}")
        elif labels := identity_of(self.cluster, party):
            yield Pods(party.namespace, labels)
        else:
            self._gap(f"{_named(party)} has no label that a peer could name: {need.shown_by}")


def _ends(need: Need, direction: Direction) -> tuple[Party, Party]:
    return (need.destination, need.source) if direction is Direction.INGRESS else (need.source, need.destination)


def _reason(need: Need, own: Workload) -> str:
    """What shows a need, and whose text that is if it is another workload's."""
    if isinstance(need.source, Workload) and need.source.id != own.id and need.about == need.source.meta:
        return f"{_named(need.source)}: {need.shown_by}"
    return need.shown_by


def _order(peer: Peer) -> tuple[int, str]:
    if isinstance(peer, Pods):
        return 0, f"{peer.namespace} {peer.labels}"
    return (1, peer.value) if isinstance(peer, Role) else (2, f"{peer.name} {peer.blocks}")


def _named(workload: Workload) -> str:
    return f"{workload.meta.ref.kind} {workload.namespace}/{workload.name}"
