"""The files of a chart and its subcharts as they are given to Helm: read through the scanned tree, links resolved."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from netpol_lint.render.files import Tree
from netpol_lint.render.helm.archives import MOST_BYTES, MOST_FILES, unpack
from netpol_lint.render.helm.chart import NoChart, below, start_of
from netpol_lint.source.files import Trouble

_LEFT_OUT: Final = frozenset({".git", "values.schema.json"})
"""A schema may name addresses that Helm would fetch; whether values fit it is Helm's matter."""
_DEEPEST: Final = 32
_ARCHIVES: Final = (".tgz", ".tar.gz")


@dataclass(slots=True)
class Copy:
    """Files by their path below the chart, with the display path of each; "" for those out of an archive."""

    files: dict[str, bytes] = field(default_factory=dict)
    origins: dict[str, str] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    size: int = 0

    def add(self, path: str, data: bytes, origin: str) -> None:
        """Put a file in; `NotCopied` beyond the limits."""
        self.size += len(data)
        if len(self.files) >= MOST_FILES or self.size > MOST_BYTES:
            raise NotCopied(
                NoChart(f"the chart has more than {MOST_FILES} files or {MOST_BYTES} bytes", start_of(origin or path))
            )
        self.files[path] = data
        self.origins[path] = origin


class NotCopied(Exception):
    """A chart with files that are not given to Helm: the argument says why."""

    def __init__(self, why: NoChart) -> None:
        super().__init__(why.reason)
        self.why = why


def copy_of(directory: str, tree: Tree) -> Copy:
    """Everything below a chart's directory; `NotCopied` for links out of the tree and whatever is beyond a limit."""
    copy = Copy()
    add_directory(copy, directory, "", tree)
    return copy


def add_directory(copy: Copy, directory: str, target: str, tree: Tree) -> None:
    """Put in everything below a directory of the tree, at a path of the copy."""
    for relative, path in _walk(directory, "", tree, ()):
        inside = posixpath.join(target, relative)
        if _is_packed(inside):
            _add_archive(copy, path, inside, tree)
        else:
            copy.add(inside, _content(path, tree), path)
            copy.used.add(path)


def unpacked_into(path: str) -> str:
    """The directory of the copy that a packed subchart gets."""
    return path.removesuffix(".tgz").removesuffix(".tar.gz") + ".unpacked"


def _is_packed(path: str) -> bool:
    return posixpath.basename(posixpath.dirname(path)) == "charts" and path.endswith(_ARCHIVES)


def _add_archive(copy: Copy, path: str, target: str, tree: Tree) -> None:
    files = unpack(_content(path, tree))
    copy.used.add(path)
    if isinstance(files, str):
        raise NotCopied(NoChart(f"the packed chart cannot be used: {files}", start_of(path)))
    for name, data in files.items():
        if posixpath.basename(name) in _LEFT_OUT:
            continue
        inner = posixpath.join(unpacked_into(target), name)
        if _is_packed(inner):
            _add_packed(copy, data, inner, path)
        else:
            copy.add(inner, data, "")


def _add_packed(copy: Copy, data: bytes, target: str, path: str) -> None:
    """A packed chart in a packed chart; a third one within is left to Helm, which has limits of its own."""
    files = unpack(data)
    if isinstance(files, str):
        raise NotCopied(NoChart(f"a chart packed in this one cannot be used: {files}", start_of(path)))
    for name, inner in files.items():
        if posixpath.basename(name) not in _LEFT_OUT:
            copy.add(posixpath.join(unpacked_into(target), name), inner, "")


def _content(path: str, tree: Tree) -> bytes:
    data = tree.read(path)
    if isinstance(data, Trouble):
        raise NotCopied(NoChart(data.message, start_of(path)))
    return data


def _walk(directory: str, inside: str, tree: Tree, above: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Every file, by its path below the directory and its display path."""
    location = tree.location(directory)
    names = tree.list(directory)
    if isinstance(location, Trouble) or isinstance(names, Trouble):
        trouble = location if isinstance(location, Trouble) else names
        assert isinstance(trouble, Trouble)
        raise NotCopied(NoChart(trouble.message, start_of(directory)))
    if location in above or len(above) >= _DEEPEST:
        raise NotCopied(NoChart("directories within each other without end", start_of(directory)))
    for name in names:
        path = below(directory, name)
        if name in _LEFT_OUT:
            continue
        if not name.isprintable() or "\\" in name:
            raise NotCopied(NoChart(f"a file is called {name!a}, which Helm's output cannot name", start_of(path)))
        if tree.is_directory(path):
            yield from _walk(path, posixpath.join(inside, name), tree, (*above, location))
        else:
            yield posixpath.join(inside, name), path
