"""Test files of NetAssert v2, accepted as they are: a list of tests with `src`, `dst`, `targetPort` and `exitCode`.

Fields that only matter to packets on a network (`timeoutSeconds`, `attempts`) are passed over, as NetAssert passes
over fields it does not know.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from netpol_lint.errors import NetpolLintError
from netpol_lint.source.asked_ports import AskedPorts, asked_ports
from netpol_lint.source.assertion_file import Assertion
from netpol_lint.source.fields import as_mapping, as_text, mistake, place, required, said
from netpol_lint.source.tree import Mapping, Missing, Node, Scalar, Sequence

_KINDS: Final = {
    "deployment": "Deployment",
    "statefulset": "StatefulSet",
    "daemonset": "DaemonSet",
    "pod": "Pod",
}
_PROTOCOLS: Final = {"tcp": "TCP", "udp": "UDP"}


def assertions(root: Sequence) -> Iterator[Assertion]:
    """The tests of the list; NetpolLintError at the place of the first thing wrong with one."""
    return (_assertion(as_mapping(item, "a test")) for item in root)


def _assertion(test: Mapping) -> Assertion:
    kind = required(test, "type", "the NetAssert test")
    if as_text(kind, "`type`") != "k8s":
        raise mistake(f"NetAssert tests are of type k8s, not {said(kind)}", place(kind))
    source = as_mapping(required(test, "src", "the NetAssert test"), "`src`")
    destination = as_mapping(required(test, "dst", "the NetAssert test"), "`dst`")
    host = destination.get("host")
    resource = destination.get("k8sResource")
    if isinstance(host, Missing) == isinstance(resource, Missing):
        raise mistake("`dst` must have one of k8sResource and host", destination.location)
    target = resource if isinstance(host, Missing) else as_mapping(host, "`host`")
    return Assertion(
        as_text(required(test, "name", "the NetAssert test"), "`name`"),
        _resource(required(source, "k8sResource", "`src`")),
        _resource(target) if isinstance(host, Missing) else as_text(_field(target, "name"), "`name`"),
        _ports(test),
        _exit_code(test) == 0,
        test.location,
        to_host=not isinstance(host, Missing),
    )


def _field(node: Node | Missing, key: str) -> Node:
    return required(as_mapping(node, "the resource"), key, "the resource")


def _resource(node: Node | Missing) -> str:
    kind = _field(node, "kind")
    known = _KINDS.get(as_text(kind, "`kind`"), "")
    if not known:
        raise mistake(f"`kind` must be {', '.join(_KINDS)}, not {said(kind)}", place(kind))
    return "/".join((as_text(_field(node, "namespace"), "`namespace`"), known, as_text(_field(node, "name"), "`name`")))


def _ports(test: Mapping) -> AskedPorts:
    protocol = test.get("protocol")
    spoken = "tcp" if isinstance(protocol, Missing) else as_text(protocol, "`protocol`")
    if spoken not in _PROTOCOLS:
        raise mistake(f"`protocol` must be tcp or udp, not {said(protocol)}", place(protocol))
    port = required(test, "targetPort", "the NetAssert test")
    value = port.value if isinstance(port, Scalar) and isinstance(port.value, int) else None
    try:
        return asked_ports(value, _PROTOCOLS[spoken])
    except NetpolLintError as wrong:
        raise mistake(wrong.message, place(port)) from wrong


def _exit_code(test: Mapping) -> int:
    """NetAssert's scanner exits 0 if it gets through; the field defaults to that."""
    code = test.get("exitCode")
    if isinstance(code, Missing):
        return 0
    value = code.value if isinstance(code, Scalar) else None
    if isinstance(value, bool) or not isinstance(value, int):
        raise mistake(f"`exitCode` must be a number, not {said(code)}", place(code))
    return value
