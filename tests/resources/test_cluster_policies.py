"""The three kinds of cluster-tier policies: what is accepted, what is refused, and where."""

from __future__ import annotations

import pytest

from netpol_lint.resources.cluster_policy import (
    Action,
    ClusterPolicy,
    ClusterTier,
    DomainNamesPeer,
    NamedPortEntry,
    NetworksPeer,
    NodesPeer,
    RejectedClusterPolicy,
    UnknownPeer,
)
from netpol_lint.resources.defects import DefectKind
from netpol_lint.resources.node import Node
from netpol_lint.resources.policy import AllOfProtocol, EveryPort, ForeignPolicy, PodPeer, PortEntry, PortRange
from tests.resources.decoding import decoded, only

ANP = "apiVersion: policy.networking.k8s.io/v1alpha1\nkind: AdminNetworkPolicy\nmetadata: {name: p}\n"
BANP = "apiVersion: policy.networking.k8s.io/v1alpha1\nkind: BaselineAdminNetworkPolicy\nmetadata: {name: default}\n"
CNP = "apiVersion: policy.networking.k8s.io/v1alpha2\nkind: ClusterNetworkPolicy\nmetadata: {name: p}\n"
ALL = "subject: {namespaces: {}}"
PODS = "pods: {namespaceSelector: {}, podSelector: {}}"


def anp(rest: str) -> str:
    return f"{ANP}spec: {{priority: 1, {ALL}, {rest}}}\n"


def cnp(rest: str) -> str:
    return f"{CNP}spec: {{tier: Admin, priority: 1, {ALL}, {rest}}}\n"


def accepted(text: str) -> ClusterPolicy:
    result = decoded(text)
    (policy,) = result.objects
    assert isinstance(policy, ClusterPolicy), result.defects
    assert () == result.defects
    return policy


def refusals(text: str) -> list[tuple[str, str]]:
    """Where and why it is refused."""
    result = decoded(text)
    (policy,) = result.objects
    assert isinstance(policy, RejectedClusterPolicy)
    return [(d.at.pointer, d.reason) for d in result.defects if d.kind is DefectKind.INVALID]


def test_the_three_kinds_are_one_type() -> None:
    policies = [accepted(text) for text in (anp("ingress: []"), f"{BANP}spec: {{{ALL}}}\n", cnp("egress: []"))]
    expected = [(ClusterTier.ADMIN, 1), (ClusterTier.BASELINE, 0), (ClusterTier.ADMIN, 1)]
    assert expected == [(policy.tier, policy.priority) for policy in policies]


def test_allow_and_accept_are_one_action() -> None:
    one = accepted(anp("ingress: [{action: Allow, from: [{namespaces: {}}]}]"))
    other = accepted(cnp("ingress: [{action: Accept, from: [{namespaces: {}}]}]"))
    assert [Action.ALLOW, Action.ALLOW] == [policy.ingress[0].action for policy in (one, other)]
    assert isinstance(one.ingress[0].ports, EveryPort)


def test_every_kind_of_peer_is_known() -> None:
    peers = (
        "{namespaces: {}}, {pods: {namespaceSelector: {}, podSelector: {}}}, {nodes: {}}, {networks: [10.0.0.0/8]}, "
    )
    (rule,) = accepted(cnp(f"egress: [{{action: Accept, to: [{peers}{{domainNames: ['*.example.com']}}]}}]")).egress
    assert [PodPeer, PodPeer, NodesPeer, NetworksPeer, DomainNamesPeer] == [type(peer) for peer in rule.peers]


