"""serving.knative.dev: Service, whose pods Knative labels and gives a proxy (pkg/reconciler/revision/resources)."""

from __future__ import annotations

from typing import Final

from netpol_lint.resources.decode.pods import workload
from netpol_lint.resources.metadata import Label
from netpol_lint.resources.policy import Protocol
from netpol_lint.resources.workload import ContainerPort, Workload
from netpol_lint.source.documents import Document

GROUP: Final = "serving.knative.dev"
_NAMED_AFTER_THE_SERVICE: Final = (f"{GROUP}/service", f"{GROUP}/configuration")
_USER_PORT: Final = "user-port"
_DEFAULT_USER_PORT: Final = 8080
_PROXY_PORTS: Final = (
    ("queue-port", 8012),
    ("queue-port", 8013),
    ("http-queueadm", 8022),
    ("http-autometric", 9090),
    ("http-usermetric", 9091),
)


def service(document: Document) -> Workload:
    """The pods of a Knative Service: its template's labels and Knative's own, of which only two have known values.

    Traffic reaches the proxy's ports; the container's own port is renamed to `user-port`.
    """
    own = workload(document, GROUP, "spec", "template")
    at = own.meta.at
    added = tuple(Label(key, own.name, at, at) for key in _NAMED_AFTER_THE_SERVICE)
    written = tuple(label for label in own.pod_labels if label.key not in _NAMED_AFTER_THE_SERVICE)
    user = tuple(port._replace(name=_USER_PORT) for port in own.ports)
    ports = user or (ContainerPort(_USER_PORT, _DEFAULT_USER_PORT, Protocol.TCP, at),)
    proxy = tuple(ContainerPort(name, port, Protocol.TCP, at) for name, port in _PROXY_PORTS)
    return own._replace(pod_labels=(*written, *added), ports=(*ports, *proxy), labels_complete=False)
