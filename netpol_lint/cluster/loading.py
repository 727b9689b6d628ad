"""Files in, their decoded objects out: in one process, or for large trees in two with the same result."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, Final

from netpol_lint.cluster.helper import Helper, can_fork
from netpol_lint.cluster.units import FileObjects
from netpol_lint.records import NamedTuple
from netpol_lint.render.plan import ROOT_KINDS
from netpol_lint.resources.decode import (
    CONFIGURATIONS,
    CONVERTED_KINDS,
    DATA_KINDS,
    KINDS,
    NO_MAKERS,
    SIGNED_KINDS,
    decode,
    may_convert,
    operators,
)
from netpol_lint.resources.decode.host_signs import may_be_in_file
from netpol_lint.source.documents import Document, Failure, read_documents
from netpol_lint.source.files import File, Trouble, read_file, too_large
from netpol_lint.source.garbage import no_collection
from netpol_lint.source.limits import DEFAULT, Limits
from netpol_lint.source.tree import Mapping

if TYPE_CHECKING:
    from netpol_lint.resources.plugins import Sign

_MARKER: Final = b"netpol-lint:"
_KUSTOMIZATIONS: Final = ("kustomization.yaml", "kustomization.yml")
"""Each of these is of `kind: Kustomization`, and few are Flux's: the planner reads the others."""
_CLUSTER_FILES: Final = ("k3s/config.yaml", "rke2/config.yaml", "k3s-config.yaml", "rke2-config.yaml")
_MANY_FILES: Final = 2_500
_MANY_BYTES: Final = 30_000_000
_CHOOSE: Final = 0


class Reading(NamedTuple):
    """How files are read."""

    namespace: str = "default"
    """The namespace of objects that name none."""
    limits: Limits = DEFAULT
    prefilter: bool = True
    operators: operators.Makers = NO_MAKERS
    """Kinds that make pods, besides those that are known."""

    @property
    def kinds(self) -> frozenset[str]:
        """Every kind that matters, but those that hold data."""
        return _known_kinds() | operators.kinds_of(self.operators) if self.operators else _known_kinds()

    def kinds_in(self, data: bytes) -> frozenset[str]:
        """Every kind that matters in a file: a ConfigMap only where it may name a host, and so on."""
        known = _known_kinds_in(may_be_in_file(data) or _may_configure_nodes(data), may_convert(data))
        return known | operators.kinds_of(self.operators) if self.operators else known


_AS_USUAL: Final = Reading()


@cache
def _known_kinds() -> frozenset[str]:
    return KINDS | ROOT_KINDS | CONFIGURATIONS | operators.built_in_kinds()


@cache
def _known_kinds_in(holds_data: bool, converts: bool) -> frozenset[str]:
    kinds = _known_kinds()
    if holds_data:
        kinds |= DATA_KINDS
    return kinds | CONVERTED_KINDS if converts else kinds


class Loaded(NamedTuple):
    """What the files hold, in their order; what is wrong with those that could not be read; how many were read."""

    files: tuple[FileObjects, ...]
    """Only those in which there is something: an object, a failure, a comment for us."""
    troubles: tuple[Trouble, ...]
    read: int


def _as_it_is(document: Document) -> Document:
    return document


def load(files: Sequence[File], reading: Reading = _AS_USUAL, *, jobs: int = _CHOOSE) -> Loaded:
    """Read and decode the files. The result is the same whatever `jobs`; 0 uses a second process for large trees."""
    affordable, refused = _within_total(files, reading.limits)
    with no_collection():
        if _is_worth_a_helper(affordable, jobs):
            results = _with_helper(affordable, reading)
        else:
            results = [_outcome(file, reading) for file in affordable]
    return _joined(results, refused, reading.limits)


def objects_of(
    data: bytes, path: str, reading: Reading = _AS_USUAL, *, applied: Callable[[Document], Document] = _as_it_is
) -> FileObjects:
    """What one file holds, decoded after what is `applied` to each document."""
    objects = FileObjects(path)
    is_kustomization = path.endswith(_KUSTOMIZATIONS) and b"toolkit.fluxcd.io" not in data
    for item in _documents(data, path, KINDS if is_kustomization else reading.kinds_in(data), reading):
        if isinstance(item, Failure):
            objects.failures.append(item)
        else:
            take_in(applied(item), objects, reading)
    if _may_describe_a_cluster(data, path):
        objects.signs.extend(_cluster_signs(data, path, reading))
    if objects.failures and not is_kustomization:  # what is wrong with other kinds is not our business
        again = _documents(data, path, KINDS, reading)
        objects.failures[:] = [item for item in again if isinstance(item, Failure)]
    if _MARKER in data:
        from netpol_lint.source.ignores import ignores_in  # few files have any

        objects.ignores.extend(ignores_in(data, path))
    return objects


def _documents(data: bytes, path: str, kinds: frozenset[str], reading: Reading) -> Iterator[Document | Failure]:
    return read_documents(
        data,
        path,
        kinds=kinds,
        default_namespace=reading.namespace,
        limits=reading.limits,
        prefilter=reading.prefilter,
    )


