"""What lets clients from outside the pod network reach a Service: Ingresses, routes, webhooks and aggregated APIs."""

from __future__ import annotations

from dataclasses import dataclass

from netpol_lint.records import NamedTuple
from netpol_lint.resources.metadata import Metadata
from netpol_lint.source.location import Location


class Backend(NamedTuple):
    """A Service that is sent traffic."""

    namespace: str
    service: str
    port: int | str
    """The Service's port or its name; of an OpenShift Route, the target port; 0 where none is given."""
    at: Location
    """The Service's name."""
    failure_ignored: bool = False
    """Of an admission webhook, whether requests go on without it (`failurePolicy: Ignore`)."""


@dataclass(frozen=True, slots=True)
class Publisher:
    """An Ingress, a route, or a configuration that makes the API server call Services."""

    meta: Metadata
    backends: tuple[Backend, ...]
    gateways: tuple[str, ...] = ()
    """Of a route of the Gateway API, the namespaces of its gateways."""
