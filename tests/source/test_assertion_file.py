"""Test files: what they say, and where they say what they must not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st
from jsonschema import Draft7Validator

import netpol_lint
from netpol_lint.errors import NetpolLintError
from netpol_lint.source.asked_ports import AskedPorts, asked_ports
from netpol_lint.source.assertion_file import read_assertions
from netpol_lint.source.location import Span

SCHEMA = json.loads((Path(netpol_lint.__file__).parent / "schemas/test-file.schema.json").read_text(encoding="utf-8"))
HEAD = "version: 1\ntests:\n"


def complaint(text: str) -> str:
    """What is wrong with a test file."""
    with pytest.raises(NetpolLintError) as wrong:
        read_assertions(text.encode(), "t.yaml")
    return str(wrong.value)


def ports(text: str) -> AskedPorts:
    file = read_assertions(f"{HEAD}  - {{from: a/b, to: c/d, allow: true{text}}}\n".encode(), "t.yaml")
    return file.assertions[0].ports


def test_everything_a_file_may_say_is_read() -> None:
    text = (
        "version: 1\nmanifests: [a.yaml, ../b]\nunit: overlays/prod\n"
        "pods:\n"
        "  - {namespace: shop, name: visitor, labels: {run: visitor}, ports: [{name: http, containerPort: 80}]}\n"
        "namespaces: [{name: ops, labels: {team: ops}}]\n"
        "tests:\n  - {name: one, from: shop/visitor, to: 10.0.0.0/8, port: 8000-8010, protocol: UDP, allow: false}\n"
    )
    file = read_assertions(text.encode(), "t.yaml")
    (pod,), (test,) = file.pods, file.assertions
    expected = (
        ("a.yaml", "../b"),
        "overlays/prod",
        ("shop", "visitor", {"run": "visitor"}, "http", 80, "TCP"),
        {"ops": {"team": "ops"}},
        ("one", "shop/visitor", "10.0.0.0/8", AskedPorts("UDP", 8000, 8010), False),
        Span(8, 5, 8, 98),
    )
    port = pod.ports[0]
    assert expected == (
        tuple(path for path, _ in file.manifests),
        file.unit,
        (pod.namespace, pod.name, pod.labels, port.name, port.port, port.protocol),
        file.namespaces,
        (test.name, test.source, test.destination, test.ports, test.allow),
        test.at.span,
    )


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("", AskedPorts()),
        (", protocol: SCTP", AskedPorts("SCTP")),
        (", port: 80", AskedPorts("TCP", 80, 80)),
        (", port: '80'", AskedPorts("TCP", 80, 80)),
        (", port: 80-80, protocol: SCTP", AskedPorts("SCTP", 80, 80)),
        (", port: http", AskedPorts("TCP", 0, 0, "http")),
    ],
)
def test_with_a_port_the_protocol_is_tcp_and_without_one_it_is_every_port(written: str, expected: AskedPorts) -> None:
    assert expected == ports(written)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "t.yaml:1:1: a test file is a mapping with `version` and `tests`"),
        ("version: 2\ntests: []\n", "t.yaml:1:10: the only version of test files is 1"),
        ("version: true\ntests: []\n", "t.yaml:1:10: the only version of test files is 1"),
        ("tests: []\n", "t.yaml:1:1: the test file lacks `version`"),
        ("version: 1\n", "t.yaml:1:1: the test file lacks `tests`"),
        ("version: 1\ntest: []\n", "t.yaml:2:1: unknown key 'test' in the test file; did you mean tests?"),
        ("version: 1\ntests: {}\n", "t.yaml:2:1: `tests` must be a list, not a mapping"),
        (HEAD + "  - web\n", "t.yaml:3:5: a test must be a mapping, not 'web'"),
        (HEAD + "  - {from: a/b, allow: true}\n", "t.yaml:3:5: the test lacks `to`"),
        (HEAD + "  - {from: a/b, to: c/d}\n", "t.yaml:3:5: the test lacks `allow`"),
        (
            HEAD + "  - {from: a/b, to: c/d, allow: maybe}\n",
            "t.yaml:3:33: `allow` must be true or false, not 'maybe'",
        ),
        (
            HEAD + "  - {from: 7, to: c/d, allow: true}\n",
            "t.yaml:3:12: `from` must be text, not the number 7 (put it in quotes)",
        ),
        (
            HEAD + "  - {from: a/b, to: c/d, allow: true, port: 70000}\n",
            "t.yaml:3:45: ports are numbers from 1 to 65535, the lower one first, not 70000",
        ),
        (
            HEAD + "  - {from: a/b, to: c/d, allow: true, port: 90-80}\n",
            "t.yaml:3:45: ports are numbers from 1 to 65535, the lower one first, not 90-80",
        ),
        (
            HEAD + "  - {from: a/b, to: c/d, allow: true, port: HTTP}\n",
            "t.yaml:3:45: 'HTTP' is no port: it is a number, a range such as 8000-8010, or a name",
        ),
        (
            HEAD + "  - {from: a/b, to: c/d, allow: true, port: }\n",
            "t.yaml:3:39: a port is a number, a range such as 8000-8010, or a name",
        ),
        (
            HEAD + "  - {from: a/b, to: c/d, allow: true, protocol: tcp}\n",
            "t.yaml:3:49: `protocol` must be TCP, UDP or SCTP, not 'tcp'",
        ),
        (
            HEAD + "  - {from: a/b, to: c/d, allow: true, allow: false}\n",
            "t.yaml:3:39: 'allow' is given twice (first on line 3)",
        ),
        (
            "version: 1\npods: [{name: x, labels: {app: yes}}]\ntests: []\n",
            "t.yaml:2:32: the label 'app' must be text, not true (put it in quotes)",
        ),
        (
            "version: 1\npods: [{namespace: x}]\ntests: []\n",
            "t.yaml:2:8: the pod lacks `name`",
        ),
        (
            HEAD + "  - {from: a/b, to: [\n",
            "t.yaml:4:1: a value is missing here",
        ),
        ("version: 1\ntests: [\x07]\n", "t.yaml:2:9: YAML allows no control character U+0007"),
    ],
)
def test_what_is_wrong_is_said_at_its_place(text: str, expected: str) -> None:
    assert expected == complaint(text)


def test_utf_16_is_refused() -> None:
    with pytest.raises(NetpolLintError) as wrong:
        read_assertions("version: 1".encode("utf-16"), "t.yaml")
    assert "t.yaml:1:1: not UTF-8 text" == str(wrong.value)


_SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
_VALUES = st.recursive(
    _SCALARS | st.text(max_size=8) | st.sampled_from(("80", "80-90", "a/b")),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
_TESTS = st.lists(
    st.fixed_dictionaries(
        {"from": st.just("a/b") | _VALUES, "to": st.just("::1") | _VALUES, "allow": st.booleans() | _VALUES},
        optional={"name": _VALUES, "port": _VALUES, "protocol": st.sampled_from(("TCP", "UDP", "tcp")) | _VALUES},
    ),
    max_size=3,
)
_PODS = st.lists(
    st.fixed_dictionaries(
        {"name": st.just("x") | _VALUES},
        optional={
            "labels": st.dictionaries(st.text(max_size=5), st.text(max_size=5)) | _VALUES,
            "ports": st.lists(st.fixed_dictionaries({"containerPort": st.just(80) | _VALUES}), max_size=2) | _VALUES,
        },
    ),
    max_size=2,
)
_FILES = st.fixed_dictionaries(
    {"version": st.just(1), "tests": _TESTS},
    optional={"manifests": _VALUES, "unit": _VALUES, "pods": _PODS | _VALUES, "namespaces": _PODS | _VALUES},
)


def _is_read(data: bytes) -> bool:
    try:
        read_assertions(data, "t.yaml")
    except NetpolLintError as wrong:
        return "t.yaml:" not in str(wrong)  # a refusal has its place
    return True


@given(_FILES | _VALUES)
def test_a_file_is_read_or_refused_whatever_it_holds(value: Any) -> None:
    _is_read(json.dumps(value).encode())


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    _is_read(data)


@given(_FILES)
def test_what_is_read_fits_the_schema_that_is_shipped(value: Any) -> None:
    if _is_read(json.dumps(value).encode()):
        assert [] == [error.message for error in Draft7Validator(SCHEMA).iter_errors(value)]


_PORTS = st.text(max_size=20) | st.integers() | st.sampled_from(("1-65535", "http", "a-1", "0", "65536"))


@given(_PORTS, st.text(max_size=4))
def test_any_port_is_understood_or_refused(port: Any, protocol: str) -> None:
    try:
        asked = asked_ports(port, protocol)
    except NetpolLintError:
        return
    assert asked.name or 1 <= asked.first <= asked.last <= 65535
