"""The ends that may stand for a party of a need: whoever one of them is, a need is blocked only if it is for all."""

from __future__ import annotations

from netpol_lint.connectivity.endpoints import End
from netpol_lint.connectivity.network import Network

_CONTROL_PLANE = {"component": "kube-apiserver", "tier": "control-plane"}


def api_server(network: Network) -> tuple[End, ...]:
    """Every address outside, as the API server's is not known, and the pod that kubeadm makes of it.

    It runs in the network of its node, or where no selector reaches; plugins differ in whether selectors pick it there
    (SEMANTICS 1.7), so a rule that means its pod is given the benefit of the doubt.
    """
    pod = network.future_pod("the API server", "kube-system", _CONTROL_PLANE)
    return (*network.outside, pod)
