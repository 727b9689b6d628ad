"""Endpoints by the names people write for them, and what is probably meant where there is no such endpoint."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.connectivity.addresses import address_set
from netpol_lint.connectivity.endpoints import End, Outside, Pod
from netpol_lint.connectivity.network import Network
from netpol_lint.errors import NetpolLintError
from netpol_lint.records import NamedTuple
from netpol_lint.resources.workload import Workload

_HOW: Final = "an endpoint is namespace/name, namespace/Kind/name, an IP address or a CIDR"
_ADDRESS_LIKE: Final = re.compile(r"[0-9.]+(?:/[0-9]*)?|[^/]*:.*", re.ASCII)
_MOST: Final = 5
_MANY: Final = 2_000
"""Names that are compared with a wrong one."""
_HOST_NAME: Final = re.compile(r"[A-Za-z0-9_](?:[-A-Za-z0-9_.]*[A-Za-z0-9_])?\.?", re.ASCII)
_LONGEST_HOST_NAME: Final = 253


class Names:
    """The endpoints of a network, and pods that exist only in a question, by name."""

    def __init__(self, network: Network, extra: Iterable[Pod] = ()) -> None:
        self._network = network
        self._extra = tuple(extra)
        self._index = network.cluster.once(_index)

    def ends(self, text: str) -> tuple[End, ...]:
        """What a text means: a pod, or the parts of an address block that are treated differently.

        NetpolLintError, which lists what may be meant, if nothing or more than one thing has this name. Addresses
        that pods are known to have are these pods.
        """
        if address_set(text):
            return self._addressed(text)
        if _ADDRESS_LIKE.fullmatch(text):
            raise NetpolLintError(f"{quoted(text)} is no IP address or CIDR")
        found = [*self._index.by_name.get(text, ()), *(pod for pod in self._extra if text in _names(pod))]
        if len(found) == 1:
            (pod,) = found
            self._refuse_doubles(pod)
            return (pod,)
        if found:
            raise NetpolLintError(f"{quoted(text)} is ambiguous: it may be {alternatives(_ids(found))}")
        raise NetpolLintError(self._unknown(text))

    def host(self, name: str) -> tuple[Outside, ...]:
        """Where a host outside may be: at any address. NetpolLintError if the name may be one of the cluster's own."""
        if len(name) > _LONGEST_HOST_NAME or not _HOST_NAME.fullmatch(name):
            raise NetpolLintError(f"{quoted(name)} is no host name")
        labels = name.rstrip(".").split(".")
        in_cluster = len(labels) == 1 or labels[2:3] == ["svc"] or labels[1] in self._network.cluster.namespaces
        if in_cluster:
            raise NetpolLintError(f"{quoted(name)} may be a Service: name the workload behind it instead")
        return self._network.outside

    # -- addresses ------------------------------------------------------------------------------------------

    def _addressed(self, text: str) -> tuple[End, ...]:
        wanted = address_set(text)
        pods = tuple(pod for pod in self._index.with_address if not pod.addresses.disjoint(wanted))
        if not pods:
            return self._network.addresses(text)
        rest = wanted
        for pod in pods:
            rest -= pod.addresses
        outside = (Outside(part.addresses & rest) for part in self._network.addresses(text))
        return (*pods, *(part for part in outside if part.addresses))

    # -- what is wrong with a name --------------------------------------------------------------------------

    def _refuse_doubles(self, pod: Pod) -> None:
        """Two manifests of one workload with different pods: only one of them can be in a cluster."""
        doubles = self._index.doubles.get(pod.id, [])
        if len(doubles) > 1:
            places = sorted(f"{w.meta.at.path}:{w.meta.at.span.line}" for w in doubles)
            several = f"defined with different labels or ports in {alternatives(places, 'and')}"
            raise NetpolLintError(f"{quoted(pod.id)} is ambiguous: it is {several}")

    def _unknown(self, text: str) -> str:
        parts = text.split("/")
        if len(parts) not in (2, 3) or not all(parts):
            near = self._named(parts[-1])
            return f"{quoted(text)} is no endpoint: {_HOW}" + (f"; did you mean {alternatives(near)}?" if near else "")
        head = f"there is no workload or pod {quoted(text)}"
        near = self._near(parts)
        if near:
            return f"{head}; did you mean {alternatives(near)}?"
        own = self._ids_in(parts[0])
        if own:
            return f"{head}; {quoted(parts[0])} has {alternatives(own, 'and')}"
        namespaces = sorted({pod.namespace for pod in self._every_pod()})
        if not namespaces:
            return f"{head}: the manifests have no workloads"
        return f"{head}, nor any in that namespace; there are workloads in {alternatives(namespaces, 'and')}"

    def _near(self, parts: list[str]) -> list[str]:
        """The pods that differ in one part of the name, or in its spelling, from those that were named."""
        from difflib import get_close_matches

        namespace, name = parts[0], parts[-1]
        own = {key.rpartition("/")[2]: key for key in self._ids_in(namespace)[:_MANY]}
        same = [own[name]] if name in own else []
        close = [own[match] for match in get_close_matches(name[:253], own, n=_MOST, cutoff=0.7)]
        return list(dict.fromkeys((*same, *close, *self._named(name))))

    def _named(self, name: str) -> list[str]:
        """The pods of this name in any namespace."""
        return [pod.id for pod in self._every_pod() if pod.id.rpartition("/")[2] == name]

    def _ids_in(self, namespace: str) -> list[str]:
        return [pod.id for pod in self._every_pod() if pod.namespace == namespace]

    def _every_pod(self) -> Iterator[Pod]:
        yield from self._network.pods.values()
        yield from self._extra


