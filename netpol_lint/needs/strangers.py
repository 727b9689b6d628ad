"""Which ends may be somebody who is no pod of the unit: an Ingress controller, the API server, Prometheus."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from netpol_lint.algebra.addresses import EVERY_ADDRESS, NO_ADDRESS
from netpol_lint.cluster.cluster import Cluster
from netpol_lint.connectivity.callers import Callers
from netpol_lint.connectivity.endpoints import End, Labels, Outside, Pod
from netpol_lint.connectivity.network import Network
from netpol_lint.resources.decode.monitors import GROUP as MONITORS
from netpol_lint.resources.workload import Workload

_GATEWAY: Final = (
    "ingress|gateway|router|proxy|nginx|traefik|envoy|istio|contour|kong|caddy|cloudflare|tunnel|ambassador|emissary|"
    "apisix|tailscale|skipper|ngrok|pomerium|authentik|waf|edge|balancer|bunkerweb|varnish|apache|httpd|frp|"
    r"\blb\b|klipper|metallb|public|external|dmz"
)
"""What stands in the names and labels of pods that pass on what comes from outside."""
_MONITORING: Final = (
    "prometheus|monitor|metrics|grafana|victoria|vmagent|observab|telemetry|otel|scrap|alloy|datadog|dynatrace|newrelic"
)
_MADE_SCRAPERS: Final = ("Prometheus", "PrometheusAgent")
_SCRAPERS: Final = frozenset(
    ("prometheus", "prometheus-server", "prometheus-k8s", "prometheus-deployment", "prometheus-agent", "vmagent")
)
"""What Prometheus and its like are called; what exports to it, or configures it, has its name in others."""
_NAMING: Final = r"(?:^|[./-])(?:app|name)$"
_API_SERVER: Final = "host-network|konnectivity"
_KUBE_SYSTEM: Final = "kube-system"


def clients_outside(cluster: Cluster, pod: Pod, gateways: Iterable[str], *, through_pods: bool) -> Iterator[End]:
    """Every address outside; and where an Ingress or a route is, every pod that may be its controller's.

    That is whatever the policies let in from another namespace, unless it is for monitoring, and what is called like a
    controller in the pod's own. `gateways` are namespaces of which every pod may be it. Without `through_pods` there
    are only the pods by which some clusters balance load, in `kube-system` or called so.
    """
    network = Network.of(cluster)
    yield from _addresses(cluster, pod)
    if not through_pods:
        yield network.future_pod("a load balancer", _KUBE_SYSTEM, {})
    for caller in Callers.of(cluster).of_pod(pod):
        if _may_pass_on(caller.pod, pod.namespace, gateways, through_pods=through_pods):
            yield caller.pod
    if through_pods:
        yield from cluster.once(_called_like_gateways).get(pod.namespace, ())


def _called_like_gateways(cluster: Cluster) -> Mapping[str, list[Pod]]:
    """By namespace."""
    found: dict[str, list[Pod]] = {}
    for pod in Network.of(cluster).pods.values():
        if re.search(_GATEWAY, f"{pod.id.rpartition('/')[2]} {_words(pod.labels)}"):
            found.setdefault(pod.namespace, []).append(pod)
    return found


def _addresses(cluster: Cluster, pod: Pod) -> Iterator[Outside]:
    """Every address; of the nodes', where they are known, those that a rule names.

    A pod's own node always reaches it, which is no use to clients that come by another.
    """
    ranges = Network.of(cluster).ranges
    nodes = ranges.nodes if ranges.nodes_known else NO_ADDRESS
    yield Outside(EVERY_ADDRESS - nodes)
    if not nodes.disjoint(Callers.of(cluster).addresses_of(pod)):
        yield Outside(nodes)


def _may_pass_on(caller: Pod, namespace: str, gateways: Iterable[str], *, through_pods: bool) -> bool:
    words = _words(caller.labels)
    if caller.namespace != namespace:
        words = f"{words} {_words(caller.namespace_labels)}"
    if re.search(_GATEWAY, words) or caller.namespace in gateways:
        return True
    return through_pods and caller.namespace != namespace and not re.search(_MONITORING, words)


def _words(labels: Labels) -> str:
    return " ".join(f"{key} {value}" for key, value in labels.known.items()).lower()


def api_servers(cluster: Cluster, pod: Pod) -> Iterator[End]:
    """Every address outside, and the pods through which some clusters let the API server call into the pod network.

    It runs outside, or in the network of its node where selectors do not reach it (SEMANTICS 1.7). That node may be the
    pod's own, which always reaches it. GKE, AKS and others give it agents in `kube-system`, and OpenShift a label for
    namespaces that stands for the network of the nodes.
    """
    network = Network.of(cluster)
    yield Outside(EVERY_ADDRESS)
    yield network.future_pod("the agent of the API server", _KUBE_SYSTEM, {"k8s-app": "konnectivity-agent"})
    if cluster.assume.host_network == "pod":
        yield network.future_pod("the API server", _KUBE_SYSTEM, {"component": "kube-apiserver"})
    for caller in Callers.of(cluster).of_pod(pod):
        if re.search(_API_SERVER, f"{_words(caller.pod.labels)} {_words(caller.pod.namespace_labels)}"):
            yield caller.pod


def scrapers(cluster: Cluster, pod: Pod) -> Iterator[End]:
    """Prometheus as far as the unit shows it, whoever is let in for monitoring, and every address outside.

    Where no Prometheus is shown it may be whatever the policies let in from another namespace.
    """
    network = Network.of(cluster)
    yield from _addresses(cluster, pod)
    shown = prometheus(cluster)
    yield from (network.pods[workload.id] for workload in shown)
    for caller in Callers.of(cluster).of_pod(pod):
        elsewhere = caller.pod.namespace != pod.namespace
        words = _words(caller.pod.labels)
        if elsewhere:
            words = f"{words} {_words(caller.pod.namespace_labels)}"
        if re.search(_MONITORING, words) or (elsewhere and not shown):
            yield caller.pod


def prometheus(cluster: Cluster) -> tuple[Workload, ...]:
    """The workloads of the unit that scrape others."""
    return cluster.once(_prometheus)


def _prometheus(cluster: Cluster) -> tuple[Workload, ...]:
    return tuple(workload for workload in cluster.workloads if not workload.is_opaque and _scrapes(workload))


def _scrapes(workload: Workload) -> bool:
    if workload.by_operator:
        return workload.meta.ref.group == MONITORS and workload.meta.ref.kind in _MADE_SCRAPERS
    names = (workload.name, *(label.value for label in workload.pod_labels if re.search(_NAMING, label.key)))
    return any(name in _SCRAPERS for name in names)
