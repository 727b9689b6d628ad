"""The ends that may stand for a party of a need: whoever one of them is, a need is blocked only if it is for all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from netpol_lint.algebra.addresses import NO_ADDRESS, AddressSet
from netpol_lint.connectivity.endpoints import End, Outside, Pod
from netpol_lint.connectivity.network import Network
from netpol_lint.needs.cluster_dns import servers_for
from netpol_lint.needs.dns_pods import PORT
from netpol_lint.needs.need import Addresses, Need, Party, Role
from netpol_lint.needs.strangers import api_servers, clients_outside, scrapers
from netpol_lint.resources.policy import Direction
from netpol_lint.resources.workload import Workload

_KUBE_SYSTEM: Final = "kube-system"
_CONTROL_PLANE: Final = {"component": "kube-apiserver", "tier": "control-plane"}


def pairs_of(network: Network, need: Need) -> Iterator[tuple[End, End]]:
    """Every source with every destination that the parties may be; none where nothing is known of one of them."""
    for destination in _destinations(network, need.destination, need.source):
        for source in _sources(network, need.source, destination):
            yield source, destination


def api_server(network: Network, caller: Party) -> tuple[End, ...]:
    """Every address outside, as the API server's is not known, and the pod that kubeadm makes of it.

    It runs in the network of its node, or where no selector reaches; plugins differ in whether selectors pick it there
    (SEMANTICS 1.7), so a rule that means its pod is given the benefit of the doubt.
    """
    pod = network.future_pod("the API server", _KUBE_SYSTEM, _CONTROL_PLANE)
    return (*_addresses(network, caller), pod)


def _addresses(network: Network, caller: Party, wanted: AddressSet = NO_ADDRESS) -> tuple[Outside, ...]:
    """The addresses outside, or those wanted, as far as the caller's policies tell them apart; they have none."""
    if not isinstance(caller, Workload) or caller.id not in network.pods:
        return ()
    pod = network.pods[caller.id]
    if not wanted:
        return network.outside_of(pod, Direction.EGRESS)
    return network.addresses_of(pod, Direction.EGRESS, wanted)


def _destinations(network: Network, party: Party, caller: Party) -> tuple[End, ...]:
    match party:
        case Role.API_SERVER:
            return api_server(network, caller)
        case Role.DNS:
            if not isinstance(caller, Workload) or caller.id not in network.pods:
                return ()
            asked = servers_for(network.cluster, network.pods[caller.id])
            return tuple(server.end for server in asked if server.port == PORT)
        case Role.WORLD | Role.SCRAPER:
            return ()  # nobody calls them
        case Addresses(_, blocks):
            return _addresses(network, caller, blocks)
        case workload:
            return (network.pods[workload.id],) if workload.id in network.pods else ()


def _sources(network: Network, party: Party, destination: End) -> tuple[End, ...]:
    """Who calls from outside the unit is whoever the destination's policies may mean by that, as in NP504 to NP506."""
    if not isinstance(party, Role):
        return _destinations(network, party, party)
    if not isinstance(destination, Pod):
        return ()
    addresses = network.outside_of(destination, Direction.INGRESS)
    match party:
        case Role.API_SERVER:
            return (*addresses, *api_servers(network.cluster, destination))
        case Role.WORLD:
            return (*addresses, *clients_outside(network.cluster, destination, (), through_pods=True))
        case Role.SCRAPER:
            return (*addresses, *scrapers(network.cluster, destination))
        case Role.DNS:
            return ()
