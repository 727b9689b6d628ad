"""Who calls the API server: pods whose ServiceAccount is bound to a role."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from netpol_lint.algebra.ports import ports
from netpol_lint.cluster.cluster import Cluster
from netpol_lint.needs.need import Need, Reason, Role
from netpol_lint.resources.evidence import RoleBinding, ServiceAccount
from netpol_lint.resources.workload import Workload
from netpol_lint.source.location import Location

API_PORTS = ports("TCP", 443, 443) | ports("TCP", 6443, 6443)
"""Of the Service `kubernetes`, and where the API server listens: plugins see either."""
_ADMISSION_ONLY = ("system:openshift:scc:", "psp:", "psp-")
"""Roles that say as what a pod may run. Nobody calls the API server for them."""


def needs(cluster: Cluster) -> Iterator[Need]:
    """For each workload that gets a token of a bound ServiceAccount: the API server, on one of its ports."""
    bound = cluster.once(_bound)
    for workload in cluster.workloads if bound else ():
        binding = bound.get((workload.namespace, workload.service_account))
        if binding is not None and not workload.by_operator and _gets_token(cluster, workload):
            account = f"ServiceAccount {workload.namespace}/{workload.service_account}"
            shown_by = f"{account} is bound to {binding.role} by {binding.meta.ref.kind} {binding.meta.name}"
            yield Need(
                Reason.API, workload, Role.API_SERVER, API_PORTS, _place(binding, workload), shown_by, binding.meta
            )


def _bound(cluster: Cluster) -> Mapping[tuple[str, str], RoleBinding]:
    """The first binding of each account, by namespace and name, that lets it do something with the API."""
    found: dict[tuple[str, str], RoleBinding] = {}
    for binding in cluster.evidence:
        if isinstance(binding, RoleBinding) and not binding.role.startswith(_ADMISSION_ONLY):
            for account in binding.accounts:
                if account.name:  # a whole namespace is bound to let images be pulled and the like
                    found.setdefault((account.namespace or binding.meta.namespace, account.name), binding)
    return found


def _place(binding: RoleBinding, workload: Workload) -> Location:
    wanted = workload.namespace, workload.service_account
    own = (a.at for a in binding.accounts if (a.namespace or binding.meta.namespace, a.name) == wanted)
    return next(own, binding.meta.at)


def _gets_token(cluster: Cluster, workload: Workload) -> bool:
    """A pod decides, else its ServiceAccount."""
    if workload.mounts_token:
        return workload.mounts_token[0]
    return (workload.namespace, workload.service_account) not in cluster.once(_without_token)


def _without_token(cluster: Cluster) -> frozenset[tuple[str, str]]:
    accounts = (found for found in cluster.evidence if isinstance(found, ServiceAccount))
    return frozenset((one.meta.namespace, one.meta.name) for one in accounts if not one.mounts_token)
