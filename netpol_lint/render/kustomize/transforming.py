"""What a kustomization does to all its objects: namespace, name prefix and suffix, labels, annotations, images."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import partial
from typing import Final

from netpol_lint.render.kustomize.configurations import field_specs
from netpol_lint.render.kustomize.defaults import Config
from netpol_lint.render.kustomize.draft import List, Map, is_null
from netpol_lint.render.kustomize.fields import MAPPING, SCALAR, FieldSpec, Leaf, child_of, merged, put, replace, write
from netpol_lint.render.kustomize.kustomization import Kustomization
from netpol_lint.render.kustomize.objects import Object, Type
from netpol_lint.render.kustomize.refusal import Refused
from netpol_lint.source.made import made_scalar
from netpol_lint.source.tree import Mapping, Node, Scalar, Sequence

_LABELS: Final = FieldSpec(("metadata", "labels"), create=True)
_NEVER_RENAMED: Final = (
    Type(kind="CustomResourceDefinition"),
    Type(group="apiregistration.k8s.io", kind="APIService"),
    Type(kind="Namespace"),
)
_BINDINGS: Final = frozenset(("RoleBinding", "ClusterRoleBinding"))


def set_namespace(kustomization: Kustomization, config: Config, objects: list[Object]) -> None:
    """Put the objects into the kustomization's `namespace`. Refused if two are then the same.

    A chart's own objects stay where they say, as with kustomize from v5.8 on, which told Helm that namespace before.
    """
    node = kustomization.fields.get("namespace")
    if not isinstance(node, Scalar) or not node.text:
        return
    value = made_scalar(node.text, node)
    for one in objects:
        if not (one.from_chart and one.namespace):
            move_to(value, config, one)
    seen: set[object] = set()
    for one in objects:
        if one.id in seen:
            raise Refused(f"with `namespace: {node.text}` two objects are {one.id}", node.location)
        seen.add(one.id)


def move_to(namespace: Scalar, config: Config, one: Object) -> None:
    """Put one object, and what it says of its own namespace, into a namespace; one of the whole cluster stays there."""
    one.remember()
    if not one.is_cluster_scoped:
        one.root.child("metadata", namespace).entries["namespace"] = namespace
    if one.kind in _BINDINGS:
        _bind(one, namespace)
    for spec in config.namespace:
        if _is_for(spec, one):
            write(one, spec, lambda holder, key: _set_scalar(holder, key, namespace), make=SCALAR, at=namespace)


def _is_for(spec: FieldSpec, one: Object) -> bool:
    """Whether the transformer uses a spec: never for `metadata.namespace`, and for names only in core v1."""
    if spec.path == ("metadata", "namespace") or (one.kind in _BINDINGS and spec.path == ("subjects", "namespace")):
        return False
    return spec.path != ("metadata", "name") or one.api_version == "v1"


def _set_scalar(holder: Map | List, key: str | int, value: Scalar) -> None:
    if not isinstance(child_of(holder, key), (Map, List)):
        replace(holder, key, value)


def _bind(one: Object, value: Scalar) -> None:
    """Of a binding's subjects only those named `default` follow the namespace here; the others are references."""
    subjects = one.root.get("subjects")
    for subject in subjects if isinstance(subjects, List) else ():
        if isinstance(subject, Map) and subject.text("name") == "default":
            subject.entries["namespace"] = value


def rename(kustomization: Kustomization, config: Config, objects: list[Object]) -> None:
    """Add `namePrefix` and `nameSuffix`."""
    prefix, suffix = kustomization.text("namePrefix"), kustomization.text("nameSuffix")
    if prefix:
        _affix(objects, config.name_prefix, prefix, "")
    if suffix:
        _affix(objects, config.name_suffix, "", suffix)


def _affix(objects: list[Object], specs: tuple[FieldSpec, ...], prefix: str, suffix: str) -> None:
    def leaf(holder: Map | List, key: str | int) -> None:
        value = child_of(holder, key)
        if isinstance(value, Scalar):
            replace(holder, key, made_scalar(f"{prefix}{value.text}{suffix}", value))

    for one in objects:
        first = Type(*one.type[:2], one.previous[0][2] if one.previous else one.kind)
        if any(never.selects(first) for never in _NEVER_RENAMED):
            continue
        for spec in specs:
            if spec.type.selects(first):
                if spec.path == ("metadata", "name"):
                    (one.prefixes if prefix else one.suffixes).append(prefix or suffix)
                    one.remember()
                write(one, spec, leaf)


def add_labels(kustomization: Kustomization, config: Config, objects: list[Object]) -> None:
    """Add the pairs of `labels`, then `commonLabels`."""
    for item in kustomization.mappings("labels"):
        specs = merged(tuple(field_specs(item.get("fields"))), config.labels)
        if _is_true(item, "includeSelectors"):
            specs = merged(specs, config.common_labels)
        else:
            if _is_true(item, "includeTemplates"):
                specs = merged(specs, config.template_labels)
            specs = merged(specs, (_LABELS,))
        _add(objects, specs, item.get("pairs") if "pairs" in item else None)
    _add(objects, config.common_labels, kustomization.fields.get("commonLabels"))