def test_ports_in_both_spellings() -> None:
    ports = "ports: [{portNumber: {port: 80}}, {portRange: {protocol: UDP, start: 5, end: 9}}, {namedPort: http}]"
    (one,) = accepted(anp(f"ingress: [{{action: Deny, from: [{{namespaces: {{}}}}], {ports}}}]")).ingress
    protocols = (
        "protocols: [{tcp: {destinationPort: {number: 80}}}, {udp: {destinationPort: {range: {start: 5, end: 9}}}}, "
        "{destinationNamedPort: http}, {sctp: {}}]"
    )
    (other,) = accepted(cnp(f"ingress: [{{action: Deny, from: [{{namespaces: {{}}}}], {protocols}}}]")).ingress
    assert isinstance(one.ports, tuple)
    assert isinstance(other.ports, tuple)
    shown = [
        [(p.protocol.value, p.target) if isinstance(p, PortEntry) else p.name for p in ports]
        for ports in (one.ports, other.ports)
    ]
    expected = [("TCP", PortRange(80, 80)), ("UDP", PortRange(5, 9)), "http"]
    assert [expected, [*expected, ("SCTP", AllOfProtocol())]] == shown
    assert isinstance(one.ports[2], NamedPortEntry)


def test_a_peer_of_a_kind_that_is_not_known_stays_and_is_said() -> None:
    result = decoded(cnp("ingress: [{action: Deny, from: [{widgets: {}}]}]"))
    (policy,) = result.objects
    assert isinstance(policy, ClusterPolicy)
    assert [UnknownPeer] == [type(peer) for peer in policy.ingress[0].peers]
    assert [(DefectKind.UNKNOWN_FIELD, "/spec/ingress/0/from/0/widgets")] == [
        (d.kind, d.at.pointer) for d in result.defects
    ]


