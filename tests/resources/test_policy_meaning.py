"""What the API server makes of the fields of a NetworkPolicy: defaults, null, empty."""

from __future__ import annotations

import pytest

from netpol_lint.algebra.labels import Operator, Requirement
from netpol_lint.resources.policy import (
    AllOfProtocol,
    AnyPod,
    Direction,
    Everyone,
    EveryPort,
    IPBlock,
    NamedPort,
    NetworkPolicy,
    PodPeer,
    PortRange,
    Protocol,
    Rule,
    SameNamespace,
)
from netpol_lint.resources.selectors import LabelSelector
from tests.resources.decoding import HEAD, decoded, only, policy

INGRESS = frozenset((Direction.INGRESS,))
EGRESS = frozenset((Direction.EGRESS,))
BOTH = INGRESS | EGRESS


@pytest.mark.parametrize(
    ("text", "types"),
    [
        ("{podSelector: {}}", INGRESS),
        ("{podSelector: {}, policyTypes: []}", INGRESS),
        ("{podSelector: {}, policyTypes: null}", INGRESS),
        ("{podSelector: {}, egress: []}", INGRESS),
        ("{podSelector: {}, egress: null}", INGRESS),
        ("{podSelector: {}, egress: [{}]}", BOTH),
        ("{podSelector: {}, egress: [null]}", BOTH),
        ("{podSelector: {}, policyTypes: [], egress: [{}]}", BOTH),
        ("{podSelector: {}, policyTypes: [Egress]}", EGRESS),
        ("{podSelector: {}, policyTypes: [Egress], ingress: [{}]}", EGRESS),
        ("{podSelector: {}, policyTypes: [Ingress], egress: [{}]}", INGRESS),
        ("{podSelector: {}, policyTypes: [Ingress, Ingress]}", INGRESS),
        ("{podSelector: {}, policyTypes: [Ingress, Egress]}", BOTH),
    ],
)
def test_policy_types_default_from_the_rules(text: str, types: frozenset[Direction]) -> None:
    assert types == policy(text).types


@pytest.mark.parametrize("text", ["", "spec:", "spec: {}", "spec: ~"])
def test_without_a_spec_every_pod_is_isolated_for_ingress(text: str) -> None:
    found = only(HEAD + text)
    assert isinstance(found, NetworkPolicy)
    assert found.pod_selector.selects_everything
    assert (INGRESS, (), ()) == (found.types, found.ingress.rules, found.egress.rules)
    assert not found.ingress.written


@pytest.mark.parametrize("text", ["{}", "{podSelector: null}", "{podSelector: {}}", "{podSelector: {matchLabels: {}}}"])
def test_an_absent_or_empty_pod_selector_selects_every_pod(text: str) -> None:
    assert policy(text).pod_selector.selects_everything


@pytest.mark.parametrize("text", ["{}", "null", "{from: []}", "{from: null, ports: null}", "{from: [], ports: []}"])
def test_a_rule_that_says_nothing_admits_everyone_on_every_port(text: str) -> None:
    (rule,) = policy(f"{{ingress: [{text}]}}").ingress.rules
    assert (True, True) == (isinstance(rule.peers, Everyone), isinstance(rule.ports, EveryPort))


def test_a_lone_dash_is_a_rule_that_admits_everyone() -> None:
    found = only(f"{HEAD}spec:\n  ingress:\n  -\n")
    assert isinstance(found, NetworkPolicy)
    (rule,) = found.ingress.rules
    assert isinstance(rule.peers, Everyone)
    assert 6 == rule.at.span.line


@pytest.mark.parametrize(("text", "written"), [("{}", False), ("{ingress: null}", False), ("{ingress: []}", True)])
def test_an_empty_list_of_rules_is_written_and_null_is_not(text: str, written: bool) -> None:
    found = policy(text).ingress
    assert ((), written) == (found.rules, found.written)


def ingress_rule(text: str) -> Rule:
    (rule,) = policy(f"{{ingress: [{text}]}}").ingress.rules
    return rule


@pytest.mark.parametrize(
    ("entry", "protocol", "written", "target"),
    [
        ("{}", Protocol.TCP, False, AllOfProtocol()),
        ("null", Protocol.TCP, False, AllOfProtocol()),
        ("{port: null}", Protocol.TCP, False, AllOfProtocol()),
        ("{port: 80}", Protocol.TCP, False, PortRange(80, 80)),
        ("{port: 80, protocol: null}", Protocol.TCP, False, PortRange(80, 80)),
        ("{port: 80, protocol: TCP}", Protocol.TCP, True, PortRange(80, 80)),
        ("{protocol: UDP}", Protocol.UDP, True, AllOfProtocol()),
        ("{port: 80, endPort: 90, protocol: SCTP}", Protocol.SCTP, True, PortRange(80, 90)),
        ("{port: 80, endPort: 80}", Protocol.TCP, False, PortRange(80, 80)),
        ("{port: 1, endPort: 65535}", Protocol.TCP, False, PortRange(1, 65535)),
        ("{port: web}", Protocol.TCP, False, NamedPort("web")),
        ("{port: '${PORT:=80}'}", Protocol.TCP, False, PortRange(80, 80)),
    ],
)
def test_a_port_entry_defaults_to_tcp_and_to_every_port(
    entry: str, protocol: Protocol, written: bool, target: object
) -> None:
    ports = ingress_rule(f"{{ports: [{entry}]}}").ports
    assert isinstance(ports, tuple)
    (port,) = ports
    assert (protocol, written, target) == (port.protocol, port.protocol_written, port.target)


