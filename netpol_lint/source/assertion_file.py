"""Test files, `*.netpol-test.yaml`: what they say, with the place of every assertion. NetAssert's are read too."""

from __future__ import annotations

from collections.abc import Mapping as Labels
from typing import Final

from netpol_lint.errors import NetpolLintError
from netpol_lint.records import NamedTuple
from netpol_lint.source.asked_ports import PROTOCOLS, AskedPorts, asked_ports
from netpol_lint.source.fields import as_bool, as_labels, as_list, as_mapping, as_text, mistake, only, place, required
from netpol_lint.source.location import Location
from netpol_lint.source.tree import Mapping, Missing, Node, Scalar, Sequence
from netpol_lint.source.whole_file import read_tree

SUFFIX: Final = ".netpol-test.yaml"


class Assertion(NamedTuple):
    """One test: whether one end may reach the other."""

    name: str
    """"" without one."""
    source: str
    destination: str
    ports: AskedPorts
    allow: bool
    at: Location
    to_host: bool = False
    """Whether the destination is a host name, of which no address is known."""


class WrittenPort(NamedTuple):
    """A container port of a pod that exists only in a test."""

    name: str
    port: int
    protocol: str
    at: Location


class WrittenPod(NamedTuple):
    """A pod that exists only in a test."""

    namespace: str
    name: str
    labels: Labels[str, str]
    ports: tuple[WrittenPort, ...]
    at: Location
    ports_given: bool


class AssertionFile(NamedTuple):
    """What a test file says."""

    path: str
    manifests: tuple[tuple[str, Location], ...]
    """Files or directories, relative to the file; none where it does not say."""
    unit: str
    """"" where it does not say."""
    unit_at: Location
    pods: tuple[WrittenPod, ...]
    namespaces: Labels[str, Labels[str, str]]
    assertions: tuple[Assertion, ...]


def read_assertions(data: bytes, path: str) -> AssertionFile:
    """What a test file says; NetpolLintError at the place of the first thing wrong with it."""
    root = read_tree(data, path)
    if isinstance(root, Sequence):
        from netpol_lint.source.netassert import assertions

        return AssertionFile(path, (), "", root.location, (), {}, tuple(assertions(root)))
    if not isinstance(root, Mapping):
        raise NetpolLintError("a test file is a mapping with `version` and `tests`", path=path, line=1, column=1)
    only(root, ("version", "manifests", "unit", "pods", "namespaces", "tests"), "the test file")
    version = required(root, "version", "the test file")
    if not isinstance(version, Scalar) or version.value != 1 or isinstance(version.value, bool):
        raise mistake("the only version of test files is 1", place(version))
    unit = root.get("unit")
    return AssertionFile(
        path,
        tuple((as_text(item, "a path"), place(item)) for item in _items(root, "manifests")),
        "" if isinstance(unit, Missing) else as_text(unit, "`unit`"),
        place(unit),
        tuple(_pod(item) for item in _items(root, "pods")),
        dict(_namespace(item) for item in _items(root, "namespaces")),
        tuple(_assertion(item) for item in as_list(required(root, "tests", "the test file"), "`tests`")),
    )


def _items(root: Mapping, key: str) -> tuple[Node, ...]:
    value = root.get(key)
    return () if isinstance(value, Missing) else tuple(as_list(value, f"`{key}`"))


def _assertion(item: Node) -> Assertion:
    test = as_mapping(item, "a test")
    only(test, ("name", "from", "to", "port", "protocol", "allow"), "a test")
    name = test.get("name")
    return Assertion(
        "" if isinstance(name, Missing) else as_text(name, "`name`"),
        as_text(required(test, "from", "the test"), "`from`"),
        as_text(required(test, "to", "the test"), "`to`"),
        _ports(test),
        as_bool(required(test, "allow", "the test"), "`allow`"),
        test.location,
    )


def _ports(test: Mapping) -> AskedPorts:
    port, protocol = test.get("port"), test.get("protocol")
    spoken = "" if isinstance(protocol, Missing) else as_text(protocol, "`protocol`")
    if spoken and spoken not in PROTOCOLS:
        raise mistake(f"`protocol` must be TCP, UDP or SCTP, not {spoken[:60]!r}", place(protocol))
    if isinstance(port, Missing):
        return asked_ports("", spoken)
    value = port.value if isinstance(port, Scalar) else None
    try:
        return asked_ports(None if value == "" else value, spoken)
    except NetpolLintError as wrong:
        raise mistake(wrong.message, place(port)) from wrong


def _namespace(item: Node) -> tuple[str, Labels[str, str]]:
    namespace = as_mapping(item, "a namespace")
    only(namespace, ("name", "labels"), "a namespace")
    name = as_text(required(namespace, "name", "the namespace"), "`name`")
    return name, as_labels(namespace.get("labels"), "`labels`")


def _pod(item: Node) -> WrittenPod:
    pod = as_mapping(item, "a pod")
    only(pod, ("namespace", "name", "labels", "ports"), "a pod")
    namespace = pod.get("namespace")
    return WrittenPod(
        "default" if isinstance(namespace, Missing) else as_text(namespace, "`namespace`"),
        as_text(required(pod, "name", "the pod"), "`name`"),
        as_labels(pod.get("labels"), "`labels`"),
        tuple(_port(one) for one in _items(pod, "ports")),
        pod.location,
        "ports" in pod,
    )


def _port(item: Node) -> WrittenPort:
    port = as_mapping(item, "a port")
    only(port, ("name", "containerPort", "protocol"), "a port")
    name = port.get("name")
    number = required(port, "containerPort", "the port")
    protocol = port.get("protocol")
    try:
        asked = asked_ports(
            number.value if isinstance(number, Scalar) and isinstance(number.value, int) else None,
            "" if isinstance(protocol, Missing) else as_text(protocol, "`protocol`"),
        )
    except NetpolLintError as wrong:
        raise mistake(wrong.message, place(number)) from wrong
    return WrittenPort(
        "" if isinstance(name, Missing) else as_text(name, "`name`"), asked.first, asked.protocol, place(number)
    )
