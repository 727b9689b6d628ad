"""Which ports of pods are published: reached on purpose from outside the pod network."""

from __future__ import annotations

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.listening import Port, exposed, target_on
from netpol_lint.cluster.published_services import is_published_port
from netpol_lint.cluster.publishing import is_published
from netpol_lint.resources.workload import Workload


def is_port_published(cluster: Cluster, workload: Workload, port: Port) -> bool:
    """Whether something sends traffic from outside to a port of a workload's pods.

    Where that is known of the pods and not of their ports (what is made by an operator, or published by what is not
    there to be seen), it may be any of them.
    """
    if not is_published(cluster, workload):
        return False
    protocol, number = port
    if any(own.host_port and (own.protocol, own.port) == port for own in workload.ports):
        return True
    published = [one for one in exposed(cluster, workload) if is_published_port(cluster, *one)]
    hosted = any(own.host_port for own in workload.ports)
    if not published and not hosted:
        return True
    return any(one.port.protocol is protocol and number in target_on(workload, one.port) for one in published)
