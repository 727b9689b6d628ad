"""Programs that make pods of their own accord, not from custom resources: known by the labels of their own pods."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from netpol_lint.records import NamedTuple
from netpol_lint.resources.metadata import Label, Metadata, ObjectRef
from netpol_lint.resources.workload import Workload


class Program(NamedTuple):
    """A program, and what is known of the pods that it makes in its namespace."""

    kind: str
    labels: tuple[tuple[str, str], ...]
    """Of its own pods, which tell it from others."""
    pods: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    """By a name for them: labels that all of them surely carry."""
    source: str


_LONGHORN: Final = ("instance-manager", "backing-image-manager", "backing-image-data-source", "share-manager")
PROGRAMS: Final = (
    Program(
        "DaemonSet",
        (("app", "longhorn-manager"),),
        (
            *((name, (("longhorn.io/component", name),)) for name in _LONGHORN),
            ("csi-plugin", (("app", "longhorn-csi-plugin"),)),
        ),
        "https://github.com/longhorn/longhorn-manager/blob/master/types/types.go",
    ),
    Program(
        "Deployment",
        (("app", "jupyterhub"), ("component", "hub")),
        (("singleuser-server", (("app", "jupyterhub"), ("component", "singleuser-server"))),),
        "https://github.com/jupyterhub/kubespawner/blob/main/kubespawner/spawner.py",
    ),
    Program(
        "Deployment",
        (("app.kubernetes.io/name", "jupyterhub"), ("app.kubernetes.io/component", "hub")),
        (("singleuser-server", (("app.kubernetes.io/component", "singleuser-server"),)),),
        "https://github.com/jupyterhub/kubespawner/blob/main/kubespawner/spawner.py",
    ),
)
_KINDS: Final = frozenset(program.kind for program in PROGRAMS)


def pods_made_by(workload: Workload) -> Iterator[Workload]:
    """The pods that a workload makes when it runs; they may carry more labels and have more ports than is known."""
    meta = workload.meta
    if meta.ref.kind not in _KINDS or workload.partial:
        return
    own = workload.labels
    for program in PROGRAMS:
        if program.kind == meta.ref.kind and all(own.get(key) == value for key, value in program.labels):
            for name, labels in program.pods:
                ref = ObjectRef("", "Pod", meta.namespace, f"{meta.name}-{name}")
                known = tuple(Label(key, value, meta.at, meta.at) for key, value in labels)
                made = Metadata(ref, "v1", meta.at, meta.namespace_declared)
                yield Workload(made, known, (), False, meta.at, labels_complete=False, by_operator=True)
            return
