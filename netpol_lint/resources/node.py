"""Nodes: the labels and addresses that `nodes` peers match."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from netpol_lint.resources.metadata import Metadata, as_mapping


@dataclass(frozen=True)
class Node:
    """A node of a cluster dump."""

    meta: Metadata
    addresses: tuple[str, ...]
    """`status.addresses` of type InternalIP and ExternalIP."""

    @cached_property
    def labels(self) -> Mapping[str, str]:
        return as_mapping(self.meta.labels)
