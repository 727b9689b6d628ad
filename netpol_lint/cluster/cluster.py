"""A deployment unit as one cluster: its objects, their indexes, and where absence proves something."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar, cast

from netpol_lint.cluster.namespace_selection import NamespaceSelection
from netpol_lint.cluster.selection import NOTHING, NamespacePods, Selection
from netpol_lint.config import Assumptions
from netpol_lint.records import Record
from netpol_lint.resources.metadata import Metadata
from netpol_lint.resources.namespace import Namespace
from netpol_lint.resources.policy import (
    AnyPod,
    Direction,
    ForeignPolicy,
    IPBlock,
    NetworkPolicy,
    Peer,
    PodPeer,
    RejectedPolicy,
    SameNamespace,
)
from netpol_lint.resources.selectors import LabelSelector
from netpol_lint.resources.workload import Workload

if TYPE_CHECKING:  # a run imports what its files hold
    from netpol_lint.cluster.elsewhere import Elsewhere
    from netpol_lint.render.jobs import NotRendered
    from netpol_lint.resources.cluster_policy import ClusterPolicy, RejectedClusterPolicy
    from netpol_lint.resources.defects import Defect
    from netpol_lint.resources.evidence import Evidence
    from netpol_lint.resources.node import Node
    from netpol_lint.resources.plugins import Sign
    from netpol_lint.resources.publishing import Publisher
    from netpol_lint.resources.service import Service
    from netpol_lint.source.documents import Failure

_NO_PODS = NamespacePods(())
_Derived = TypeVar("_Derived")


class Cluster(Record):
    """The objects of one unit. Tuples are in source order; nothing here changes once built."""

    name: str
    """The unit's name; `.` for a whole tree."""
    workloads: tuple[Workload, ...] = ()
    policies: tuple[NetworkPolicy, ...] = ()
    rejected: tuple[RejectedPolicy, ...] = ()
    cluster_policies: tuple[ClusterPolicy, ...] = ()
    rejected_cluster_policies: tuple[RejectedClusterPolicy, ...] = ()
    foreign: tuple[ForeignPolicy, ...] = ()
    services: tuple[Service, ...] = ()
    publishers: tuple[Publisher, ...] = ()
    """What sends traffic from outside the pod network to Services."""
    evidence: tuple[Evidence, ...] = ()
    """What else shows who talks to whom."""
    nodes: tuple[Node, ...] = ()
    signs: tuple[Sign, ...] = ()
    """What shows the network plugin."""
    namespace_manifests: tuple[Metadata, ...] = ()
    defects: tuple[Defect, ...] = ()
    failures: tuple[Failure, ...] = ()
    """Documents that could not be read."""
    not_rendered: tuple[NotRendered, ...] = ()
    """What should be here and could not be rendered."""
    unlisted: str = ""
    """For manifests that no kustomization lists although one lies beside them: its path."""
    is_open: bool = False
    """Whether something is not there to be seen: remote, missing, not rendered."""
    switched_off: tuple[str, ...] = ()
    """Path and text of templates that could give pods, and give none with the values of this unit."""
    entry: str = ""
    """The file that says what is deployed: a kustomization or a Chart.yaml; "" for plain manifests."""
    release_namespace: str = ""
    """What stands for the namespace of a chart's release where whoever installs the chart chooses it; "" elsewhere."""
    open_namespaces: frozenset[str] = frozenset()
    """Where something puts objects that no manifest shows, such as a chart from elsewhere."""
    elsewhere: Elsewhere | tuple[()] = ()
    """The other units of the tree: they take away findings and add none."""
    extra_namespaces: Mapping[str, Mapping[str, str]] | tuple[()] = ()
    """Namespaces that the configuration declares, with their labels."""
    assume: Assumptions = Assumptions()

    def once(self, derive: Callable[[Cluster], _Derived]) -> _Derived:
        """What a function makes of this cluster, computed the first time it is asked for."""
        if derive not in self._derived:
            self._derived[derive] = derive(self)
        return cast(_Derived, self._derived[derive])

    @cached_property
    def _derived(self) -> dict[Callable[[Cluster], Any], Any]:
        return {}

    # -- namespaces -----------------------------------------------------------------------------------------

    @cached_property
    def namespaces(self) -> Mapping[str, Namespace]:
        """Every namespace declared or referred to by an object, by name, sorted."""
        manifests: dict[str, list[Metadata]] = {}
        for meta in self.namespace_manifests:
            manifests.setdefault(meta.name, []).append(meta)
        configured = dict(self.extra_namespaces)
        names = {*manifests, *configured, *self._by_namespace, *self._policies_by_namespace}
        return {
            name: Namespace(
                name,
                declared=name in manifests or name in configured,
                manifests=tuple(manifests.get(name, ())),
                configured=configured.get(name, {}),
            )
            for name in sorted(names)
        }

    def namespaces_matching(self, selector: LabelSelector) -> tuple[Namespace, ...]:
        """The known namespaces a `namespaceSelector` picks. Labels of undeclared ones are known by name label only."""
        return self._namespace_selection.matching(selector.selector)

    @cached_property
    def _namespace_selection(self) -> NamespaceSelection:
        return NamespaceSelection(self.namespaces)

    # -- pods -----------------------------------------------------------------------------------------------

    @cached_property
    def _by_namespace(self) -> Mapping[str, NamespacePods]:
        grouped: dict[str, list[Workload]] = {}
        for workload in self.workloads:
            grouped.setdefault(workload.namespace, []).append(workload)
        return {name: NamespacePods(tuple(members)) for name, members in grouped.items()}

    def pods_in(self, namespace: str) -> tuple[Workload, ...]:
        """The workloads of a namespace, hostNetwork ones included."""
        return self._by_namespace.get(namespace, _NO_PODS).workloads

    def shows_pods(self, namespace: str) -> bool:
        """Whether the unit has workloads of a namespace."""
        return namespace in self._by_namespace

    def may_hold_more(self, namespace: str) -> bool:
        """Whether objects that no manifest shows may be in a namespace, so that absence proves nothing there."""
        return self.is_open or namespace in self.open_namespaces

    def closed(self, namespace: str) -> bool:
        """Whether the unit shows the pods of a namespace: it has some, and nothing adds others to them."""
        return namespace in self._shown and not self.may_hold_more(namespace)

    @cached_property
    def _shown(self) -> frozenset[str]:
        """The namespaces with pods that are known, and not only what an operator will make of them."""
        return frozenset(
            name
            for name, pods in self._by_namespace.items()
            if not all(workload.by_operator for workload in pods.workloads)
            and not any(workload.is_opaque for workload in pods.workloads)
        )

    def matching(self, namespace: str, selector: LabelSelector) -> Selection:
        """The workloads of a namespace whose labels match, whether or not policies apply to them."""
        return self._by_namespace.get(namespace, _NO_PODS).select(selector.selector)

    def is_exempt(self, workload: Workload) -> bool:
        """Whether policies do not apply to it: a hostNetwork pod, unless assumed otherwise (SEMANTICS 1.7)."""
        return workload.host_network and self.assume.host_network == "node"

    # -- policies -------------------------------------------------------------------------------------------

    @cached_property
    def _policies_by_namespace(self) -> Mapping[str, tuple[NetworkPolicy, ...]]:
        grouped: dict[str, list[NetworkPolicy]] = {}
        for policy in self.policies:
            grouped.setdefault(policy.meta.namespace, []).append(policy)
        return {name: tuple(members) for name, members in grouped.items()}

    def policies_in(self, namespace: str) -> tuple[NetworkPolicy, ...]:
        """The valid policies of a namespace, in source order."""
        return self._policies_by_namespace.get(namespace, ())

    def selected_by(self, policy: NetworkPolicy) -> Selection:
        """The workloads a policy applies to: those its `podSelector` matches, exempt ones left out."""
        return self._without_exempt(self.matching(policy.meta.namespace, policy.pod_selector))

    def policies_over(self, workload: Workload, direction: Direction) -> tuple[NetworkPolicy, ...]:
        """The policies that isolate a workload's pods in a direction, those that only may do so included."""
        if self.is_exempt(workload):
            return ()
        return self._isolating[direction].get(workload.id, ())

    @cached_property
    def _isolating(self) -> Mapping[Direction, Mapping[str, tuple[NetworkPolicy, ...]]]:
        table: dict[Direction, dict[str, list[NetworkPolicy]]] = {direction: {} for direction in Direction}
        for policy in self.policies:
            selection = self.matching(policy.meta.namespace, policy.pod_selector)
            for workload in (*selection.certain, *selection.possible):
                for direction in policy.types:
                    table[direction].setdefault(workload.id, []).append(policy)
        return {
            direction: {name: tuple(policies) for name, policies in own.items()} for direction, own in table.items()
        }

    def may_be_isolated_otherwise(self, workload: Workload, direction: Direction) -> bool:
        """Whether a policy whose rules we do not have (another dialect's, or a rejected one) may isolate it."""
        if self.has_foreign_policies(workload.namespace) or self.cluster_tier_denies(workload.namespace, direction):
            return True
        if self.elsewhere and self.elsewhere.may_isolate(workload, direction):
            return True
        for rejected in self.rejected_in(workload.namespace):
            if direction not in rejected.types:
                continue
            if not isinstance(rejected.pod_selector, LabelSelector):
                return True
            if rejected.pod_selector.selector.matches(workload.labels) or not workload.labels_complete:
                return True
        return False

    def has_foreign_policies(self, namespace: str) -> bool:
        """Whether policies of a dialect that is not decoded may select pods of a namespace."""
        return self._foreign_everywhere or namespace in self._foreign_namespaces

    @cached_property
    def _foreign_everywhere(self) -> bool:
        return any(foreign.cluster_wide for foreign in self.foreign)

    @cached_property
    def _foreign_namespaces(self) -> frozenset[str]:
        return frozenset(foreign.meta.namespace for foreign in self.foreign if not foreign.cluster_wide)

    def cluster_tier_denies(self, namespace: str, direction: Direction) -> bool:
        """Whether a cluster-tier policy denies a direction to all pods of a namespace, or one is rejected that may."""
        return (namespace, direction) in self._denied_by_cluster_tiers

    @cached_property
    def _denied_by_cluster_tiers(self) -> frozenset[tuple[str, Direction]]:
        if not self.cluster_policies and not self.rejected_cluster_policies:
            return frozenset()
        from netpol_lint.cluster.cluster_tiers import applies_to_all_of, denies_everything

        return frozenset(
            (namespace.name, direction)
            for direction in Direction
            for namespace in self.namespaces.values()
            if self.rejected_cluster_policies
            or any(
                denies_everything(policy, direction) and applies_to_all_of(policy, namespace)
                for policy in self.cluster_policies
            )
        )

    def rejected_in(self, namespace: str) -> tuple[RejectedPolicy, ...]:
        """The policies of a namespace that the API server refuses, in source order."""
        return self._rejected_by_namespace.get(namespace, ())

    @cached_property
    def _rejected_by_namespace(self) -> Mapping[str, tuple[RejectedPolicy, ...]]:
        grouped: dict[str, list[RejectedPolicy]] = {}
        for rejected in self.rejected:
            grouped.setdefault(rejected.meta.namespace, []).append(rejected)
        return {name: tuple(members) for name, members in grouped.items()}

    # -- peers ----------------------------------------------------------------------------------------------

    def peer_namespaces(self, policy: NetworkPolicy, peer: PodPeer) -> tuple[str, ...]:
        """The names of the known namespaces a peer reaches into."""
        if isinstance(peer.namespaces, SameNamespace):
            return (policy.meta.namespace,)
        return tuple(namespace.name for namespace in self.namespaces_matching(peer.namespaces))

    def peer_pods(self, policy: NetworkPolicy, peer: Peer) -> Selection:
        """The workloads a pod peer means, hostNetwork ones included; nothing for an address block."""
        if isinstance(peer, IPBlock):
            return NOTHING
        certain: list[Workload] = []
        possible: list[Workload] = []
        for name in self.peer_namespaces(policy, peer):
            if isinstance(peer.pods, AnyPod):
                certain.extend(self.pods_in(name))
                continue
            selection = self.matching(name, peer.pods)
            certain.extend(selection.certain)
            possible.extend(selection.possible)
        return Selection(tuple(certain), tuple(possible))

    def services_over(self, workload: Workload) -> Iterator[Service]:
        """The Services whose selector picks this workload's pods."""
        for service in self._services_by_workload.get(workload.id, ()):
            if service.selector.selector.matches(workload.labels):
                yield service

    @cached_property
    def _services_by_workload(self) -> Mapping[str, list[Service]]:
        found: dict[str, list[Service]] = {}
        for service in self.services:
            if service.has_selector:
                for name in dict.fromkeys(
                    w.id for w in self.matching(service.meta.namespace, service.selector).certain
                ):
                    found.setdefault(name, []).append(service)
        return found

    def _without_exempt(self, selection: Selection) -> Selection:
        return Selection(*(tuple(w for w in part if not self.is_exempt(w)) for part in selection))


def peers_of(policy: NetworkPolicy) -> Iterable[tuple[Direction, int, int, Peer]]:
    """Every peer of the rules that count: direction, rule index, peer index, peer."""
    for direction in Direction:
        for rule in policy.rules(direction):
            if isinstance(rule.peers, tuple):
                for index, peer in enumerate(rule.peers):
                    yield direction, rule.position, index, peer