class _Index(NamedTuple):
    """The pods of a cluster by what people call them."""

    by_name: dict[str, list[Pod]]
    """Under `namespace/Kind/name` and under `namespace/name`."""
    with_address: tuple[Pod, ...]
    """A hostNetwork pod has its node's address, which is not its own."""
    doubles: dict[str, list[Workload]]
    """The workloads that are defined several times, one of each kind of pods."""


def _index(cluster: Cluster) -> _Index:
    pods = Network.of(cluster).pods.values()
    by_name: dict[str, list[Pod]] = {}
    for pod in pods:
        for name in _names(pod):
            by_name.setdefault(name, []).append(pod)
    with_address = tuple(pod for pod in pods if pod.addresses and not pod.host_network)
    return _Index(by_name, with_address, _doubles(cluster))


def _doubles(cluster: Cluster) -> dict[str, list[Workload]]:
    first: dict[str, Workload] = {}
    doubles: dict[str, list[Workload]] = {}
    for workload in cluster.workloads:
        before = first.setdefault(workload.id, workload)
        if before is not workload and _looks(before) != _looks(workload):
            doubles.setdefault(workload.id, [before]).append(workload)
    return doubles


def _names(pod: Pod) -> tuple[str, str]:
    return pod.id, f"{pod.namespace}/{pod.id.rpartition('/')[2]}"


def quoted(text: str) -> str:
    """A name as messages show it, with nothing in it that acts on a terminal, and not longer than names are."""
    text = text if len(text) <= 300 else f"{text[:300]}..."
    return text if text.isprintable() and text else ascii(text)


def alternatives(names: Iterable[str], conjunction: str = "or") -> str:
    """A few names as a list in words."""
    words = [quoted(name) for name in names]
    if len(words) > _MOST:
        words = [*words[: _MOST - 1], f"{len(words) - _MOST + 1} others"]
    return f"{', '.join(words[:-1])} {conjunction} {words[-1]}" if len(words) > 1 else "".join(words)


def _ids(pods: Iterable[Pod]) -> list[str]:
    return [pod.id for pod in pods]


def _looks(workload: Workload) -> tuple[object, ...]:
    """What policies see of a workload's pods."""
    ports = sorted((port.name, port.port, port.protocol.value) for port in workload.ports)
    return sorted(workload.labels.items()), ports, workload.host_network, workload.addresses
