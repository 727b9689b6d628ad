"""Units that go to one cluster as one: where Argo CD or the config says so."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Sequence

from netpol_lint.cluster.grouping import Identity
from netpol_lint.cluster.units import Unit
from netpol_lint.cluster.unseen import is_filled_in, is_system_namespace
from netpol_lint.config import Settings
from netpol_lint.findings.wording import listed
from netpol_lint.render.plan.areas import below


def neighbours(units: Iterable[Unit]) -> list[Unit]:
    """The units, those as one that are known to go to one cluster and share a namespace, if no workload is in both."""
    found: list[Unit] = []
    by_cluster: dict[str, list[Unit]] = {}
    for unit in sorted(units, key=lambda unit: unit.name):
        if unit.cluster:
            by_cluster.setdefault(unit.cluster, []).append(unit)
        else:
            found.append(unit)
    for cluster, members in by_cluster.items():
        for group in _sharing(members):
            name = f"{common_directory(root_of(unit) for unit in group)} ({cluster})"
            reason = f"{listed(unit.name for unit in group)} go to one cluster and share a namespace"
            found.append(group[0] if len(group) == 1 else together(name, group, reason))
    return found


def _sharing(units: Iterable[Unit]) -> list[list[Unit]]:
    groups: list[list[Unit]] = []
    for unit in units:
        near = [group for group in groups if not told_namespaces(group).isdisjoint(told_namespaces([unit]))]
        everybody = [*(other for group in near for other in group), unit]
        workloads = [identity for other in everybody for identity in workloads_of(other)]
        if len(workloads) != len(set(workloads)):
            groups.append([unit])
        else:
            groups = [*(group for group in groups if group not in near), everybody]
    return groups


def told_namespaces(units: Iterable[Unit]) -> set[str]:
    """The namespaces of which something says that the units' objects are in them."""
    names = {
        meta.namespace
        for unit in units
        for file in unit.files
        for meta in file.metas
        if unit.namespace or meta.namespace_declared
    }
    return {name for name in names if not is_system_namespace(name) and not is_filled_in(name)} - {"", "default"}


def workloads_of(unit: Unit) -> set[Identity]:
    return {(w.meta.ref.kind, w.namespace, w.name) for file in unit.files for w in file.workloads}


def with_config(units: list[Unit], settings: Settings, base: str) -> list[Unit]:
    """The units, those that the config sends to one cluster as one.

    The config names units, as they are called relative to `base`, or directories, relative to itself.
    """
    left = units
    joined: list[Unit] = []
    for name, members in settings.cluster.items():
        directories = [posixpath.normpath(posixpath.join(settings.base, member)) for member in members]
        chosen = [
            unit
            for unit in left
            if relative(unit.name, base) in members or any(below(root_of(unit), path) for path in directories)
        ]
        left = [unit for unit in left if unit not in chosen]
        if chosen:
            reason = f"the config sends {listed(sorted(unit.name for unit in chosen))} to cluster {name}"
            joined.append(together(name, chosen, reason)._replace(cluster=name))
    return [*left, *joined]


def together(name: str, parts: Sequence[Unit], reason: str) -> Unit:
    """Several units as one."""
    if len(parts) == 1:
        return parts[0]._replace(name=name, reason=reason)
    files = {id(file): file for part in parts for file in part.files}
    clusters = {part.cluster for part in parts if part.cluster}
    namespaces = {part.namespace for part in parts}
    return Unit(
        name,
        tuple(sorted(files.values(), key=lambda file: file.path)),
        reason,
        clusters.pop() if len(clusters) == 1 else "",
        namespaces.pop() if len(namespaces) == 1 else "",
        closed=all(part.closed for part in parts),
        not_rendered=tuple(problem for part in parts for problem in part.not_rendered),
        is_example=all(part.is_example for part in parts),
        sources=frozenset().union(*(part.sources for part in parts)),
        switched_off=tuple(text for part in parts for text in part.switched_off),
        jobs=tuple(job for part in parts for job in part.jobs),
        renderers=frozenset().union(*(part.renderers for part in parts)),
    )


def root_of(unit: Unit) -> str:
    """The directory that a unit is named after."""
    return unit.name.partition(" (")[0]


def common_directory(directories: Iterable[str]) -> str:
    """The directory at or above all of them; "." for the top."""
    different = {directory or "." for directory in directories}
    if len(different) == 1:
        return different.pop()
    if not different or len({directory.startswith("/") for directory in different}) > 1:
        return "."
    shared = posixpath.commonprefix([[] if directory == "." else directory.split("/") for directory in different])
    return "/".join(shared) or "."


def relative(name: str, base: str) -> str:
    """A name as seen from a directory, if it begins there."""
    if base == ".":
        return name
    if name == base or name.startswith(f"{base} ("):
        return f".{name[len(base) :]}"
    return name.removeprefix(f"{base}/")
