"""Endpoints by the names people write for them, and what is probably meant where there is no such endpoint."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Final

from netpol_lint.connectivity.addresses import address_set
from netpol_lint.connectivity.endpoints import End, Outside, Pod
from netpol_lint.connectivity.network import Network
from netpol_lint.errors import NetpolLintError
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

    def ends(self, text: str) -> tuple[End, ...]:
        """What a text means: a pod, or the parts of an address block that are treated differently.

        NetpolLintError, which lists what may be meant, if nothing or more than one thing has this name. Addresses
        that pods are known to have are these pods.
        """
        if address_set(text):
            return self._addressed(text)
        if _ADDRESS_LIKE.fullmatch(text):
            raise NetpolLintError(f"{quoted(text)} is no IP address or CIDR")
        found = self._by_name.get(text, [])
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

    @cached_property
    def _by_name(self) -> dict[str, list[Pod]]:
        """Under `namespace/Kind/name` and under `namespace/name`."""
        names: dict[str, list[Pod]] = {}
        for pod in (*self._network.pods.values(), *self._extra):
            names.setdefault(pod.id, []).append(pod)
            names.setdefault(short_name(pod), []).append(pod)
        return names

    # -- addresses ------------------------------------------------------------------------------------------

    def _addressed(self, text: str) -> tuple[End, ...]:
        wanted = address_set(text)
        pods = tuple(pod for pod in self._pods_with_address if not pod.addresses.disjoint(wanted))
        if not pods:
            return self._network.addresses(text)
        rest = wanted
        for pod in pods:
            rest -= pod.addresses
        outside = (Outside(part.addresses & rest) for part in self._network.addresses(text))
        return (*pods, *(part for part in outside if part.addresses))

    @cached_property
    def _pods_with_address(self) -> tuple[Pod, ...]:
        """A hostNetwork pod has its node's address, which is not its own."""
        return tuple(pod for pod in self._network.pods.values() if pod.addresses and not pod.host_network)

    # -- what is wrong with a name --------------------------------------------------------------------------

    def _refuse_doubles(self, pod: Pod) -> None:
        """Two manifests of one workload with different pods: only one of them can be in a cluster."""
        doubles = self._doubles.get(pod.id, [])
        if len(doubles) > 1:
            places = sorted(f"{w.meta.at.path}:{w.meta.at.span.line}" for w in doubles)
            several = f"defined with different labels or ports in {alternatives(places, 'and')}"
            raise NetpolLintError(f"{quoted(pod.id)} is ambiguous: it is {several}")

    @cached_property
    def _doubles(self) -> dict[str, list[Workload]]:
        """The workloads that are defined several times, one of each kind of pods."""
        first: dict[str, Workload] = {}
        doubles: dict[str, list[Workload]] = {}
        for workload in self._network.cluster.workloads:
            before = first.setdefault(workload.id, workload)
            if before is not workload and _looks(before) != _looks(workload):
                doubles.setdefault(workload.id, [before]).append(workload)
        return doubles

    def _unknown(self, text: str) -> str:
        parts = text.split("/")
        if len(parts) not in (2, 3) or not all(parts):
            near = self._named(parts[-1])
            return f"{quoted(text)} is no endpoint: {_HOW}" + (f"; did you mean {alternatives(near)}?" if near else "")
        head = f"there is no workload or pod {quoted(text)}"
        near = self._near(parts)
        if near:
            return f"{head}; did you mean {alternatives(near)}?"
        own = self._ids_of.get(parts[0], [])
        if own:
            return f"{head}; {quoted(parts[0])} has {alternatives(own, 'and')}"
        if not self._ids_of:
            return f"{head}: the manifests have no workloads"
        return f"{head}, nor any in that namespace; there are workloads in {alternatives(sorted(self._ids_of), 'and')}"

    def _near(self, parts: list[str]) -> list[str]:
        """The pods that differ in one part of the name, or in its spelling, from those that were named."""
        from difflib import get_close_matches

        namespace, name = parts[0], parts[-1]
        own = {key.rpartition("/")[2]: key for key in self._ids_of.get(namespace, [])[:_MANY]}
        same = [own[name]] if name in own else []
        close = [own[match] for match in get_close_matches(name[:253], own, n=_MOST, cutoff=0.7)]
        return list(dict.fromkeys((*same, *close, *self._named(name))))

    def _named(self, name: str) -> list[str]:
        """The pods of this name in any namespace."""
        return self._ids_by_last_part.get(name, [])

    @cached_property
    def _ids_of(self) -> dict[str, list[str]]:
        """The pods of each namespace."""
        return _grouped((pod.namespace, pod.id) for pod in self._every_pod())

    @cached_property
    def _ids_by_last_part(self) -> dict[str, list[str]]:
        return _grouped((pod.id.rpartition("/")[2], pod.id) for pod in self._every_pod())

    def _every_pod(self) -> Iterator[Pod]:
        yield from self._network.pods.values()
        yield from self._extra


def short_name(pod: Pod) -> str:
    """`namespace/name`."""
    return f"{pod.namespace}/{pod.id.rpartition('/')[2]}"


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


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    grouped: dict[str, list[str]] = {}
    for key, value in pairs:
        grouped.setdefault(key, []).append(value)
    return grouped
