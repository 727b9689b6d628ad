"""Who may call a pod as its policies speak of callers: for each way in which they mean pods, one that has it all."""

from __future__ import annotations

from netpol_lint.algebra.addresses import NO_ADDRESS, AddressSet
from netpol_lint.cluster.cluster import Cluster
from netpol_lint.connectivity.endpoints import Pod
from netpol_lint.connectivity.exposure import Newcomer, newcomers_meant
from netpol_lint.connectivity.form import Pods
from netpol_lint.connectivity.network import Network
from netpol_lint.resources.policy import Direction


class Callers:
    """The callers that the policies of a network mean, by the pods they are let in to."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._known: dict[frozenset[Pods], tuple[Newcomer, ...]] = {}

    @classmethod
    def of(cls, cluster: Cluster) -> Callers:
        """Those of a cluster, set up once."""
        return cluster.once(_callers)

    def of_pod(self, pod: Pod) -> tuple[Newcomer, ...]:
        """Pods that do not exist, of which each is meant by a rule over `pod`. Who is meant by none is not let in."""
        meant = frozenset(pods for rule in self._network.rules_over(pod, Direction.INGRESS) for pods in rule.peers.pods)
        if meant not in self._known:
            self._known[meant] = newcomers_meant(self._network, meant)
        return self._known[meant]

    def addresses_of(self, pod: Pod) -> AddressSet:
        """The addresses that some rule over `pod` names."""
        addresses = NO_ADDRESS
        for rule in self._network.rules_over(pod, Direction.INGRESS):
            addresses |= rule.peers.addresses
        return addresses


def _callers(cluster: Cluster) -> Callers:
    return Callers(Network.of(cluster))
