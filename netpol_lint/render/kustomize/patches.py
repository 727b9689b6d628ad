"""A kustomization's patches: where they are, what they are for, and carrying them out."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from netpol_lint.records import NamedTuple
from netpol_lint.render.files import Tree
from netpol_lint.render.kustomize import json_patch, merging
from netpol_lint.render.kustomize.draft import Map, frozen
from netpol_lint.render.kustomize.kustomization import Kustomization, is_inline
from netpol_lint.render.kustomize.objects import Id, Object, Selector, identity, with_id
from netpol_lint.render.kustomize.references import Role, not_read, resolve
from netpol_lint.render.kustomize.refusal import Allowance, Cause, Refused
from netpol_lint.source.documents import Failure
from netpol_lint.source.embedded import embedded
from netpol_lint.source.files import Trouble
from netpol_lint.source.location import Location
from netpol_lint.source.made import made_scalar
from netpol_lint.source.tree import Mapping, Missing, Node, Scalar, Sequence

Use = Callable[[str], None]
"""Told of every file that is read."""
Refuse = Callable[[Refused], None]
"""Told of what cannot be done."""


class Patch(NamedTuple):
    """One entry: its documents, what it applies to, and where it stands."""

    documents: tuple[Node, ...]
    target: Selector | None
    at: Location
    renames: bool = False
    changes_kind: bool = False


class Patcher:
    """Carries out the patches of one kustomization on the objects gathered so far."""

    def __init__(self, kustomization: Kustomization, tree: Tree, use: Use, refuse: Refuse, steps: Allowance) -> None:
        self._kustomization = kustomization
        self._tree = tree
        self._use = use
        self._refuse = refuse
        self._steps = steps

    def strategic_merges(self, objects: list[Object]) -> list[Object]:
        """The objects after `patchesStrategicMerge`."""
        for scalar in self._kustomization.scalars("patchesStrategicMerge"):
            try:
                documents = tuple(_with_texts(one) if isinstance(one, Mapping) else one for one in self._listed(scalar))
                patch = Patch(documents, None, scalar.location)
                objects = self._apply(patch, objects)
            except Refused as refused:
                self._refuse(refused)
        return objects

    def patches(self, objects: list[Object], field: str = "patches") -> list[Object]:
        """The objects after `patches`, or after `patchesJson6902`."""
        for item in self._kustomization.mappings(field):
            try:
                objects = self._apply(self._patch(item), objects)
            except Refused as refused:
                self._refuse(refused)
        return objects

    def _listed(self, scalar: Scalar) -> tuple[Node, ...]:
        if is_inline(scalar):
            return self._inline(scalar)
        return self._file(scalar)

    def _patch(self, item: Mapping) -> Patch:
        path, inline = item.get("path"), item.get("patch")
        has_path, has_inline = (isinstance(node, Scalar) and bool(node.text.strip()) for node in (path, inline))
        if has_path == has_inline:
            raise Refused("a patch has either a `path` or a `patch`", item.location)
        documents = self._file(path) if isinstance(path, Scalar) and has_path else ()
        if isinstance(inline, Scalar) and has_inline:
            documents = self._inline(inline)
        options = item.get("options")
        return Patch(
            documents,
            _target(item.get("target")),
            item.location,
            renames=_is_true(options, "allowNameChange"),
            changes_kind=_is_true(options, "allowKindChange"),
        )

    def _file(self, scalar: Scalar) -> tuple[Node, ...]:
        reference = resolve(scalar, Role.PATCH, self._kustomization.directory, self._tree)
        if not reference.is_local:
            raise not_read(reference, "the patch")
        self._use(reference.path)
        trees = self._tree.trees(reference.path)
        if isinstance(trees, Trouble):
            raise Refused(f"the patch {scalar.text} is not read: {trees.message}", scalar.location)
        return tuple(_whole(trees))

    def _inline(self, scalar: Scalar) -> tuple[Node, ...]:
        data = self._tree.read(scalar.path)
        return tuple(_whole(embedded(scalar, data if isinstance(data, bytes) else b"", self._tree.limits)))

    def _apply(self, patch: Patch, objects: list[Object]) -> list[Object]:
        for document in patch.documents:
            self._steps.spend(len(objects), patch.at)
            if json_patch.looks_like_operations(document):
                self._operate(patch, document, objects)
            elif isinstance(document, Mapping):
                objects = self._merge(patch, document, objects)
        return objects

    def _operate(self, patch: Patch, operations: Node, objects: list[Object]) -> None:
        if patch.target is None:
            raise Refused("a JSON patch needs a `target`", patch.at)
        for one in _selected(patch, objects):
            one.remember()
            json_patch.apply(one.root, operations)

    def _merge(self, patch: Patch, document: Mapping, objects: list[Object]) -> list[Object]:
        if patch.target is not None:
            found = _selected(patch, objects)
            document = _with_texts(document)
        else:
            wanted = _identity_of(document)
            found = with_id(objects, wanted)
            if len(found) != 1:
                many = "several objects are" if found else "no object is"
                reason = f"kustomize refuses the patch: {many} {wanted}"
                raise Refused(reason, _place(document), cause=Cause.MISTAKE if found else Cause.MAY_FOLLOW)
        gone = [
            one
            for one in found
            if not merging.apply(one, document, self._steps, renames=patch.renames, changes_kind=patch.changes_kind)
        ]
        return [one for one in objects if one not in gone] if gone else objects


def selector_of(node: Node | Missing) -> Selector:
    """The selector that a mapping spells."""
    if not isinstance(node, Mapping):
        return Selector()
    texts = {key: value.text for key, _, value in node if isinstance(value, Scalar) and value.value is not None}
    names = {"labelSelector": "labels", "annotationSelector": "annotations"}
    return Selector(**{names.get(k, k): v for k, v in texts.items() if names.get(k, k) in Selector._fields})


def _target(node: Node | Missing) -> Selector | None:
    return selector_of(node) if isinstance(node, Mapping) else None


def _selected(patch: Patch, objects: list[Object]) -> list[Object]:
    assert patch.target is not None
    try:
        return patch.target.select(objects)
    except ValueError as error:
        raise Refused(f"the target of the patch is not understood: {error}", patch.at) from error


def _whole(found: tuple[Node | Failure, ...]) -> Iterator[Node]:
    """The documents, the items of a List each; Refused for what could not be read."""
    for item in found:
        if isinstance(item, Failure):
            raise Refused(f"the patch is not read: {item.message}", item.at)
        kind = item.get("kind") if isinstance(item, Mapping) else None
        items = item.get("items") if isinstance(item, Mapping) else None
        if isinstance(kind, Scalar) and kind.text.endswith("List") and isinstance(items, Sequence):
            yield from items
        elif not (isinstance(item, Scalar) and item.value is None):
            yield item


def _with_texts(document: Mapping) -> Mapping:
    """The patch with labels and annotations as texts: kustomize rewrites them before some patches, null to "null"."""
    draft = Map(document)
    metadata = draft.get("metadata")
    for which in ("labels", "annotations"):
        texts = metadata.get(which) if isinstance(metadata, Map) else None
        for key, value in list(texts.entries.items()) if isinstance(texts, Map) else ():
            if isinstance(value, Scalar) and not isinstance(value.value, str) and isinstance(texts, Map):
                texts.entries[key] = made_scalar(value.text, value)
    node = frozen(draft)
    assert isinstance(node, Mapping)
    return node


def _identity_of(document: Mapping) -> Id:
    metadata = document.get("metadata")
    name = _text(metadata, "name")
    kind = _text(document, "kind")
    if not name or not kind:
        reason = "a patch without a `target` names an object by `apiVersion`, `kind` and `metadata.name`"
        raise Refused(reason, document.location)
    return identity(_text(document, "apiVersion"), kind, name, _text(metadata, "namespace"))


def _text(node: Node | Missing, key: str) -> str:
    value = node.get(key) if isinstance(node, Mapping) else None
    return value.text if isinstance(value, Scalar) and value.value is not None else ""


def _is_true(node: Node | Missing, key: str) -> bool:
    value = node.get(key) if isinstance(node, Mapping) else None
    return isinstance(value, Scalar) and value.value is True


def _place(document: Mapping) -> Location:
    metadata = document.get("metadata")
    name = metadata.get("name") if isinstance(metadata, Mapping) else None
    return name.location if isinstance(name, Scalar) else document.location
