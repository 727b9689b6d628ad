"""Namespaces, declared by a manifest or only referred to."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from types import MappingProxyType
from typing import Final

from netpol_lint.records import Record
from netpol_lint.resources.metadata import Metadata, as_mapping

NAME_LABEL: Final = "kubernetes.io/metadata.name"
"""The label the API server writes on every namespace and nobody can change (SetDefaults_Namespace)."""


class Namespace(Record):
    """A namespace. One that is only referred to has `declared` False and no labels but its name label."""

    name: str
    declared: bool
    manifests: tuple[Metadata, ...] = ()
    configured: Mapping[str, str] = MappingProxyType({})
    """Labels the user's configuration gives it."""

    @cached_property
    def labels(self) -> Mapping[str, str]:
        """Its labels, the automatic name label included."""
        labels: dict[str, str] = dict(self.configured)
        for meta in self.manifests:
            labels.update(as_mapping(meta.labels))
        return {**labels, NAME_LABEL: self.name}
