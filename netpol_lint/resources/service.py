"""Services: the names and ports clients use, and the pods and ports behind them."""

from __future__ import annotations

from netpol_lint.records import NamedTuple
from netpol_lint.resources.metadata import Metadata
from netpol_lint.resources.policy import Protocol
from netpol_lint.resources.selectors import LabelSelector
from netpol_lint.source.location import Location


class ServicePort(NamedTuple):
    """One port of a Service. Policies see the target port, never `port`."""

    name: str
    port: int
    protocol: Protocol
    target: int | str
    """`targetPort`: a number, or a port name resolved on each pod; defaults to `port`."""
    at: Location
    """The `port` value."""
    target_at: Location
    """The `targetPort` value, else the `port` value."""
    node_port: int = 0


class Service(NamedTuple):
    """A Service. Without a selector (`selector.selects_everything`) it has no pods of its own: see `has_selector`."""

    meta: Metadata
    type: str
    """ClusterIP, NodePort, LoadBalancer or ExternalName."""
    headless: bool
    has_selector: bool
    selector: LabelSelector
    ports: tuple[ServicePort, ...]
    external_name: str = ""
    external_addresses: tuple[str, ...] = ()
    """`externalIPs`."""
    ip_family_policy: str = ""
    """`SingleStack`, `PreferDualStack` or `RequireDualStack`; "" where the manifest leaves it to the cluster."""
    ip_families: tuple[str, ...] = ()
    """`IPv4` and `IPv6`, in the order in which addresses are given."""

    @property
    def is_external(self) -> bool:
        """Whether it is published outside the cluster."""
        return self.type in ("LoadBalancer", "NodePort") or bool(self.external_addresses)

    @property
    def is_dual_stack(self) -> bool:
        """Whether it is for clients of both families, where the cluster can."""
        return self.ip_family_policy in ("PreferDualStack", "RequireDualStack") or len(set(self.ip_families)) > 1
