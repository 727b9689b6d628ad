"""What every object has: its identity, labels and annotations, each with its place."""

from __future__ import annotations

from collections.abc import Mapping

from netpol_lint.records import NamedTuple
from netpol_lint.source.location import Location


class ObjectRef(NamedTuple):
    """The identity of an object. `namespace` is the effective one, "" for cluster-scoped kinds."""

    group: str
    kind: str
    namespace: str
    name: str

    def __str__(self) -> str:
        return f"{self.kind} {self.namespace}/{self.name}" if self.namespace else f"{self.kind} {self.name}"


class Label(NamedTuple):
    """A label or annotation with the places of its key and value."""

    key: str
    value: str
    key_at: Location
    at: Location
    """The value."""


class Metadata(NamedTuple):
    """`metadata` of one object."""

    ref: ObjectRef
    api_version: str
    at: Location
    """The value of `metadata.name`; of an object without a name, its `metadata` or `kind`."""
    namespace_declared: bool
    """Whether the manifest names the namespace itself."""
    labels: tuple[Label, ...] = ()
    annotations: tuple[Label, ...] = ()

    @property
    def namespace(self) -> str:
        return self.ref.namespace

    @property
    def name(self) -> str:
        return self.ref.name


def as_mapping(labels: tuple[Label, ...]) -> Mapping[str, str]:
    """The labels as key and value alone."""
    return {label.key: label.value for label in labels}
