"""Which ends may be somebody who is no pod of the unit: an Ingress controller, the API server, Prometheus."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.connectivity.callers import Callers
from netpol_lint.connectivity.endpoints import End, Labels, Pod
from netpol_lint.connectivity.network import Network

_GATEWAY: Final = re.compile(
    "ingress|gateway|router|proxy|nginx|traefik|envoy|istio|contour|kong|caddy|cloudflare|tunnel|ambassador|emissary|"
    "apisix|tailscale|skipper|ngrok|pomerium|authentik|waf|edge|balancer|bunkerweb|varnish|apache|httpd|frp|"
    r"\blb\b|klipper|metallb|public|external|dmz"
)
"""What stands in the names and labels of pods that pass on what comes from outside."""
_MONITORING: Final = re.compile(
    "prometheus|monitor|metrics|grafana|victoria|vmagent|observab|telemetry|otel|scrap|alloy"
)
_API_SERVER: Final = re.compile("host-network|konnectivity")
_KUBE_SYSTEM: Final = "kube-system"


def clients_outside(cluster: Cluster, pod: Pod, gateways: Iterable[str], *, through_pods: bool) -> Iterator[End]:
    """Every address outside; and where an Ingress or a route is, every pod that may be its controller's.

    That is whatever the policies let in from another namespace, unless it is for monitoring, and what is called like a
    controller in the pod's own. `gateways` are namespaces of which every pod may be it. Without `through_pods` there
    are only the pods by which some clusters balance load, in `kube-system` or called so.
    """
    network = Network.of(cluster)
    yield from network.outside
    if not through_pods:
        yield network.future_pod("a load balancer", _KUBE_SYSTEM, {})
    for caller in Callers.of(cluster).of_pod(pod):
        if _may_pass_on(caller.pod, pod.namespace, gateways, through_pods=through_pods):
            yield caller.pod
    if through_pods:
        for workload in cluster.pods_in(pod.namespace):
            own = network.pods.get(workload.id)
            if own is not None and own is not pod and _GATEWAY.search(f"{workload.name} {_words(own.labels)}"):
                yield own


def _may_pass_on(caller: Pod, namespace: str, gateways: Iterable[str], *, through_pods: bool) -> bool:
    words = _words(caller.labels)
    if caller.namespace != namespace:
        words = f"{words} {_words(caller.namespace_labels)}"
    if _GATEWAY.search(words) or caller.namespace in gateways:
        return True
    return through_pods and caller.namespace != namespace and not _MONITORING.search(words)


def _words(labels: Labels) -> str:
    return " ".join(f"{key} {value}" for key, value in labels.known.items()).lower()


def api_servers(cluster: Cluster, pod: Pod) -> Iterator[End]:
    """Every address outside, and the pods through which some clusters let the API server call into the pod network.

    It runs outside, or in the network of its node where selectors do not reach it (SEMANTICS 1.7). GKE, AKS and others
    give it agents in `kube-system`, and OpenShift a label for namespaces that stands for the network of the nodes.
    """
    network = Network.of(cluster)
    yield from network.outside
    yield network.future_pod("the agent of the API server", _KUBE_SYSTEM, {"k8s-app": "konnectivity-agent"})
    if cluster.assume.host_network == "pod":
        yield network.future_pod("the API server", _KUBE_SYSTEM, {"component": "kube-apiserver"})
    for caller in Callers.of(cluster).of_pod(pod):
        if _API_SERVER.search(f"{_words(caller.pod.labels)} {_words(caller.pod.namespace_labels)}"):
            yield caller.pod
