"""`netpol-lint explain`: the answer told, and as JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft7Validator

import netpol_lint
from tests.cli.running import DENY, POD, Shell

SCHEMA = json.loads((Path(netpol_lint.__file__).parent / "schemas/explain.schema.json").read_text(encoding="utf-8"))
FRONTEND = POD.replace("backend", "frontend")
ALLOW = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: backend, namespace: shop}
spec:
  podSelector: {matchLabels: {app: backend}}
  ingress:
    - from:
        - podSelector: {matchLabels: {app: frontend}}
      ports: [{port: 80}]
"""


@pytest.fixture
def shop(shell: Shell) -> Shell:
    shell.write("pods.yaml", f"{POD}---\n{FRONTEND}")
    shell.write("allow.yaml", ALLOW)
    return shell


def test_json_has_its_exact_shape(shop: Shell) -> None:
    done = shop.run("explain", "shop/frontend", "shop/backend", "--port", "80", "-f", "json")
    location = {"path": "allow.yaml", "line": 7, "column": 7}
    decision = {"policy": "shop/backend", "tier": "NetworkPolicy", "action": "allow", "rule": "spec.ingress[0]"}
    expected = {
        "version": 1,
        "from": "shop/frontend",
        "to": "shop/backend",
        "verdict": "allowed",
        "ports": [{"protocol": "TCP", "from": 80, "to": 80}],
        "egress": {"isolated": False, "decided_by": []},
        "ingress": {"isolated": True, "decided_by": [{**decision, "location": location}]},
    }
    assert (0, expected) == (done.status, json.loads(done.out))


@pytest.mark.parametrize(
    ("ends", "verdict"),
    [
        (("shop/frontend", "shop/backend"), "partly"),
        (("shop/backend", "shop/frontend"), "allowed"),
        (("0.0.0.0/0", "shop/backend"), "denied"),
        (("shop/backend", "shop/backend"), "allowed"),
    ],
)
def test_every_answer_fits_the_schema_and_exits_0(shop: Shell, ends: tuple[str, str], verdict: str) -> None:
    done = shop.run("explain", *ends, "-f", "json")
    data = json.loads(done.out)
    assert (0, verdict, []) == (
        done.status,
        data["verdict"],
        [e.message for e in Draft7Validator(SCHEMA).iter_errors(data)],
    )


def test_an_allowed_connection_is_told_with_its_rule(shop: Shell) -> None:
    expected = """\
shop/frontend may reach shop/backend on TCP/80 only.

Out of shop/frontend:
  no policy isolates it for egress: everything may leave
Into shop/backend:
  NetworkPolicy shop/backend allows TCP/80 by spec.ingress[0]
    --> allow.yaml:7:7
  NetworkPolicy shop/backend isolates it for ingress, and no other rule admits
    every port but TCP/80
    --> allow.yaml:5:3
"""
    assert (0, expected, "") == shop.run("explain", "shop/frontend", "shop/backend")


def test_a_denial_says_what_nearly_admits_it_and_what_would_have_to_change(shop: Shell) -> None:
    shop.write("deny.yaml", DENY)
    expected = """\
shop/frontend may not reach shop/backend on TCP/81.

Out of shop/frontend:
  NetworkPolicy shop/default-deny isolates it for egress, and it admits nothing
    --> deny.yaml:5:3
Into shop/backend:
  NetworkPolicy shop/backend isolates it for ingress, and no rule of it admits
    this
    --> allow.yaml:5:3
  NetworkPolicy shop/default-deny isolates it for ingress, and it admits nothing
    --> deny.yaml:5:3
  spec.ingress[0] of NetworkPolicy shop/backend admits it only on TCP/80
    --> allow.yaml:7:7
To allow it:
  give NetworkPolicy shop/default-deny, or a new one that selects pods with
    app=frontend, an egress rule for traffic to pods with app=backend in
    namespace shop on TCP/81
    --> deny.yaml:5:3
  give one of these policies, or a new one that selects pods with app=backend,
    an ingress rule for traffic from pods with app=frontend in namespace shop on
    TCP/81
    --> allow.yaml:5:3
"""
    assert (0, expected, "") == shop.run("explain", "shop/frontend", "shop/backend", "--port", "81")


