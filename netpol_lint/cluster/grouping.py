"""Plain manifests as deployment units: which directories belong together, and which files are alternatives."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, TypeAlias

from netpol_lint.cluster.units import FileObjects
from netpol_lint.cluster.unseen import is_filled_in, is_system_namespace
from netpol_lint.records import NamedTuple
from netpol_lint.resources.decode.placeholders import has_placeholder
from netpol_lint.resources.metadata import Metadata
from netpol_lint.source.paths import directories_above

Identity: TypeAlias = tuple[str, str, str]
"""Kind, namespace ("" if the manifest names none) and name of a workload."""
_MOST_ALTERNATIVES: Final = 50
_UNTOLD: Final = frozenset(("", "default"))
"""Namespaces that unrelated applications share."""


class Group(NamedTuple):
    """Files that are applied together."""

    files: tuple[FileObjects, ...]
    """By path."""
    reason: str


class _Chunk(NamedTuple):
    """A directory's files, or one of them where they are alternatives."""

    files: Sequence[FileObjects]
    workloads: frozenset[Identity]


class _Alternative(NamedTuple):
    """Files that are deployed in place of others."""

    files: tuple[FileObjects, ...]
    defines: frozenset[Identity]
    """The workloads that others define too."""

    def with_chunk(self, chunk: _Chunk, contested: Iterable[Identity]) -> _Alternative:
        return _Alternative((*self.files, *chunk.files), self.defines.union(contested))


_NOTHING: Final = _Alternative((), frozenset())


def groups(files: Iterable[FileObjects], is_example: Callable[[str], bool]) -> tuple[Group, ...]:
    """The files by what they are deployed with. The order of the files does not matter.

    Directories come together if they share a namespace that their manifests name. Those whose manifests name none come
    together with the directories above and below them, never with those beside them. Two definitions of one workload
    are alternatives: whatever else is there goes with each of them. Examples stay alone, each directory by itself.
    """
    by_directory: dict[str, list[FileObjects]] = {}
    for file in sorted(files, key=lambda file: file.path):
        by_directory.setdefault(posixpath.dirname(file.path), []).append(file)
    found: list[Group] = []
    related = _Related()
    for directory, members in by_directory.items():
        if is_example(directory):
            found += _settled({directory: members}, "a directory of examples")
        else:
            related.add(directory)
    _relate({name: members for name, members in by_directory.items() if name in related.parent}, related)
    for directories in related.sets():
        found += _settled({name: by_directory[name] for name in directories}, _reason(directories))
    return tuple(sorted(found, key=lambda group: [file.path for file in group.files]))


def identities(file: FileObjects) -> Iterator[Identity]:
    """The workloads of a file, as far as their names are fixed."""
    for workload in file.workloads:
        meta = workload.meta
        if meta.name and not has_placeholder(meta.name) and meta.at.pointer.endswith("/name"):
            yield meta.ref.kind, meta.namespace if meta.namespace_declared else "", meta.name


class _Related:
    """Sets of directories that come together."""

    def __init__(self) -> None:
        self.parent: dict[str, str] = {}

    def add(self, name: str) -> None:
        self.parent[name] = name

    def find(self, name: str) -> str:
        while self.parent[name] != name:
            self.parent[name] = self.parent[self.parent[name]]
            name = self.parent[name]
        return name

    def join(self, one: str, other: str) -> None:
        first, second = sorted((self.find(one), self.find(other)))
        self.parent[second] = first

    def sets(self) -> list[list[str]]:
        found: dict[str, list[str]] = {}
        for name in sorted(self.parent):
            found.setdefault(self.find(name), []).append(name)
        return list(found.values())


def _relate(by_directory: dict[str, list[FileObjects]], related: _Related) -> None:
    first: dict[str, str] = {}
    untold: set[str] = set()
    for directory, files in by_directory.items():
        names = {name for file in files for name in _namespaces(file)}
        for name in names - _UNTOLD:
            related.join(first.setdefault(name, directory), directory)
        if names & _UNTOLD:
            untold.add(directory)
    for directory in untold:
        nearest = next((above for above in directories_above(directory) if above in untold), directory)
        related.join(nearest, directory)


