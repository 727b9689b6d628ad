"""A need: one connection that the manifests show somebody must open, with the text that shows it."""

from __future__ import annotations

import enum
from typing import TypeAlias

from netpol_lint.algebra.addresses import AddressSet
from netpol_lint.algebra.ports import PortSet
from netpol_lint.records import NamedTuple
from netpol_lint.resources.metadata import Metadata
from netpol_lint.resources.workload import Workload
from netpol_lint.source.location import Location


class Role(enum.Enum):
    """Ends of a need that are no pod of the unit."""

    DNS = "cluster DNS"
    API_SERVER = "the API server"
    WORLD = "clients outside the cluster"
    """Whoever comes through an Ingress controller, a gateway, a load balancer or a node port."""
    SCRAPER = "Prometheus"


class Addresses(NamedTuple):
    """Addresses outside the cluster, with the name that stands for them; empty where only the name is known."""

    name: str
    blocks: AddressSet


Party: TypeAlias = Workload | Role | Addresses
"""One end. A workload stands for its pods."""


class Reason(enum.Enum):
    """Why somebody must open the connection; `value` names it in outputs."""

    DNS = "resolves names"
    REFERENCE = "names a Service"
    OUTSIDE = "names a host outside"
    PUBLISHED = "is published"
    SCRAPED = "is scraped"
    CALLED = "is called by the API server"
    API = "calls the API server"
    PEERS = "is one of several replicas that know each other"


class Sureness(enum.IntEnum):
    """How sure it is that the need is real."""

    LIKELY = 1
    """A bare name that is a Service's too, a key that sounds like a host."""
    CERTAIN = 2
    """A name with its namespace or port, a URL; a field of the API that can mean nothing else."""


class Need(NamedTuple):
    """`source` must be able to open `ports` on `destination`."""

    reason: Reason
    source: Party
    destination: Party
    ports: PortSet
    """On the pods, after a Service's port is resolved to its target. Port names that a pod lacks are left out."""
    at: Location
    """The text that shows the need."""
    shown_by: str
    """That text in words, nothing secret in it: `variable BACKEND_URL names Service shop/backend:80`."""
    about: Metadata
    """The object that holds the text."""
    sureness: Sureness = Sureness.CERTAIN
