"""JSON patches (RFC 6902), as kustomize applies them."""

from __future__ import annotations

from typing import Final

from netpol_lint.render.kustomize.draft import Draft, List, Map, copied, frozen, opened
from netpol_lint.render.kustomize.refusal import Cause, Refused
from netpol_lint.source.tree import Mapping, Missing, Node, Scalar, Sequence, plain_data

_WITH_VALUE: Final = frozenset(("add", "replace", "test"))
_FROM: Final = frozenset(("move", "copy"))
_DEEPEST: Final = 50
_KNOWN: Final = _WITH_VALUE | _FROM | {"remove"}


def looks_like_operations(tree: Node) -> bool:
    """Whether a document is a list of operations, not an object."""
    return isinstance(tree, Sequence)


def apply(root: Map, operations: Node) -> None:
    """Carry out the operations on an object; Refused at the first that does not fit it."""
    if not isinstance(operations, Sequence):
        raise Refused("a JSON patch is a list of operations", operations.location)
    for operation in operations:
        if not isinstance(operation, Mapping):
            raise Refused("an operation of a JSON patch is a mapping with `op` and `path`", operation.location)
        _Operation(operation).carry_out(root)


class _Operation:
    def __init__(self, node: Mapping) -> None:
        self._node = node
        self._kind = self._text("op")
        if self._kind not in _KNOWN:
            raise Refused(f"JSON patches know no operation {self._kind!r}", node.location)

    def carry_out(self, root: Map) -> None:
        """Change the object as the operation says."""
        path = self._steps("path")
        if self._kind in _FROM:
            source = self._steps("from")
            value: Draft = copied(self._get(root, source))
            if self._kind == "move":
                self._remove(root, source)
            self._add(root, path, value)
        elif self._kind == "remove":
            self._remove(root, path)
        elif self._kind == "add":
            self._add(root, path, self._value())
        elif self._kind == "replace":
            self._replace(root, path, self._value())
        elif plain_data(frozen(self._get(root, path))) != plain_data(self._value()):
            raise self._does_not_fit("the test fails")

    def _value(self) -> Node:
        value = self._node.get("value")
        if isinstance(value, Missing):
            raise Refused(f"the operation {self._kind!r} needs a `value`", self._node.location)
        return value

    def _text(self, key: str) -> str:
        value = self._node.get(key)
        return value.text if isinstance(value, Scalar) else ""

    def _steps(self, key: str) -> list[str]:
        pointer = self._text(key)
        if not pointer.startswith("/"):
            raise Refused(f"`{key}` of an operation is a JSON pointer such as /spec/ports/0", self._node.location)
        if pointer.count("/") > _DEEPEST:
            raise Refused(f"JSON pointers of more than {_DEEPEST} steps are not followed", self._node.location)
        return [step.replace("~1", "/").replace("~0", "~") for step in pointer[1:].split("/")]

    def _does_not_fit(self, why: str) -> Refused:
        at = self._node.get("path")
        place = at.location if isinstance(at, Scalar) else self._node.location
        return Refused(f"the JSON patch does not fit the object: {why}", place, cause=Cause.MAY_FOLLOW)

    def _get(self, root: Map, steps: list[str]) -> Draft:
        value: Draft | None = root
        for step in steps:
            value = opened(value) if value is not None else None
            if isinstance(value, Map):
                value = value.get(step)
            elif isinstance(value, List):
                value = value.get(self._index(value, step))
            else:
                value = None
            if value is None:
                raise self._does_not_fit(f"there is no /{'/'.join(steps)}")
        assert value is not None
        return value

    def _index(self, items: List, step: str) -> int:
        number = int(step) if step.lstrip("-").isdecimal() and len(step) < 10 else len(items.items)
        if number < 0:
            number += len(items.items)
        if not 0 <= number < len(items.items):
            raise self._does_not_fit(f"the list has no item {step}")
        return number

    def _parent(self, root: Map, steps: list[str]) -> tuple[Map | List, str]:
        parent = self._get(root, steps[:-1])
        if not isinstance(parent, (Map, List)):
            raise self._does_not_fit(f"/{'/'.join(steps[:-1])} is a single value")
        return parent, steps[-1]

    def _add(self, root: Map, steps: list[str], value: Draft) -> None:
        parent, step = self._parent(root, steps)
        if isinstance(parent, Map):
            parent.entries[step] = value
        elif step == "-" or step == str(len(parent.items)):
            parent.items.append(value)
        else:
            parent.items.insert(self._index(parent, step), value)

    def _remove(self, root: Map, steps: list[str]) -> None:
        parent, step = self._parent(root, steps)
        if isinstance(parent, List):
            del parent.items[self._index(parent, step)]
        elif step in parent.entries:
            del parent.entries[step]
        else:
            raise self._does_not_fit(f"there is no /{'/'.join(steps)}")

    def _replace(self, root: Map, steps: list[str], value: Draft) -> None:
        parent, step = self._parent(root, steps)
        if isinstance(parent, List):
            parent.items[self._index(parent, step)] = value
        elif step in parent.entries:
            parent.entries[step] = value
        else:
            raise self._does_not_fit(f"there is no /{'/'.join(steps)} to replace")
