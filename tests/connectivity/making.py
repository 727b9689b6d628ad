"""Clusters made from plain data: namespaces with labels, pods, and manifests of policies."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.units import FileObjects
from netpol_lint.config import Assumptions
from netpol_lint.resources.decode import decode
from netpol_lint.resources.metadata import Label, Metadata, ObjectRef
from netpol_lint.resources.node import Node
from netpol_lint.resources.policy import Protocol
from netpol_lint.resources.workload import ContainerPort, Workload
from netpol_lint.source.documents import Document, read_documents
from netpol_lint.source.location import Location, Span

PLAIN = Assumptions()
HERE = Location("test.yaml", Span(1, 1, 1, 2))


def placed(labels: Mapping[str, str]) -> tuple[Label, ...]:
    return tuple(Label(key, value, HERE, HERE) for key, value in labels.items())


def pod(data: Mapping[str, Any]) -> Workload:
    """A pod `{namespace, name, labels, kind?, ip? or ips?, ports?, hostNetwork?}`; without kind it is a Pod."""
    ref = ObjectRef("", data.get("kind", "Pod"), data["namespace"], data["name"])
    ports = tuple(
        ContainerPort(port.get("name") or "", port["port"], Protocol(port.get("protocol", "TCP")), HERE)
        for port in data.get("ports", ())
    )
    addresses = tuple(data.get("ips", ())) or ((data["ip"],) if data.get("ip") else ())
    meta = Metadata(ref, "v1", HERE, namespace_declared=True)
    return Workload(meta, placed(data["labels"]), ports, bool(data.get("hostNetwork")), HERE, addresses)


def node(data: Mapping[str, Any]) -> Node:
    ref = ObjectRef("", "Node", "", data["name"])
    return Node(Metadata(ref, "v1", HERE, False, placed(data["labels"])), tuple(data["ips"]))


def namespace(data: Mapping[str, Any]) -> Metadata:
    ref = ObjectRef("", "Namespace", "", data["name"])
    return Metadata(ref, "v1", HERE, False, placed(data.get("labels", {})))


def cluster(
    *,
    namespaces: Iterable[Mapping[str, Any]] = (),
    pods: Iterable[Mapping[str, Any]] = (),
    policies: Iterable[Mapping[str, Any]] = (),
    nodes: Iterable[Mapping[str, Any]] = (),
    assume: Assumptions = PLAIN,
) -> Cluster:
    """A cluster of these; the policies are decoded from their manifests."""
    objects = FileObjects("test.yaml")
    for manifest in policies:
        (document,) = read_documents(json.dumps(manifest).encode(), "test.yaml")
        assert isinstance(document, Document)
        objects.add(decode(document))
    return Cluster(
        "test",
        workloads=tuple(pod(data) for data in pods),
        policies=tuple(objects.policies),
        rejected=tuple(objects.rejected),
        cluster_policies=tuple(objects.cluster_policies),
        rejected_cluster_policies=tuple(objects.rejected_cluster_policies),
        foreign=tuple(objects.foreign),
        nodes=tuple(node(data) for data in nodes),
        namespace_manifests=tuple(namespace(data) for data in namespaces),
        defects=tuple(objects.defects),
        assume=assume,
    )
