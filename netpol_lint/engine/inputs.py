"""What a run looks at: paths, standard input or texts, read and decoded."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from netpol_lint.cluster.units import FileObjects
from netpol_lint.config import Settings
from netpol_lint.findings import Notification
from netpol_lint.resources.decode import KINDS, decode
from netpol_lint.source.documents import Failure, read_documents


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a run looks at, decoded."""

    files: tuple[FileObjects, ...]
    content: Callable[[str], bytes]
    """The bytes of an analysed file by its path; b"" when they cannot be read any more."""
    notifications: tuple[Notification, ...] = ()
    fixtures: int = 0
    """Files left out as test data."""


def from_texts(texts: Mapping[str, bytes], settings: Settings) -> Inputs:
    """Files given by their content, decoded, in order of their paths."""
    files = tuple(objects_of(content, path, settings) for path, content in sorted(texts.items()))
    return Inputs(files, lambda path: texts.get(path, b""))


def objects_of(content: bytes, path: str, settings: Settings) -> FileObjects:
    """What one file holds, decoded."""
    objects = FileObjects(path)
    for item in read_documents(content, path, kinds=KINDS, default_namespace=settings.namespace):
        if isinstance(item, Failure):
            objects.failures.append(item)
        else:
            objects.add(decode(item))
    return objects
