"""Which ports of a need the policies block for certain, and at which end."""

from __future__ import annotations

import enum
from collections.abc import Iterable

from netpol_lint.algebra.ports import NO_PORT, PortSet
from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.further_policies import further_policies, is_out_of_sight
from netpol_lint.connectivity.endpoints import End
from netpol_lint.connectivity.network import Network
from netpol_lint.needs.need import Need, Reason
from netpol_lint.needs.reaching import pairs_of
from netpol_lint.records import NamedTuple
from netpol_lint.resources.policy import Direction
from netpol_lint.resources.workload import Workload


class Blocked(NamedTuple):
    """The ports of a need that cannot be opened, whichever of the possible ends is meant."""

    ports: PortSet
    by_source: PortSet
    """Those that the source's own policies do not let out."""
    by_destination: PortSet
    """Those that the destination's policies do not let in."""

    def __bool__(self) -> bool:
        return bool(self.ports)


NOT_BLOCKED = Blocked(NO_PORT, NO_PORT, NO_PORT)


def shows_all_policies(cluster: Cluster, workload: Workload, direction: Direction) -> bool:
    """Whether no policy that the unit does not show may let more through: policies add up.

    Of those that are shown and cannot be evaluated the verdict is unknown anyway.
    """
    if cluster.may_hold_more(workload.namespace) or is_out_of_sight(cluster, workload, direction):
        return False
    return not any(further.rules(direction) for further in further_policies(cluster, workload, direction))


def blocked(network: Network, need: Need, sources: Iterable[End], destinations: Iterable[End]) -> Blocked:
    """What is denied for every pair of the ends that the parties of a need may stand for.

    A port that is allowed or unknown for one pair is not blocked. Nothing is blocked where there is no pair.
    """
    ends = tuple(destinations)
    traffics = [network.traffic(source, end) for source in sources for end in ends]
    return (
        Blocked(
            _common(need.ports, (traffic.denied for traffic in traffics)),
            _common(need.ports, (traffic.egress.outcome.denied for traffic in traffics)),
            _common(need.ports, (traffic.ingress.outcome.denied for traffic in traffics)),
        )
        if traffics
        else NOT_BLOCKED
    )


def _common(wanted: PortSet, parts: Iterable[PortSet]) -> PortSet:
    for part in parts:
        wanted &= part
    return wanted


class Kept(enum.Enum):
    """What becomes of a need under the policies."""

    OPEN = "open"
    BLOCKED = "blocked"
    UNKNOWN = "unknown"


def kept(network: Network, need: Need) -> Kept:
    """Open if some ends that the parties may be have every port they need (of an API server's, one); blocked if none
    of them can have any that is missing; unknown between the two, and where nothing is known of a party."""
    traffics = [network.traffic(*pair) for pair in pairs_of(network, need)]
    if any(_suffices(need, traffic.allowed) for traffic in traffics):
        return Kept.OPEN
    if traffics and need.ports and not any(_suffices(need, ~traffic.denied) for traffic in traffics):
        return Kept.BLOCKED
    return Kept.UNKNOWN


def _suffices(need: Need, allowed: PortSet) -> bool:
    if need.reason is Reason.API:
        return bool(need.ports & allowed)
    return bool(need.ports) and not need.ports - allowed
