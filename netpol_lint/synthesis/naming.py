"""Which of its labels tell a workload's pods from the others of their namespace, and stay over a release."""

from __future__ import annotations

from typing import Final

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.selection import is_run_time_key
from netpol_lint.resources.workload import Workload
from netpol_lint.synthesis.plan import Labels

_IDENTITY: Final = (
    "app.kubernetes.io/name",
    "app.kubernetes.io/instance",
    "app.kubernetes.io/component",
    "app",
    "k8s-app",
    "name",
    "component",
)
"""The keys that name an application, the most telling first."""
_PASSING: Final = frozenset(
    ("helm.sh/chart", "app.kubernetes.io/version", "app.kubernetes.io/managed-by", "chart", "heritage", "version")
)
"""Keys that change with a release, or that every pod shares."""


def identity_of(cluster: Cluster, workload: Workload) -> Labels:
    """The first labels, in order of what they say, that only this workload's pods have in their namespace.

    All that last, if others have the same; nothing if the pods have no label that lasts.
    """
    lasting = {key: value for key, value in workload.labels.items() if key not in _PASSING and not is_run_time_key(key)}
    ordered = sorted(lasting, key=lambda key: (_IDENTITY.index(key) if key in _IDENTITY else len(_IDENTITY), key))
    others = [other for other in cluster.pods_in(workload.namespace) if other.id != workload.id]
    chosen: list[str] = []
    for key in ordered:
        chosen.append(key)
        others = [other for other in others if other.labels.get(key) == lasting[key]]
        if not others:
            break
    return tuple(sorted((key, lasting[key]) for key in chosen))
