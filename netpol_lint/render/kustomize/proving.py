"""Whether kustomize itself may be run on a kustomization: only if everything it would read is in the scanned tree."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import Final

from netpol_lint.render.files import Tree
from netpol_lint.render.kustomize.kustomization import Kustomization, is_inline, read, references_of
from netpol_lint.render.kustomize.references import Reach, Role, is_remote, not_read
from netpol_lint.render.kustomize.refusal import Refused
from netpol_lint.source.documents import Failure, read_trees
from netpol_lint.source.files import Trouble
from netpol_lint.source.location import Location, Span
from netpol_lint.source.tree import Mapping, Node, Scalar

_TOP: Final = Span(1, 1, 1, 2)
_MOST: Final = 2_000
_PLUGINS: Final = ("generators", "transformers", "validators")
_INSTALL: Final = "render it yourself: `kustomize build DIRECTORY | netpol-lint check -`"


def prove_local(directory: str, tree: Tree) -> frozenset[str]:
    """The files that kustomize would read, by display path. Refused if it might read others, fetch, or run anything."""
    return _Proof(tree).of(directory)


class _Proof:
    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._read: set[str] = set()
        self._pending: list[tuple[str, Location | None]] = []
        self._seen: set[str] = set()

    def of(self, directory: str) -> frozenset[str]:
        """Every file, from one directory on."""
        self._pending.append((directory, None))
        while self._pending:
            current, at = self._pending.pop()
            current = posixpath.normpath(current)
            if current in self._seen:
                continue
            self._seen.add(current)
            if len(self._seen) > _MOST:
                raise Refused(f"more than {_MOST} kustomizations are not read", at or Location(current, _TOP))
            self._kustomization(read(current, self._tree, at))
        return frozenset(self._read)

    def _kustomization(self, kustomization: Kustomization) -> None:
        self._read.add(kustomization.path)
        for mistake, at in kustomization.mistakes:
            raise Refused(mistake, at, "correct the kustomization")
        for reference in references_of(kustomization, self._tree):
            if reference.role is Role.CHART:
                raise Refused("kustomize is not allowed to render Helm charts", reference.at, _INSTALL)
            if not reference.is_local:
                raise not_read(reference)
            if reference.reach is Reach.DIRECTORY:
                self._pending.append((reference.path, reference.at))
            else:
                self._read.add(reference.path)
                if reference.role is Role.PLUGIN:
                    self._plugins(self._tree.trees(reference.path), reference.at)
        for field in _PLUGINS:
            for scalar in kustomization.scalars(field):
                if is_inline(scalar):
                    text = scalar.text.encode("utf-8", "surrogatepass")
                    self._plugins(tuple(read_trees(text, scalar.path)), scalar.location)

    def _plugins(self, trees: tuple[Node | Failure, ...] | Trouble, at: Location) -> None:
        """Only plugins that are part of kustomize, and none that names anything remote."""
        if isinstance(trees, Trouble):
            raise Refused(trees.message, at)
        for root in trees:
            if isinstance(root, Failure):
                raise Refused(root.message, root.at)
            version, kind = _text(root, "apiVersion"), _text(root, "kind")
            if version != "builtin" or kind.startswith("Helm"):
                raise Refused(f"{version} {kind} would run another program, which is not done", at, _INSTALL)
            for text in _texts(root):
                if any(is_remote(word) or "://" in word for word in text.split()):
                    raise Refused(f"{kind} names something remote, and nothing is fetched", at, _INSTALL)


def _text(node: Node, key: str) -> str:
    value = node.get(key) if isinstance(node, Mapping) else None
    return value.text if isinstance(value, Scalar) else ""


def _texts(root: Node) -> Iterator[str]:
    stack = [root]
    while stack:
        node = stack.pop()
        if isinstance(node, Scalar):
            yield node.text
        elif isinstance(node, Mapping):
            for key, _, value in node:
                yield key
                stack.append(value)
        else:
            stack.extend(node)