def test_parts_of_a_block_are_told_one_by_one(shop: Shell) -> None:
    rule = "    - from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}]\n"
    shop.write("allow.yaml", ALLOW.replace("  ingress:\n", f"  ingress:\n{rule}"))
    expected = """\
10.0.0.0/8 may reach shop/backend on TCP/80 only in part.

Into shop/backend, from 10.0.0.0/8 - 10.1.0.0/16:
  NetworkPolicy shop/backend allows TCP/80 by spec.ingress[0]
    --> allow.yaml:7:7
Into shop/backend, from 10.1.0.0/16:
  NetworkPolicy shop/backend isolates it for ingress, and no rule of it admits
    this
    --> allow.yaml:5:3
  its spec.ingress[0] admits others: addresses 10.0.0.0/8 - 10.1.0.0/16
    --> allow.yaml:7:7
  its spec.ingress[1] admits others: pods with app=frontend of namespace shop
    --> allow.yaml:8:7
"""
    assert (0, expected, "") == shop.run("explain", "10.0.0.0/8", "shop/backend", "--port", "80")


def test_a_cluster_tier_is_told_with_its_name(shop: Shell) -> None:
    policy = """\
apiVersion: policy.networking.k8s.io/v1alpha1
kind: AdminNetworkPolicy
metadata: {name: no-web}
spec:
  priority: 5
  subject: {namespaces: {}}
  ingress:
    - {name: deny, action: Deny, from: [{namespaces: {}}], ports: [{portNumber: {protocol: TCP, port: 80}}]}
"""
    shop.write("admin.yaml", policy)
    out = shop.run("explain", "shop/frontend", "shop/backend", "--port", "80").out
    expected = """\
Into shop/backend:
  AdminNetworkPolicy no-web denies TCP/80 by spec.ingress[0]
    --> admin.yaml:8:7
To allow it:
  narrow or remove spec.ingress[0] of AdminNetworkPolicy no-web, which denies it
    --> admin.yaml:8:7
"""
    assert expected == out[out.index("Into") :]


def test_what_is_unknown_is_told_with_the_reason(shop: Shell) -> None:
    shop.write("odd.yaml", ALLOW.replace("name: backend", "name: odd").replace("port: 80", "port: 0"))
    expected = """\
it is unknown whether shop/frontend may reach shop/backend on TCP/81.

Unknown because:
  the API server rejects this policy
Out of shop/frontend:
  no policy isolates it for egress: everything may leave
Into shop/backend:
  NetworkPolicy shop/odd may decide here: the API server rejects this policy
    --> odd.yaml:3:18
  NetworkPolicy shop/backend isolates it for ingress, and no rule of it admits
    this
    --> allow.yaml:5:3
  its spec.ingress[0] admits it only on TCP/80
    --> allow.yaml:7:7
"""
    assert expected == shop.run("explain", "shop/frontend", "shop/backend", "--port", "81").out


def test_a_pod_reaches_itself(shop: Shell) -> None:
    shop.write("deny.yaml", DENY)
    expected = """\
shop/backend may reach shop/backend on every port.

From shop/backend to itself:
  a pod can always reach itself: no policy blocks that
"""
    assert (0, expected, "") == shop.run("explain", "shop/backend", "shop/backend")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("shop/fronted", "shop/backend"), "there is no workload or pod shop/fronted; did you mean shop/Pod/frontend?"),
        (("1.2.3.4", "::1"), "neither 1.2.3.4 nor ::1 is a pod: no policy applies"),
        (
            ("shop/frontend", "shop/backend", "--port", "0"),
            "ports are numbers from 1 to 65535, the lower one first, not 0",
        ),
        (("shop/frontend", "shop/backend", "--unit", "x"), "there is no deployment unit 'x'; there are '.'"),
        (("shop/frontend", "shop/backend", "lost"), "lost: no such file or directory"),
    ],
)
def test_a_question_that_cannot_be_answered_exits_2(shop: Shell, arguments: tuple[str, ...], expected: str) -> None:
    assert (2, "", f"netpol-lint: error: {expected}\n") == shop.run("explain", *arguments)
