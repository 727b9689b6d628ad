"""Ports, peers, labels and ends in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Final

from netpol_lint.algebra.labels import Selector
from netpol_lint.algebra.ports import EVERY_PORT, HIGHEST, PortSet
from netpol_lint.connectivity.endpoints import End
from netpol_lint.connectivity.form import Peers, Pods
from netpol_lint.findings.wording import listed, requirement_text

_MOST: Final = 4


@lru_cache(maxsize=4096)
def ports_text(meant: PortSet) -> str:
    """`TCP/80 and UDP/53`, `every TCP port`, `every port but TCP/80`; `no port`."""
    if meant == EVERY_PORT:
        return "every port"
    rest = ~meant
    if len(list(rest.port_spans())) <= 2 and len(rest) < len(meant) and len(list(meant.port_spans())) > 2:
        return f"every port but {ports_text(rest)}"
    return listed(_spans(meant)) or "no port"


def _spans(meant: PortSet) -> Iterator[str]:
    for protocol, first, last in meant.port_spans():
        if (first, last) == (1, HIGHEST):
            yield f"every {protocol} port"
        else:
            yield f"{protocol}/{first}" if first == last else f"{protocol}/{first}-{last}"


def labels_text(labels: Mapping[str, str]) -> str:
    """`app=web, tier=front`, the first few; "" without any."""
    shown = [f"{key}={value}" for key, value in sorted(labels.items())]
    more = [f"{len(shown) - _MOST} more"] if len(shown) > _MOST else []
    return ", ".join((*shown[:_MOST], *more))


def ends_text(ends: Iterable[End]) -> str:
    """Their names."""
    return listed(end.id for end in ends)


def peers_text(peers: Peers) -> str:
    """Who is meant: `pods with app=web or 10.0.0.0/8`."""
    if peers.everyone:
        return "everyone"
    words = [_pods(meant) for meant in peers.pods]
    if peers.addresses:
        words.append(f"addresses {peers.addresses}")
    if peers.perhaps_nodes:
        words.append("nodes")
    if peers.perhaps_named:
        words.append("domain names")
    return listed(words, "or") or "nobody"


def _pods(meant: Pods) -> str:
    pods = f"pods with {_selector(meant.pods)}" if meant.pods.requirements else "all pods"
    if meant.namespace:
        return f"{pods} of namespace {meant.namespace}"
    if meant.namespaces.requirements:
        return f"{pods} of namespaces with {_selector(meant.namespaces)}"
    return f"{pods} of any namespace"


def _selector(selector: Selector) -> str:
    return ",".join(requirement_text(requirement) for requirement in selector.requirements)
