"""Workloads: pods, and the controllers that stand for theirs."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Final

from netpol_lint.records import NamedTuple, Record
from netpol_lint.resources.metadata import Label, Metadata, ObjectRef, as_mapping
from netpol_lint.resources.policy import Protocol
from netpol_lint.source.location import Location


class ContainerPort(NamedTuple):
    """One declared port of a container; `name` is "" without one, `host_port` 0."""

    name: str
    port: int
    protocol: Protocol
    at: Location
    """The `containerPort` value."""
    host_port: int = 0
    protocol_written: bool = True
    """False for TCP because nothing else is said, which many forget to say."""


class Mention(NamedTuple):
    """A text of a container that may name a host: the value of a variable, an argument, a part of the command."""

    text: str
    source: str
    """`variable SHOP_URL`, `argument --shop-url`, `argument`, `command`."""
    at: Location
    key: str = ""
    """The variable, or the flag without dashes, whose value it is."""
    container: str = ""


class DataRef(NamedTuple):
    """Where a container takes values from a ConfigMap or Secret: one key, or all of them."""

    kind: str
    name: str
    key: str
    """"" for all keys (`envFrom`, a volume without `items`)."""
    source: str
    """`variable SHOP_URL`, `envFrom`, `volume config`."""
    at: Location
    """The name of the ConfigMap or Secret."""
    container: str = ""


class Resolver(NamedTuple):
    """Whom pods ask for the address of a name, by their `dnsPolicy`, `dnsConfig` and `hostNetwork`."""

    is_cluster_dns: bool = True
    """False where they ask the name servers of their node, which no manifest shows, or only those that are given."""
    only: tuple[str, ...] = ()
    """The `nameservers` of `dnsConfig`, where the policy `None` leaves them nobody else."""


CLUSTER_DNS: Final = Resolver()


class Workload(Record):
    """A Pod, or a controller standing for its pods: what counts is the labels its *pods* carry."""

    meta: Metadata
    pod_labels: tuple[Label, ...]
    """Of the pod template (of a Pod: its own)."""
    ports: tuple[ContainerPort, ...]
    """Of the regular and the restartable init containers."""
    host_network: bool
    host_network_at: Location
    """The `hostNetwork` value, else `metadata.name`."""
    addresses: tuple[str, ...] = ()
    """`status.podIPs` of a dumped Pod."""
    service_account: str = "default"
    labels_complete: bool = True
    """False where more labels than these may be on the pods (an operator adds its own). What the built-in controllers
    write on pods at run time (`job-name`, `statefulset.kubernetes.io/pod-name`, ...) does not make it False."""
    partial: bool = False
    """A template without containers, or without the labels that the API requires of the controllers of `apps`: a patch
    or an excerpt of a manifest, not an object anybody applies as it is."""
    refers_to: tuple[ObjectRef, ...] = ()
    """The workload whose pod template this one uses instead of its own (an Argo Rollout's `workloadRef`): the same
    pods, so where the referred workload is known this one adds none."""
    by_operator: bool = False
    """Whether an operator makes the pods from a custom resource: how many there are and what they listen on is only
    partly known."""
    mentions: tuple[Mention, ...] = ()
    data_from: tuple[DataRef, ...] = ()
    annotations: tuple[Label, ...] = ()
    """Of the pod template (of a Pod: its own)."""
    replicas: int = 1
    governing_service: str = ""
    """A StatefulSet's `serviceName`."""
    mounts_token: tuple[bool, ...] = ()
    """What the pod says of getting a token for the API server; nothing where it leaves that to its ServiceAccount."""
    probed: tuple[int, ...] = ()
    """The TCP ports by number that the probes of its containers call."""
    resolver: Resolver = CLUSTER_DNS

    @cached_property
    def labels(self) -> Mapping[str, str]:
        """The pods' labels without their places."""
        return as_mapping(self.pod_labels)

    @property
    def is_made(self) -> bool:
        """Whether no manifest stands for the pods: another workload makes them when it runs."""
        return self.by_operator and self.meta.ref.kind == "Pod"

    @property
    def is_opaque(self) -> bool:
        """Whether nothing is known of the pods, not even that there are any."""
        return self.by_operator and not self.pod_labels

    @property
    def namespace(self) -> str:
        return self.meta.ref.namespace

    @property
    def name(self) -> str:
        return self.meta.ref.name

    @property
    def id(self) -> str:
        """`namespace/Kind/name`, as every output names a workload."""
        ref = self.meta.ref
        return f"{ref.namespace}/{ref.kind}/{ref.name}"
