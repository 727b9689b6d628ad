"""The proof behind safe fixes: with the new texts every connection is allowed, denied or unknown as it was.

Compared are the pods of each unit that a changed file is in, the addresses outside, and pods that do not exist yet: one
for each selector of the old and of the new policies, as workloads of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.units import Unit
from netpol_lint.config import Settings
from netpol_lint.connectivity.differences import difference
from netpol_lint.connectivity.exposure import newcomers
from netpol_lint.connectivity.network import Network
from netpol_lint.engine.inputs import Inputs
from netpol_lint.engine.judging import cluster_of
from netpol_lint.resources.metadata import Label, Metadata, ObjectRef
from netpol_lint.resources.policy import NOWHERE
from netpol_lint.resources.workload import Workload

_Newcomer = tuple[str, tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]
_KIND = "Newcomer"


def changes_no_connection(old: Inputs, new: Inputs, settings: Settings, paths: Iterable[str]) -> bool:
    """Whether the files of these paths, which are what differs, decide every connection of every unit as before."""
    changed = frozenset(paths)
    before, after = ({unit.name: unit for unit in inputs.units} for inputs in (old, new))
    if before.keys() != after.keys():
        return False
    return all(
        _is_the_same(unit, after[name], settings)
        for name, unit in before.items()
        if not changed.isdisjoint(_paths(unit)) or not changed.isdisjoint(_paths(after[name]))
    )


def _paths(unit: Unit) -> frozenset[str]:
    return unit.sources | {file.path for file in unit.files}


def _is_the_same(old: Unit, new: Unit, settings: Settings) -> bool:
    before, after = cluster_of(old, settings), cluster_of(new, settings)
    new_ones = sorted({*_newcomers(before), *_newcomers(after)})
    networks = (Network.of(_with(cluster, new_ones)) for cluster in (before, after))
    return not difference(old.name, *networks)


def _newcomers(cluster: Cluster) -> Iterator[_Newcomer]:
    for pod, endpoint in newcomers(Network.of(cluster)):
        yield endpoint.namespace, tuple(endpoint.namespace_labels), tuple(sorted(pod.labels.known.items()))


def _with(cluster: Cluster, wanted: Iterable[_Newcomer]) -> Cluster:
    """The cluster with these pods and their namespaces; what their ports are called is not known."""
    namespaces = dict(cluster.extra_namespaces)
    workloads: list[Workload] = []
    for number, (known, namespace_labels, labels) in enumerate(wanted):
        namespace = known or f"new-namespace-{number}"
        if not known:
            namespaces[namespace] = dict(namespace_labels)
        ref = ObjectRef("", _KIND, namespace, f"{number}")
        own = tuple(Label(key, value, NOWHERE, NOWHERE) for key, value in labels) or (_UNHEARD_OF,)
        workloads.append(Workload(Metadata(ref, "", NOWHERE, True), own, (), False, NOWHERE, by_operator=True))
    return cluster._replace(workloads=(*cluster.workloads, *workloads), extra_namespaces=namespaces)


_UNHEARD_OF = Label("netpol-lint.io/none", "", NOWHERE, NOWHERE)
"""A pod that an operator makes without labels would be one of which nothing is known."""