def _namespaces(file: FileObjects) -> Iterator[str]:
    """The namespaces that a file's objects name, "" for those that name none or one that tells nothing."""
    namespaced: Iterable[Metadata] = (
        *(workload.meta for workload in file.workloads),
        *(policy.meta for policy in file.policies),
        *(policy.meta for policy in file.rejected),
        *(service.meta for service in file.services),
        *(policy.meta for policy in file.foreign if not policy.cluster_wide),
    )
    for meta in namespaced:
        is_told = meta.namespace_declared and not is_filled_in(meta.namespace)
        yield meta.namespace if is_told and not is_system_namespace(meta.namespace) else ""
    yield from (meta.name for meta in file.namespaces if not is_system_namespace(meta.name))
    if (
        file.cluster_policies
        or file.rejected_cluster_policies
        or file.nodes
        or any(p.cluster_wide for p in file.foreign)
    ):
        yield ""


def _settled(by_directory: dict[str, list[FileObjects]], reason: str) -> Iterator[Group]:
    """The files of directories that come together, alternatives apart.

    What defines a part of what another does is a variant of that part: it has no claim to the files that all share.
    """
    alternatives, rest = _alternatives(by_directory)
    if not alternatives:
        yield Group(_by_path(rest), reason)
        return
    whole = [one for one in alternatives if not any(one.defines < other.defines for other in alternatives)]
    is_shared = len(whole) <= _MOST_ALTERNATIVES
    if rest and not is_shared:
        yield Group(_by_path(rest), reason)
    for one in alternatives:
        shared = rest if is_shared and one in whole else ()
        yield Group(_by_path([*one.files, *shared]), f"{reason}; other files define the same workloads")


def _by_path(files: Iterable[FileObjects]) -> tuple[FileObjects, ...]:
    return tuple(sorted(files, key=lambda file: file.path))


def _alternatives(
    by_directory: dict[str, list[FileObjects]],
) -> tuple[list[_Alternative], list[FileObjects]]:
    """The alternatives, none of which defines a workload twice, and the files that are in none of them."""
    chunks = [chunk for files in by_directory.values() for chunk in _chunks(files)]
    holders: dict[Identity, list[int]] = {}
    for index, chunk in enumerate(chunks):
        for identity in chunk.workloads:
            holders.setdefault(identity, []).append(index)
    rivals = [sum(len(holders[identity]) - 1 for identity in chunk.workloads) for chunk in chunks]
    contested = sorted(
        (i for i, count in enumerate(rivals) if count), key=lambda i: (rivals[i], chunks[i].files[0].path)
    )
    taken: dict[Identity, set[int]] = {}
    members: dict[int, _Alternative] = {}
    for index in contested:
        chunk = chunks[index]
        used: set[int] = set().union(*(taken.get(identity, ()) for identity in chunk.workloads))
        colour = next(number for number in range(len(used) + 1) if number not in used)
        contest = (identity for identity in chunk.workloads if len(holders[identity]) > 1)
        members[colour] = members.get(colour, _NOTHING).with_chunk(chunk, contest)
        for identity in chunk.workloads:
            taken.setdefault(identity, set()).add(colour)
    rest = [file for chunk, count in zip(chunks, rivals, strict=True) if not count for file in chunk.files]
    return [members[colour] for colour in sorted(members)], rest


def _chunks(files: Sequence[FileObjects]) -> Iterator[_Chunk]:
    """A directory's files as one, or each by itself where two of them define one workload."""
    own = [frozenset(identities(file)) for file in files]
    together: frozenset[Identity] = frozenset().union(*own)
    if len(together) == sum(len(workloads) for workloads in own):
        yield _Chunk(files, together)
        return
    for file, workloads in zip(files, own, strict=True):
        yield _Chunk((file,), workloads)


def _reason(directories: Sequence[str]) -> str:
    if len(directories) == 1:
        return "plain manifests of one directory"
    return f"plain manifests of {len(directories)} directories that name the same namespaces or lie below each other"
