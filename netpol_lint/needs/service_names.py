"""What a host name stands for: a Service of the unit, one of its pods, a host outside, or nothing that is known."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, TypeAlias

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.needs.hosts import is_address
from netpol_lint.records import NamedTuple
from netpol_lint.resources.service import Service

_DOMAIN: Final = "cluster.local"
_LOCAL: Final = frozenset(("localhost", "localhost.localdomain", "host.docker.internal"))
_MOST_ALIASES: Final = 3
_TOP_LEVEL: Final = re.compile(
    r"[a-z]{2}|com|org|net|edu|gov|mil|int|info|biz|app|dev|cloud|tech|online|site|xyz|internal"
)


class Named(NamedTuple):
    """A Service that a name stands for; `pod` is the pod of it that is meant, "" for any."""

    service: Service
    pod: str = ""
    qualified: bool = False
    """Whether the name says the namespace."""


class Outside(NamedTuple):
    """A host that is none of the cluster's."""

    host: str


class Unknown(NamedTuple):
    """Nothing that the unit shows."""

    in_cluster: bool
    """Whether the name can be resolved by nothing but cluster DNS."""


Meaning: TypeAlias = Named | Outside | Unknown
_Services: TypeAlias = Mapping[tuple[str, str], Service]
"""By namespace and name."""


def meaning_of(cluster: Cluster, host: str, namespace: str) -> Meaning:
    """What a lower-case host name stands for on pods of a namespace (`ndots:5`, the search path of cluster DNS).

    An ExternalName Service stands for the host that it names.
    """
    services = cluster.once(_services)
    found = _meaning(cluster, services, host, namespace)
    for _ in range(_MOST_ALIASES):
        if not isinstance(found, Named) or not found.service.external_name:
            return found
        alias = found.service.external_name.rstrip(".").lower()
        found = _meaning(cluster, services, alias, found.service.meta.namespace)
    return Unknown(in_cluster=True)


def _services(cluster: Cluster) -> _Services:
    return {(service.meta.namespace, service.meta.name): service for service in cluster.services}


def _meaning(cluster: Cluster, services: _Services, host: str, namespace: str) -> Meaning:
    if host in _LOCAL or host.startswith(("127.", "0.")):
        return Unknown(in_cluster=False)
    if is_address(host):
        return Outside(host)
    labels = host.removesuffix(f".{_DOMAIN}").split(".")
    if "svc" in labels[1:]:
        return _service_name(services, labels[: labels.index("svc", 1)], namespace) or Unknown(in_cluster=True)
    if host.endswith(f".{_DOMAIN}"):
        return Unknown(in_cluster=True)
    found = _service_name(services, labels, namespace)
    if found is not None:
        return found
    if len(labels) == 1 or (len(labels) < 4 and labels[-1] in cluster.namespaces):
        return Unknown(in_cluster=True)
    return Outside(host) if _TOP_LEVEL.fullmatch(labels[-1]) else Unknown(in_cluster=False)


def _service_name(services: _Services, labels: list[str], namespace: str) -> Named | None:
    """`service`, `service.namespace`, `pod.service.namespace`, `pod.service`, with `_port._protocol` before them."""
    while labels and labels[0].startswith("_"):
        labels = labels[1:]
    places: tuple[tuple[str, str, str, bool], ...]
    match labels:
        case [name]:
            places = ((namespace, name, "", False),)
        case [first, second]:
            places = ((second, first, "", True), (namespace, second, first, False))
        case [pod, name, other]:
            places = ((other, name, pod, True),)
        case _:
            return None
    for place, name, pod, qualified in places:
        service = services.get((place, name))
        if service is not None and (not pod or service.headless):
            return Named(service, pod, qualified)
    return None
