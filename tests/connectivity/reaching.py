"""All connections at once, and the same asked for one by one, to compare."""

from __future__ import annotations

from typing import TypeAlias

from netpol_lint.algebra.bitsets import positions
from netpol_lint.algebra.ports import NO_PORT, PortSet
from netpol_lint.connectivity.endpoints import Outside, Pod
from netpol_lint.connectivity.network import Network
from netpol_lint.connectivity.reach import Reach

Found: TypeAlias = dict[tuple[str, str], tuple[PortSet, PortSet]]
"""By the ids of source and destination: the ports allowed, and those of which it is unknown."""


def at_once(network: Network) -> Found:
    """What the reachability between classes says of every two pods or classes of addresses, denied pairs left out."""
    reach = Reach(network)
    found: Found = {}
    for number, reached in reach.all():
        for ports, allowed, unknown in reached:
            for other in positions(allowed | unknown):
                more = ports if allowed >> other & 1 else NO_PORT, ports if unknown >> other & 1 else NO_PORT
                for source in reach.classes.members_of(number):
                    for destination in reach.classes.members_of(other):
                        key = source.id, destination.id
                        before = found.get(key, (NO_PORT, NO_PORT))
                        found[key] = before[0] | more[0], before[1] | more[1]
    return {pair: ports for pair, ports in found.items() if pair[0] != pair[1]}


def one_by_one(network: Network) -> Found:
    """The same by as many questions as there are pairs."""
    ends: tuple[Pod | Outside, ...] = (*network.pods.values(), *network.outside)
    found: Found = {}
    for source in ends:
        for destination in ends:
            if source.id != destination.id and (isinstance(source, Pod) or isinstance(destination, Pod)):
                traffic = network.traffic(source, destination)
                if traffic.allowed or traffic.unknown:
                    found[source.id, destination.id] = traffic.allowed, traffic.unknown
    return found
