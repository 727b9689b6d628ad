"""The ends of a connection: pods that are alike, pods that do not exist yet, and addresses outside."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from netpol_lint.algebra.addresses import NO_ADDRESS, AddressSet
from netpol_lint.algebra.ports import NO_PORT, PortSet, ports
from netpol_lint.cluster.selection import is_run_time_key
from netpol_lint.connectivity.addresses import address_set
from netpol_lint.records import NamedTuple
from netpol_lint.resources.namespace import Namespace
from netpol_lint.resources.workload import ContainerPort, Workload


class Unseen(enum.Enum):
    """Which labels may be there although none of the manifests shows them."""

    NONE = enum.auto()
    RUN_TIME = enum.auto()
    """Those that controllers write on pods."""
    ANY = enum.auto()

    def may_be(self, key: str) -> bool:
        """Whether a label with this key may be there unseen."""
        return self is Unseen.ANY or (self is Unseen.RUN_TIME and is_run_time_key(key))


class Labels(NamedTuple):
    """The labels of a pod or namespace as far as they are known."""

    known: Mapping[str, str]
    unseen: Unseen


class Named(NamedTuple):
    """What a port name may stand for on one pod: certainly, and at most."""

    sure: PortSet = NO_PORT
    possible: PortSet = NO_PORT


@dataclass(frozen=True, slots=True, eq=False)
class Pod:
    """A pod, or the pods of a controller, or one that exists only in a question. Compared by identity."""

    id: str
    """`namespace/Kind/name`; of a pod that only a question makes, the name given to it."""
    namespace: str
    namespace_labels: Labels
    labels: Labels
    named_ports: Mapping[tuple[str, str], Named] = field(default_factory=dict)
    """By name and protocol."""
    ports_known: bool = True
    host_network: bool = False
    exempt: bool = False
    """Whether policies do not apply to it: its traffic is its node's."""
    addresses: AddressSet = NO_ADDRESS
    """Its own addresses, empty where they are not known."""
    single: bool = False
    """Whether it is one pod, which always reaches itself, and not the replicas of a controller."""

    def port(self, name: str, protocol: str) -> Named:
        """What a port name stands for on this pod."""
        if not self.ports_known:
            return Named(NO_PORT, ports(protocol))
        return self.named_ports.get((name, protocol), _NO_SUCH_PORT)


_NO_SUCH_PORT = Named()


@dataclass(frozen=True, slots=True)
class Outside:
    """Addresses outside the cluster that no policy tells apart, or a part of such a class."""

    addresses: AddressSet

    @property
    def id(self) -> str:
        """The blocks in words: `0.0.0.0/0 - 10.0.0.0/8`."""
        return str(self.addresses)


End: TypeAlias = Pod | Outside


def pod_of(workload: Workload, namespace: Namespace, *, exempt: bool) -> Pod:
    """A workload as an end of connections."""
    single = workload.meta.ref.kind == "Pod"
    addresses = _all_of(workload.addresses)
    unseen = Unseen.RUN_TIME if workload.labels_complete else Unseen.ANY
    if single and addresses and workload.labels_complete:
        unseen = Unseen.NONE  # a dump of a running pod
    return Pod(
        workload.id,
        workload.namespace,
        labels_of(namespace),
        Labels(workload.labels, unseen),
        named_ports(workload.ports),
        ports_known=not workload.by_operator,
        host_network=workload.host_network,
        exempt=exempt,
        addresses=addresses,
        single=single,
    )


def labels_of(namespace: Namespace) -> Labels:
    """A namespace's labels; one that no manifest declares may have others than its name label."""
    return Labels(namespace.labels, Unseen.NONE if namespace.declared else Unseen.ANY)


def named_ports(container_ports: Iterable[ContainerPort]) -> Mapping[tuple[str, str], Named]:
    """What each port name stands for. Of two containers that use one name for two ports, either may be meant."""
    found: dict[tuple[str, str], Named] = {}
    for port in container_ports:
        if port.name:
            key = port.name, port.protocol.value
            one = ports(port.protocol.value, port.port, port.port)
            before = found.get(key, Named(one, one))
            found[key] = Named(before.sure & one, before.possible | one)
    return found


def _all_of(texts: tuple[str, ...]) -> AddressSet:
    addresses = NO_ADDRESS
    for text in texts:
        addresses |= address_set(text)
    return addresses