def add_annotations(kustomization: Kustomization, config: Config, objects: list[Object]) -> None:
    """Add `commonAnnotations`."""
    _add(objects, config.common_annotations, kustomization.fields.get("commonAnnotations"))


def _add(objects: list[Object], specs: Iterable[FieldSpec], pairs: object) -> None:
    if not isinstance(pairs, Mapping) or not len(pairs):
        return
    entries: list[tuple[str, Node]] = [
        (key, made_scalar(_go_text(value), value)) for key, _, value in pairs if isinstance(value, Scalar)
    ]
    leaf = put(entries)
    for one in objects:
        for spec in specs:
            write(one, spec, leaf, make=MAPPING, at=pairs)


def _go_text(value: Scalar) -> str:
    return "" if value.value is None else value.text


def _is_true(item: Mapping, key: str) -> bool:
    value = item.get(key)
    return isinstance(value, Scalar) and value.value is True


def set_replicas(kustomization: Kustomization, config: Config, objects: list[Object]) -> None:
    """Set the `replicas` of the workloads named."""
    for item in kustomization.mappings("replicas"):
        name, count = item.get("name"), item.get("count")
        if not (isinstance(name, Scalar) and isinstance(count, Scalar)):
            continue
        for one in [one for one in objects if any(its.name == name.text for its in one.ids)]:
            for spec in config.replicas:
                write(one, spec, partial(_put, count), make=SCALAR, at=count)


def _put(value: Scalar, holder: Map | List, key: str | int) -> None:
    replace(holder, key, value)


def set_images(kustomization: Kustomization, config: Config, objects: list[Object]) -> None:
    """Replace names, tags and digests of `images`."""
    images = kustomization.mappings("images") + kustomization.mappings("imageTags")
    named = [(name.text, item) for item in images if isinstance(name := item.get("name"), Scalar)]
    if not named:
        return

    def leaf(holder: Map | List, key: str | int) -> None:
        for name, item in named:
            value = child_of(holder, key)
            if isinstance(value, Scalar) and not is_null(value) and _is_image(value.text, name):
                replace(holder, key, made_scalar(_image(value.text, item), value))

    for one in objects:
        if one.kind != "CustomResourceDefinition":
            for spec in config.images:
                write(one, spec, leaf)
            _in_containers(one.root, leaf)


def _in_containers(root: Map, leaf: Leaf) -> None:
    """Every `image` in a list `containers` or `initContainers`, anywhere in the object."""
    stack: list[Map | List] = [root]
    while stack:
        current = stack.pop()
        keys: list[str | int] = [*current.entries] if isinstance(current, Map) else [*range(len(current.items))]
        for key in keys:
            value = current.entries[str(key)] if isinstance(current, Map) else current.items[int(key)]
            if isinstance(value, (Mapping, Sequence)) and not _has_images(value):
                continue
            child = child_of(current, key)
            if isinstance(child, (Map, List)):
                stack.append(child)
            if key in _CONTAINERS and isinstance(child, List):
                for container in child:
                    if isinstance(container, Map) and "image" in container.entries:
                        leaf(container, "image")


def _has_images(root: Mapping | Sequence) -> bool:
    """Whether an `image` may be somewhere below, so that it is worth opening."""
    stack: list[Node] = [root]
    left = _MOST_NODES
    while stack and left:
        left -= 1
        node = stack.pop()
        if isinstance(node, Mapping):
            if "image" in node:
                return True
            stack.extend(entry.value for entry in node)
        elif isinstance(node, Sequence):
            stack.extend(node)
    return False


_CONTAINERS: Final = frozenset(("containers", "initContainers"))
_MOST_NODES: Final = 10_000


_TAG: Final = re.compile(r"(:[a-zA-Z0-9_.{}-]*)?(@sha256:[a-zA-Z0-9_.{}-]*)?")


def _is_image(image: str, name: str) -> bool:
    return image.startswith(name) and _TAG.fullmatch(image[len(name) :]) is not None


def _image(image: str, item: Mapping) -> str:
    """The image as kustomize's imageTagUpdater makes it."""
    new = {
        key: value.text
        for key in ("newName", "newTag", "digest", "tagSuffix")
        if isinstance(value := item.get(key), Scalar) and value.value is not None
    }
    name, tag, digest = _split(image)
    name = new.get("newName") or name
    if new.get("newTag") and new.get("digest"):
        tag, digest = new["newTag"], new["digest"]
    elif new.get("newTag"):
        tag, digest = new["newTag"], ""
    elif new.get("digest"):
        tag, digest = "", new["digest"]
    elif new.get("tagSuffix"):
        tag, digest = tag + new["tagSuffix"], ""
    return name + (f":{tag}" if tag else "") + (f"@{digest}" if digest else "")


def _split(image: str) -> tuple[str, str, str]:
    name, _, digest = image.partition("@")
    slash = name.rfind("/")
    colon = name.find(":", slash + 1)
    if colon < 0:
        return name, "", digest
    return name[:colon], name[colon + 1 :], digest
