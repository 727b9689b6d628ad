"""How messages name the pods whose ports a rule is about, and the ports."""

from __future__ import annotations

from collections.abc import Iterable

from netpol_lint.findings.wording import listed, workload_text
from netpol_lint.resources.policy import Direction, NetworkPolicy, Protocol, Rule
from netpol_lint.resources.service import Service
from netpol_lint.resources.workload import Workload


def pods_text(workloads: Iterable[Workload], namespace: str) -> str:
    """`Deployment web and Deployment shop/api`: the namespace where it is not this one."""
    return listed([workload_text(workload, outside=namespace) for workload in workloads])


def service_text(service: Service, namespace: str = "") -> str:
    """`Service web`, `Service shop/web` outside the namespace."""
    meta = service.meta
    return f"Service {meta.name}" if meta.namespace == namespace else f"Service {meta.namespace}/{meta.name}"


def protocol_ports_text(ports: Iterable[tuple[Protocol, int]]) -> str:
    """`TCP 80 and UDP 53`."""
    return listed([f"{protocol.value} {number}" for protocol, number in ports])


def admits_text(policy: NetworkPolicy, rule: Rule) -> str:
    """`policy shop/web admits traffic`, `policy shop/web lets its pods reach` before a port."""
    name = f"policy {policy.meta.namespace}/{policy.meta.name}"
    return f"{name} admits" if rule.direction is Direction.INGRESS else f"{name} lets its pods open"
