"""Which pods are published: reached on purpose from outside the pod network, where no selector picks the clients."""

from __future__ import annotations

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.resources.decode.knative import GROUP as KNATIVE
from netpol_lint.resources.workload import Workload


def is_published(cluster: Cluster, workload: Workload) -> bool:
    """Whether a Service, Ingress, route, webhook, aggregated API or host port sends traffic from outside to a pod.

    Also where an Ingress or the like names a Service of its namespace that no manifest shows: it may be the pod's. And
    where something in another unit may do so, or the operator that makes the pod.
    """
    is_made = workload.by_operator or workload.meta.ref.group == KNATIVE
    if is_made or any(port.host_port for port in workload.ports):
        return True
    if workload.id in cluster.once(_published_pods) or workload.namespace in cluster.once(_unseen_backends):
        return True
    if cluster.elsewhere:
        return cluster.elsewhere.may_publish(workload, cluster.services_over(workload))
    return False


def _published_pods(cluster: Cluster) -> frozenset[str]:
    named = _backends(cluster)
    ids: set[str] = set()
    for service in cluster.services:
        place = service.meta.namespace, service.meta.name
        if service.has_selector and (service.is_external or place in named):
            picked = cluster.matching(service.meta.namespace, service.selector)
            ids.update(workload.id for workload in (*picked.certain, *picked.possible))
    return frozenset(ids)


def _unseen_backends(cluster: Cluster) -> frozenset[str]:
    """The namespaces in which something publishes a Service that is not there to be seen."""
    seen = {(service.meta.namespace, service.meta.name) for service in cluster.services}
    return frozenset(namespace for namespace, _ in _backends(cluster) - seen)


def _backends(cluster: Cluster) -> frozenset[tuple[str, str]]:
    return frozenset((b.namespace, b.service) for publisher in cluster.publishers for b in publisher.backends)
