"""The ends that may stand for a party of a need: whoever one of them is, a need is blocked only if it is for all."""

from __future__ import annotations

from typing import Final

from netpol_lint.connectivity.endpoints import End
from netpol_lint.connectivity.network import Network
from netpol_lint.needs.cluster_dns import PORT, servers
from netpol_lint.needs.need import Addresses, Party, Role

_KUBE_SYSTEM: Final = "kube-system"
_CONTROL_PLANE: Final = {"component": "kube-apiserver", "tier": "control-plane"}
_MONITORING: Final = "monitoring"


def ends_of(network: Network, party: Party) -> tuple[End, ...]:
    """The ends a party may be; none for a workload of which nothing is known."""
    match party:
        case Role.API_SERVER:
            return api_server(network)
        case Role.DNS:
            return tuple(server.end for server in network.cluster.once(servers) if server.port == PORT)
        case Role.SCRAPER:
            return (network.future_pod("Prometheus", _MONITORING, {}, ports=()),)
        case Role.WORLD:
            return network.outside
        case Addresses(_, blocks):
            return tuple(end for block in blocks.blocks() for end in network.addresses(str(block))) or network.outside
        case workload:
            return (network.pods[workload.id],) if workload.id in network.pods else ()


def api_server(network: Network) -> tuple[End, ...]:
    """Every address outside, as the API server's is not known, and the pod that kubeadm makes of it.

    It runs in the network of its node, or where no selector reaches; plugins differ in whether selectors pick it there
    (SEMANTICS 1.7), so a rule that means its pod is given the benefit of the doubt.
    """
    pod = network.future_pod("the API server", _KUBE_SYSTEM, _CONTROL_PLANE)
    return (*network.outside, pod)