REFUSED = {
    "no spec": (CNP, "/spec"),
    "no tier": (f"{CNP}spec: {{priority: 1, {ALL}}}\n", "/spec/tier"),
    "another tier": (f"{CNP}spec: {{tier: admin, priority: 1, {ALL}}}\n", "/spec/tier"),
    "no priority": (f"{CNP}spec: {{tier: Admin, {ALL}}}\n", "/spec/priority"),
    "priority beyond 1000": (f"{ANP}spec: {{priority: 1001, {ALL}}}\n", "/spec/priority"),
    "negative priority": (f"{ANP}spec: {{priority: -1, {ALL}}}\n", "/spec/priority"),
    "no subject": (f"{ANP}spec: {{priority: 1}}\n", "/spec/subject"),
    "an empty subject": (f"{ANP}spec: {{priority: 1, subject: {{}}}}\n", "/spec/subject"),
    "a subject of two fields": (
        f"{ANP}spec: {{priority: 1, subject: {{namespaces: {{}}, {PODS}}}}}\n",
        "/spec/subject/pods",
    ),
    "pods without podSelector": (
        f"{ANP}spec: {{priority: 1, subject: {{pods: {{namespaceSelector: {{}}}}}}}}\n",
        "/spec/subject/pods/podSelector",
    ),
    "a baseline with another name": (BANP.replace("default", "other") + f"spec: {{{ALL}}}\n", "/metadata/name"),
    "pass in a baseline": (
        f"{BANP}spec: {{{ALL}, ingress: [{{action: Pass, from: [{{namespaces: {{}}}}]}}]}}\n",
        "/spec/ingress/0/action",
    ),
    "allow in a ClusterNetworkPolicy": (
        cnp("ingress: [{action: Allow, from: [{namespaces: {}}]}]"),
        "/spec/ingress/0/action",
    ),
    "no action": (cnp("ingress: [{from: [{namespaces: {}}]}]"), "/spec/ingress/0/action"),
    "no peers": (cnp("ingress: [{action: Deny}]"), "/spec/ingress/0/from"),
    "an empty list of peers": (cnp("ingress: [{action: Deny, from: []}]"), "/spec/ingress/0/from"),
    "an empty peer": (cnp("ingress: [{action: Deny, from: [{}]}]"), "/spec/ingress/0/from/0"),
    "an empty list of protocols": (
        cnp("ingress: [{action: Deny, from: [{namespaces: {}}], protocols: []}]"),
        "/spec/ingress/0/protocols",
    ),
    "too many peers": (
        cnp(f"ingress: [{{action: Deny, from: [{', '.join(['{namespaces: {}}'] * 26)}]}}]"),
        "/spec/ingress/0/from",
    ),
    "too many rules": (
        cnp(f"ingress: [{', '.join(['{action: Deny, from: [{namespaces: {}}]}'] * 26)}]"),
        "/spec/ingress",
    ),
    "a long rule name": (
        cnp(f"ingress: [{{name: {'x' * 101}, action: Deny, from: [{{namespaces: {{}}}}]}}]"),
        "/spec/ingress/0/name",
    ),
    "a range that does not rise": (
        cnp(
            "ingress: [{action: Deny, from: [{namespaces: {}}], "
            "protocols: [{tcp: {destinationPort: {range: {start: 80, end: 80}}}}]}]"
        ),
        "/spec/ingress/0/protocols/0/tcp/destinationPort/range/end",
    ),
    "port 0": (
        anp("ingress: [{action: Deny, from: [{namespaces: {}}], ports: [{portNumber: {protocol: TCP, port: 0}}]}]"),
        "/spec/ingress/0/ports/0/portNumber/port",
    ),
    "a port name for networks": (
        anp("egress: [{action: Deny, to: [{networks: [10.0.0.0/8]}], ports: [{namedPort: http}]}]"),
        "/spec/egress/0/ports/0/namedPort",
    ),
    "domain names that are denied": (
        anp("egress: [{action: Deny, to: [{domainNames: [example.com]}]}]"),
        "/spec/egress/0/to/0",
    ),
    "no domain name": (
        anp("egress: [{action: Allow, to: [{domainNames: ['*']}]}]"),
        "/spec/egress/0/to/0/domainNames/0",
    ),
    "a network twice": (
        anp("egress: [{action: Deny, to: [{networks: [10.0.0.0/8, 10.0.0.0/8]}]}]"),
        "/spec/egress/0/to/0/networks/1",
    ),
    "no network": (
        anp("egress: [{action: Deny, to: [{networks: [10.0.0.0]}]}]"),
        "/spec/egress/0/to/0/networks/0",
    ),
    "another version": (CNP.replace("v1alpha2", "v1") + f"spec: {{tier: Admin, priority: 1, {ALL}}}\n", "/apiVersion"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_the_custom_resource_refuses_is_refused_where_it_stands(case: str) -> None:
    text, pointer = REFUSED[case]
    assert [pointer] == [at for at, _ in refusals(text)]


def test_equal_ends_of_a_range_are_fine_for_an_admin_network_policy() -> None:
    ports = "ports: [{portRange: {protocol: TCP, start: 80, end: 80}}]"
    (rule,) = accepted(anp(f"ingress: [{{action: Deny, from: [{{namespaces: {{}}}}], {ports}}}]")).ingress
    assert isinstance(rule.ports, tuple)
    assert [PortRange(80, 80)] == [entry.target for entry in rule.ports if isinstance(entry, PortEntry)]


def test_the_word_of_the_other_kind_is_suggested() -> None:
    (defect,) = decoded(cnp("ingress: [{action: Allow, from: [{namespaces: {}}]}]")).defects
    assert "Accept" == defect.suggestion


def test_a_rejected_policy_says_what_can_be_read_of_it() -> None:
    rejected = only(cnp("ingress: [{action: Deny}]"))
    assert isinstance(rejected, RejectedClusterPolicy)
    assert (ClusterTier.ADMIN, 1) == (rejected.tier, rejected.priority)


def test_the_same_kind_of_another_group_is_another_dialect() -> None:
    text = "apiVersion: crd.antrea.io/v1beta1\nkind: ClusterNetworkPolicy\nmetadata: {name: p}\nspec: {priority: 5}\n"
    assert isinstance(only(text), ForeignPolicy)


def test_a_node_has_its_addresses_and_not_its_names() -> None:
    node = only(
        "apiVersion: v1\nkind: Node\nmetadata: {name: n, labels: {role: infra}}\n"
        "status: {addresses: [{type: InternalIP, address: 172.18.0.2}, {type: Hostname, address: n}]}\n"
    )
    assert isinstance(node, Node)
    assert (("172.18.0.2",), {"role": "infra"}) == (node.addresses, node.labels)
