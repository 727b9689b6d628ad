"""Which application an object belongs to, as far as its labels, its chart or its directory say."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from netpol_lint.algebra.labels import Operator
from netpol_lint.cluster.cluster import Cluster
from netpol_lint.records import NamedTuple
from netpol_lint.resources.metadata import as_mapping
from netpol_lint.resources.policy import NetworkPolicy
from netpol_lint.resources.workload import Workload

_OWNERS: Final = ("app.kubernetes.io/instance", "app.kubernetes.io/part-of", "helm.sh/chart")
_CHART_VERSION: Final = re.compile(r"-v?\d+\.\d+.*\Z")
_NAME_KEYS: Final = frozenset(("app", "application", "name", "k8s-app", "app.kubernetes.io/name"))
"""Labels that name what runs in a pod, rather than the tier or role it shares with others on purpose."""


class Collision(NamedTuple):
    """What a policy for one application captures besides the application's own workloads (NP111)."""

    by: str
    """The label that tells the applications apart, or `directory`."""
    application: str
    own: tuple[Workload, ...]
    foreign: tuple[Workload, ...]


def collision(cluster: Cluster, policy: NetworkPolicy) -> tuple[Collision, ...]:
    """The workloads of other applications that a policy of one application selects besides those of its own.

    Only for selectors that name what runs in the pods: a tier or role is shared on purpose. The first label of
    instance, part-of and chart that the policy carries decides; without any, its directory.
    """
    selector = policy.pod_selector
    if not any(p.requirement.operator is Operator.IN and p.requirement.key in _NAME_KEYS for p in selector.placed):
        return ()
    pods = cluster.selected_by(policy).certain
    if len(pods) < 2:
        return ()
    labels = as_mapping(policy.meta.labels)
    for key in _OWNERS:
        if key in labels:
            return _apart(key, _owner(key, labels), [(w, _owner(key, _labels(w))) for w in pods])
    if not policy.meta.namespace_declared or not all(w.meta.namespace_declared for w in pods):
        return ()
    home = _directory(policy.meta.at.path)
    if not _tells_components_apart(cluster, policy, home):
        return ()
    return _apart("directory", home, [(w, _directory(w.meta.at.path)) for w in pods])


def _apart(by: str, application: str, owned: list[tuple[Workload, str]]) -> tuple[Collision, ...]:
    own = tuple(workload for workload, owner in owned if owner == application)
    names = {(workload.meta.ref.kind, workload.name) for workload in own}
    foreign = tuple(
        workload
        for workload, owner in owned
        if owner and owner != application and (workload.meta.ref.kind, workload.name) not in names
    )
    return (Collision(by, application, own, foreign),) if own and foreign else ()


def _labels(workload: Workload) -> Mapping[str, str]:
    return {**as_mapping(workload.meta.labels), **workload.labels}


def _owner(key: str, labels: Mapping[str, str]) -> str:
    value = labels.get(key, "")
    return _CHART_VERSION.sub("", value) if key == "helm.sh/chart" else value


def _directory(path: str) -> str:
    return path.rpartition("/")[0] or "."


def _tells_components_apart(cluster: Cluster, policy: NetworkPolicy, home: str) -> bool:
    """Whether the selector leaves out another component of the policy's own directory.

    A label that every workload there carries may be the application's, spread over several directories.
    """
    selected = {workload.id for workload in cluster.selected_by(policy).certain}
    beside = cluster.once(_by_directory).get((policy.meta.namespace, home), ())
    return any(workload.id not in selected for workload in beside)


def _by_directory(cluster: Cluster) -> Mapping[tuple[str, str], list[Workload]]:
    """The workloads by namespace and directory."""
    found: dict[tuple[str, str], list[Workload]] = {}
    for workload in cluster.workloads:
        found.setdefault((workload.namespace, _directory(workload.meta.at.path)), []).append(workload)
    return found
