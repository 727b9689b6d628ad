"""The needs of a unit as outputs show them."""

from __future__ import annotations

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.connectivity.network import Network
from netpol_lint.needs import needs_of
from netpol_lint.needs.blocking import Kept, kept
from netpol_lint.needs.need import Addresses, Need, Party, Role
from netpol_lint.records import NamedTuple


class Listed(NamedTuple):
    """One need with the names of its ends and what the policies make of it."""

    source: str
    destination: str
    need: Need
    kept: Kept


class UnitNeeds(NamedTuple):
    """All needs of one unit, sorted by source and destination."""

    unit: str
    needs: tuple[Listed, ...]


def listed_needs(cluster: Cluster) -> UnitNeeds:
    """The needs of a unit, each judged."""
    network = Network.of(cluster)
    found = (Listed(_name(n.source), _name(n.destination), n, kept(network, n)) for n in needs_of(cluster))
    return UnitNeeds(cluster.name, tuple(sorted(found, key=_order)))


def _order(one: Listed) -> tuple[str, str, str, str]:
    return one.source, one.destination, str(one.need.at), one.need.shown_by


def _name(party: Party) -> str:
    """As `map` names endpoints; of an end outside the unit, its role or name in words."""
    if isinstance(party, Role):
        return party.value
    return party.name or str(party.blocks) if isinstance(party, Addresses) else party.id