def _may_describe_a_cluster(data: bytes, path: str) -> bool:
    """Whether a file may be an installer's that is no object: by its name, or as those of Talos look."""
    return path.endswith(_CLUSTER_FILES) or (
        b"cni" in data and re.search(rb"^(?:cluster|cniConfig)\s*:", data, re.MULTILINE) is not None
    )


def _may_configure_nodes(data: bytes) -> bool:
    """Whether a file may hold a ConfigMap with the configuration of a CNI plugin, or Amazon's."""
    return (
        b"ConfigMap" in data
        and re.search(rb"cni-conf\.json|cni_network_config|\.conflist|amazon-vpc-cni", data) is not None
    )


def _configures_nodes(document: Document) -> bool:
    data = document.root.get("data") if document.kind == "ConfigMap" else ()
    return isinstance(data, Mapping) and any(_is_for_nodes(key) for key, _, _ in data)


def _is_for_nodes(key: str) -> bool:
    return "cni" in key or key.endswith(".conflist") or key == "enable-network-policy-controller"


def _cluster_signs(data: bytes, path: str, reading: Reading) -> Iterator[Sign]:
    from netpol_lint.resources.decode.cluster_files import cluster_signs
    from netpol_lint.source.documents import read_trees

    for tree in read_trees(data, path, limits=reading.limits):
        if not isinstance(tree, Failure):
            yield from cluster_signs(tree, path)


def take_in(document: Document, objects: FileObjects, reading: Reading) -> None:
    """Add what a document is: objects, or what Argo CD or Flux deploy."""
    if document.kind in ROOT_KINDS:
        from netpol_lint.render.plan.gitops import roots_in

        objects.roots.extend(roots_in(document))
    else:
        objects.add(decode(document, reading.operators))
    if document.kind in SIGNED_KINDS or _configures_nodes(document):
        from netpol_lint.resources.decode.plugins import signs_in

        objects.signs.extend(signs_in(document))


def _outcome(file: File, reading: Reading) -> FileObjects | Trouble:
    data = read_file(file, reading.limits)
    if isinstance(data, Trouble):
        return data
    try:
        return objects_of(data, file.path, reading)
    except Exception as error:
        error.add_note(f"while reading {file.path}")  # a bug of ours: whoever reports it can say where
        raise


def _within_total(files: Sequence[File], limits: Limits) -> tuple[list[File], list[Trouble]]:
    """The files that are read, and those that are too large, alone or with those before them."""
    affordable: list[File] = []
    troubles: list[Trouble] = []
    left, refused = limits.total, 0
    for file in files:
        if file.size > limits.file:
            troubles.append(too_large(file.path, limits))
        elif file.size > left:
            refused += 1
        else:
            left -= file.size
            affordable.append(file)
    if refused:
        are = "1 file is" if refused == 1 else f"{refused} files are"
        troubles.append(Trouble("", f"{are} not read: all files together are beyond {limits.total} bytes"))
    return affordable, troubles


def _joined(results: Sequence[FileObjects | Trouble], refused: list[Trouble], limits: Limits) -> Loaded:
    files: list[FileObjects] = []
    troubles = [result for result in results if isinstance(result, Trouble)] + refused
    objects = dropped = 0
    for result in results:
        if isinstance(result, Trouble):
            continue
        if dropped or objects + result.object_count > limits.objects:
            dropped += 1
        elif not result.is_empty:
            objects += result.object_count
            files.append(result)
    if dropped:
        troubles.append(Trouble("", f"{dropped} files are not analysed: there are more than {limits.objects} objects"))
    read = sum(isinstance(result, FileObjects) for result in results) - dropped
    return Loaded(tuple(files), tuple(sorted(troubles)), read)


def _is_worth_a_helper(files: Sequence[File], jobs: int) -> bool:
    if jobs == 1 or len(files) < 2 or not can_fork():
        return False
    if jobs > 1:
        return True
    if (os.cpu_count() or 1) < 2:
        return False
    return len(files) >= _MANY_FILES or sum(file.size for file in files) >= _MANY_BYTES


def _with_helper(files: Sequence[File], reading: Reading) -> list[FileObjects | Trouble]:
    """The outcomes in the order of the files, two fifths of them from a forked process, which must also send them."""
    share = [index for index in range(len(files)) if index % 5 in (1, 3)]
    results: dict[int, FileObjects | Trouble] = {}
    with Helper(share, lambda index: _outcome(files[index], reading)) as helper:
        chosen = set(share)
        for index, file in enumerate(files):
            if index not in chosen:
                results[index] = _outcome(file, reading)
        helped = helper.results()
    results.update(helped.done)
    if helped.fatal >= 0:
        path = files[helped.fatal].path
        results[helped.fatal] = Trouble(path, "reading it ended the process, so it is not analysed")
    for index in share:
        if index not in results:
            results[index] = _outcome(files[index], reading)
    return [results[index] for index in range(len(files))]
