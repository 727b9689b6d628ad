"""`metadata`: read tolerantly for every kind, and checked exactly for the kinds whose rejection matters."""

from __future__ import annotations

from typing import Final

from netpol_lint.resources.decode.names import (
    dns_label_error,
    dns_subdomain_error,
    generate_name_error,
    label_key_error,
    label_value_error,
)
from netpol_lint.resources.decode.notes import ABSENT, Notes, Schema, is_absent
from netpol_lint.resources.decode.placeholders import error, with_defaults
from netpol_lint.resources.metadata import Label, Metadata, ObjectRef
from netpol_lint.source.documents import Document
from netpol_lint.source.location import Location
from netpol_lint.source.tree import Mapping, Missing, Node, Scalar, Sequence

_STRINGS: Final = ("selfLink", "uid", "resourceVersion", "creationTimestamp", "deletionTimestamp")
_INTEGERS: Final = ("generation", "deletionGracePeriodSeconds")
_LISTS_OF_MAPPINGS: Final = ("ownerReferences", "managedFields")
_OBJECT_META: Final = Schema(
    "`metadata`",
    frozenset(
        (
            *("name", "generateName", "namespace", "labels", "annotations", "finalizers"),
            *(*_STRINGS, *_INTEGERS, *_LISTS_OF_MAPPINGS),
        )
    ),
    belongs={"spec": "it belongs beside `metadata`", "podSelector": "it belongs under `spec`"},
)
_NAMELESS: Final = "an object needs a `metadata.name`"
_ANNOTATION_LIMIT: Final = 256 * 1024


def text(node: Node | Missing) -> str:
    """A scalar as text, whatever its type; "" for null, for what is missing and for collections."""
    if not isinstance(node, Scalar):
        return ""
    value = node.value
    if isinstance(value, str):
        return with_defaults(value)
    return "" if value is None else node.text


def labels(node: Node | Missing) -> tuple[Label, ...]:
    """A map of strings, numbers and booleans taken by their text; values that are collections are left out."""
    if not isinstance(node, Mapping):
        return ()
    return tuple(
        Label(entry.key, text(value), Location(value.path, entry.key_span, value.pointer), value.location)
        for entry in node
        if isinstance(value := entry.value, Scalar)
    )


def read(document: Document, group: str, *, cluster_wide: bool = False) -> Metadata:
    """The identity, labels and annotations of any object; nothing in it is checked.

    `group` is the group the object is known by today, whatever group its manifest says.
    """
    root = document.root
    node = root.get("metadata")
    if not isinstance(node, Mapping):
        namespace = "" if cluster_wide else document.default_namespace
        at = root.key_location("kind") if isinstance(node, Missing) else node.location
        return Metadata(ObjectRef(group, document.kind, namespace, ""), document.api_version, at, False)
    name_node = node.get("name")
    name = text(name_node)
    if not name:
        name_node = node.get("generateName")
        name = text(name_node)
    declared = "" if cluster_wide else text(node.get("namespace"))
    namespace = "" if cluster_wide else declared or document.default_namespace
    return Metadata(
        ObjectRef(group, document.kind, namespace, name),
        document.api_version,
        name_node.location if name and isinstance(name_node, Scalar) else node.location,
        bool(declared),
        labels(node.get("labels")),
        labels(node.get("annotations")),
    )


def check(document: Document, notes: Notes) -> None:
    """Note what ObjectMeta's decoding and validation reject in a namespaced object (ValidateObjectMeta)."""
    node = notes.mapping(document.root.get("metadata"), "a mapping with a `name`")
    if not isinstance(node, Mapping):
        if node is ABSENT:
            at = document.root.get("metadata").location
            notes.invalid(at._replace(pointer="/metadata/name"), _NAMELESS)
        return
    notes.unknown_fields(node, _OBJECT_META, _effect)
    _check_names(node, notes)
    _check_labels(node, notes)
    _check_annotations(node, notes)
    for key, _, value in node:
        if key in _STRINGS:
            notes.string(value)
        elif key in _INTEGERS:
            notes.integer(value)
        elif key == "finalizers":
            for item in _items(value, notes):
                notes.string(item)
        elif key in _LISTS_OF_MAPPINGS:
            for item in _items(value, notes):
                notes.mapping(item)


def _effect(meant: str) -> str:
    if meant == "namespace":
        return "the object then goes to whatever namespace is current"
    if meant == "name":
        return "the object then has no name, and the API server rejects it"
    return ""


def _items(node: Node | Missing, notes: Notes) -> tuple[Node, ...]:
    items = notes.sequence(node)
    return tuple(items) if isinstance(items, Sequence) else ()


def _check_names(node: Mapping, notes: Notes) -> None:
    before = notes.rejections
    name = notes.string(node.get("name"))
    prefix = notes.string(node.get("generateName"))
    for key, value, grammar in (("name", name, dns_subdomain_error), ("generateName", prefix, generate_name_error)):
        if isinstance(value, str) and value:
            wrong = error(grammar, value)
            if wrong:
                notes.invalid(node.get(key).location, f"`metadata.{key}` {wrong}")
    if notes.rejections == before and not (isinstance(name, str) and name) and not (isinstance(prefix, str) and prefix):
        if any(_OBJECT_META.nearest(key, ()) == "name" for key in node.entries.keys() - _OBJECT_META.fields):
            notes.cannot_tell()
        else:
            notes.invalid(node.get("name").location, _NAMELESS)
    namespace = notes.string(node.get("namespace"))
    if isinstance(namespace, str) and namespace:
        wrong = error(dns_label_error, namespace)
        if wrong:
            notes.invalid(node.get("namespace").location, f"`metadata.namespace` {wrong}")


def _check_labels(node: Mapping, notes: Notes) -> None:
    mapping = notes.mapping(node.get("labels"), "a mapping of labels")
    if isinstance(mapping, Mapping):
        for entry in mapping:
            wrong = error(label_key_error, entry.key)
            if wrong:
                notes.invalid(mapping.key_location(entry.key), wrong)
            value = notes.string(entry.value)
            wrong = error(label_value_error, value) if isinstance(value, str) else ""
            if wrong:
                notes.invalid(entry.value.location, wrong)


def _check_annotations(node: Mapping, notes: Notes) -> None:
    mapping = notes.mapping(node.get("annotations"), "a mapping of annotations")
    if not isinstance(mapping, Mapping):
        return
    size = 0
    for entry in mapping:
        wrong = error(label_key_error, entry.key.lower())
        if wrong:
            notes.invalid(mapping.key_location(entry.key), wrong.replace("label key", "annotation key"))
        value = notes.string(entry.value)
        size += len(entry.key) + (len(value.encode("utf-8", "surrogatepass")) if isinstance(value, str) else 0)
    if size > _ANNOTATION_LIMIT:
        notes.invalid(mapping.location, f"annotations must be no more than {_ANNOTATION_LIMIT} bytes, got {size}")


def has_no_value(node: Node | Missing) -> bool:
    """Whether the node is missing, null, or an empty list: to the API server nothing was said."""
    return is_absent(node) or (isinstance(node, Sequence) and not len(node))
