"""A kustomization's `configurations`: files with more field specs."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from netpol_lint.render.kustomize.defaults import DEFAULTS, Config, NameReference
from netpol_lint.render.kustomize.fields import FieldSpec, merged, path_of
from netpol_lint.render.kustomize.objects import Type
from netpol_lint.source.tree import Mapping, Missing, Node, Scalar, Sequence

_SECTIONS = {
    "namePrefix": "name_prefix",
    "nameSuffix": "name_suffix",
    "namespace": "namespace",
    "commonLabels": "common_labels",
    "labels": "labels",
    "templateLabels": "template_labels",
    "commonAnnotations": "common_annotations",
    "images": "images",
    "replicas": "replicas",
    "varReference": "variables",
}


def config_in(root: Node) -> Config:
    """The field specs of a file; what is none is left out."""
    if not isinstance(root, Mapping):
        return Config()
    found = {field: tuple(field_specs(root.get(section))) for section, field in _SECTIONS.items()}
    references = tuple(
        NameReference(_type(item), tuple(field_specs(item.get("fieldSpecs"))))
        for item in _mappings(root.get("nameReference"))
    )
    return Config(**found, references=references)


def field_specs(node: Node | Missing) -> Iterator[FieldSpec]:
    """The field specs of a list."""
    for item in _mappings(node):
        path = _text(item, "path")
        if path:
            create = item.get("create")
            yield FieldSpec(path_of(path), _type(item), isinstance(create, Scalar) and create.value is True)


@lru_cache(maxsize=64)
def with_defaults(customs: tuple[Config, ...]) -> Config:
    """The built-in field specs and these, in order."""
    config = DEFAULTS
    for custom in customs:
        lists = {
            field: merged(getattr(config, field), getattr(custom, field))
            for field in Config._fields
            if field != "references"
        }
        config = Config(**lists, references=_joined(config.references, custom.references))
    return config


def _joined(known: tuple[NameReference, ...], more: tuple[NameReference, ...]) -> tuple[NameReference, ...]:
    found = {reference.target: reference.fields for reference in known}
    for target, fields in more:
        found[target] = merged(found.get(target, ()), fields)
    return tuple(NameReference(target, fields) for target, fields in found.items())


def _type(item: Mapping) -> Type:
    return Type(_text(item, "group"), _text(item, "version"), _text(item, "kind"))


def _text(item: Mapping, key: str) -> str:
    value = item.get(key)
    return value.text if isinstance(value, Scalar) else ""


def _mappings(node: Node | Missing) -> Iterator[Mapping]:
    if isinstance(node, Sequence):
        for item in node:
            if isinstance(item, Mapping):
                yield item
