"""Pods that no manifest shows and that containers are told to call: somebody else installs them."""

from __future__ import annotations

from collections.abc import Mapping

from netpol_lint.algebra.labels import Operator
from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.diagnosis import Unmatched
from netpol_lint.needs.references import references
from netpol_lint.needs.service_names import Unknown


def is_called_elsewhere(cluster: Cluster, cause: Unmatched) -> bool:
    """Whether a selector asks for what is called like a Service that the unit names and does not have.

    `db.shop.svc` in a variable, or `db-primary.shop`, without a Service of the name, says that what `app: db` selects
    is there all the same.
    """
    promised = cluster.once(_promised)
    return any(
        any(name == value or name.startswith(f"{value}-") for name in promised.get(namespace, ()))
        for placed in cause.selector.placed
        if placed.requirement.operator is Operator.IN
        for value in placed.requirement.values
        for namespace in cause.namespaces
    )


def _promised(cluster: Cluster) -> Mapping[str, set[str]]:
    """By namespace: the names of Services that containers are told and that no manifest shows."""
    found: dict[str, set[str]] = {}
    for reference in references(cluster):
        if isinstance(reference.meaning, Unknown):
            name, _, rest = reference.written.host.partition(".")
            namespace = rest.partition(".")[0] or reference.workload.namespace
            found.setdefault(namespace, set()).add(name)
    return found
