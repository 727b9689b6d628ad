"""What shows who talks to whom, besides workloads, Services and what publishes them: data, role bindings, monitors."""

from __future__ import annotations

from typing import TypeAlias

from netpol_lint.records import NamedTuple
from netpol_lint.resources.metadata import Metadata
from netpol_lint.resources.selectors import LabelSelector
from netpol_lint.source.location import Location


class Entry(NamedTuple):
    """One entry of a ConfigMap or Secret."""

    key: str
    text: str
    """Of a Secret decoded, for comparison alone: it is never shown."""
    at: Location
    """The value."""


class ConfigData(NamedTuple):
    """A ConfigMap or Secret, with the entries that may name a host."""

    meta: Metadata
    entries: tuple[Entry, ...]


class Account(NamedTuple):
    """A ServiceAccount that a binding names; `name` is "" where it means every one of the namespace."""

    namespace: str
    name: str
    at: Location


class RoleBinding(NamedTuple):
    """A RoleBinding or ClusterRoleBinding: its accounts call the API server."""

    meta: Metadata
    role: str
    accounts: tuple[Account, ...]


class ServiceAccount(NamedTuple):
    """A ServiceAccount: whether its pods get its token, unless they say otherwise themselves."""

    meta: Metadata
    mounts_token: bool


class Endpoint(NamedTuple):
    """What a monitor scrapes on each of its pods."""

    port: str
    """A port name, of the Service (ServiceMonitor) or the container (PodMonitor); "" where `number` says it."""
    number: int
    of_container: bool
    """Whether it is the container's port also where a ServiceMonitor says it (`targetPort`)."""
    at: Location


class Monitor(NamedTuple):
    """A ServiceMonitor or PodMonitor of the Prometheus operator."""

    meta: Metadata
    namespaces: tuple[str, ...]
    """Where it looks; its own without a `namespaceSelector`."""
    any_namespace: bool
    selector: LabelSelector
    """Of Services for a ServiceMonitor, of pods for a PodMonitor."""
    endpoints: tuple[Endpoint, ...]


Evidence: TypeAlias = ConfigData | RoleBinding | ServiceAccount | Monitor