def one_peer(text: str) -> PodPeer | IPBlock:
    peers = ingress_rule(f"{{from: [{text}]}}").peers
    assert isinstance(peers, tuple)
    (peer,) = peers
    return peer


def test_a_pod_selector_alone_stays_in_the_policys_namespace() -> None:
    peer = one_peer("{podSelector: {}}")
    assert isinstance(peer, PodPeer)
    assert SameNamespace() == peer.namespaces
    assert isinstance(peer.pods, LabelSelector)
    assert peer.pods.selects_everything


@pytest.mark.parametrize("text", ["{namespaceSelector: {}}", "{namespaceSelector: {}, podSelector: null}"])
def test_a_namespace_selector_alone_means_every_pod_there(text: str) -> None:
    peer = one_peer(text)
    assert isinstance(peer, PodPeer)
    assert AnyPod() == peer.pods
    assert isinstance(peer.namespaces, LabelSelector)


def test_both_selectors_in_one_entry_are_one_peer() -> None:
    peer = one_peer("{namespaceSelector: {matchLabels: {a: b}}, podSelector: {}}")
    assert isinstance(peer, PodPeer)
    assert isinstance(peer.namespaces, LabelSelector)
    assert isinstance(peer.pods, LabelSelector)


@pytest.mark.parametrize(
    ("cidr", "network"),
    [
        ("10.0.0.0/8", "10.0.0.0/8"),
        ("0.0.0.0/0", "0.0.0.0/0"),
        ("2001:DB8::/32", "2001:db8::/32"),
        ("::/0", "::/0"),
        ("2001:db8:0:0:0:0:1.2.3.4/128", "2001:db8::102:304/128"),
    ],
)
def test_an_address_block_is_read(cidr: str, network: str) -> None:
    peer = one_peer(f"{{ipBlock: {{cidr: '{cidr}'}}}}")
    assert isinstance(peer, IPBlock)
    assert (network, ()) == (str(peer.cidr), peer.exceptions)


def test_exceptions_keep_their_places() -> None:
    peer = one_peer("{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16, 10.2.0.0/16]}}")
    assert isinstance(peer, IPBlock)
    expected = [("10.1.0.0/16", "except/0"), ("10.2.0.0/16", "except/1")]
    assert expected == [(str(block), at.pointer[-8:]) for block, at in peer.exceptions]


def test_every_kind_of_requirement_is_read() -> None:
    text = (
        "{podSelector: {matchLabels: {a: b, empty: }, matchExpressions: [{key: c, operator: In, values: [v, w]}, "
        "{key: d, operator: NotIn, values: [null]}, {key: e, operator: Exists, values: []}, "
        "{key: f, operator: DoesNotExist}]}}"
    )
    expected = {
        Requirement("a", Operator.IN, frozenset(("b",))),
        Requirement("empty", Operator.IN, frozenset(("",))),
        Requirement("c", Operator.IN, frozenset(("v", "w"))),
        Requirement("d", Operator.NOT_IN, frozenset(("",))),
        Requirement("e", Operator.EXISTS),
        Requirement("f", Operator.DOES_NOT_EXIST),
    }
    assert expected == set(policy(text).pod_selector.selector.requirements)


def test_a_policy_without_a_namespace_is_in_the_default_one() -> None:
    found = only("apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p}\n")
    assert isinstance(found, NetworkPolicy)
    assert ("default", False) == (found.meta.namespace, found.meta.namespace_declared)


def test_host_bits_are_cleared_and_said() -> None:
    result = decoded(f"{HEAD}spec: {{ingress: [{{from: [{{ipBlock: {{cidr: 10.0.0.1/8}}}}]}}]}}")
    (found,) = result.objects
    (defect,) = result.defects
    assert isinstance(found, NetworkPolicy)
    (rule,) = found.ingress.rules
    assert isinstance(rule.peers, tuple)
    (peer,) = rule.peers
    assert isinstance(peer, IPBlock)
    assert ("10.0.0.0/8", "10.0.0.0/8", "invalid-strict-cidr") == (str(peer.cidr), defect.suggestion, defect.kind.value)
