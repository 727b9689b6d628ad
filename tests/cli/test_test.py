"""`netpol-lint test`: which files it takes, what it says, how it ends."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from jsonschema import Draft7Validator

import netpol_lint
from tests.cli.running import DENY, POD, Shell

SCHEMA = json.loads((Path(netpol_lint.__file__).parent / "schemas/test.schema.json").read_text(encoding="utf-8"))
VISITOR = "pods: [{namespace: shop, name: visitor, labels: {run: visitor}}]\n"
CLOSED = "  - {name: closed, from: shop/visitor, to: shop/backend, port: 80, allow: false}\n"
OPEN = "  - {name: open, from: shop/visitor, to: shop/backend, port: 80, allow: true}\n"
LOST = "  - {name: lost, from: shop/visitor, to: shop/backedn, port: 80, allow: true}\n"
REJECTED = """\
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: odd, namespace: shop}
spec: {podSelector: {}, ingress: [{from: [{}]}]}
"""


@pytest.fixture
def shop(shell: Shell) -> Shell:
    shell.write("shop/pod.yaml", POD)
    shell.write("shop/deny.yaml", DENY)
    return shell


def assertions(*cases: str, head: str = "") -> str:
    return f"version: 1\n{head}{VISITOR}tests:\n{''.join(cases)}"


def test_tests_that_hold_are_counted(shop: Shell) -> None:
    shop.write("shop/a.netpol-test.yaml", assertions(CLOSED))
    assert (0, "1 passed, 0 failed in 1 file\n", "") == shop.run("test", "shop")


def test_a_failure_names_the_policy_the_place_and_what_would_have_to_change(shop: Shell) -> None:
    shop.write("shop/a.netpol-test.yaml", assertions(CLOSED, OPEN))
    expected = """\
failed: open
  --> shop/a.netpol-test.yaml:5:5
  shop/visitor to shop/backend on TCP/80: expected to be allowed, but it is
    denied
  Out of shop/visitor:
    NetworkPolicy shop/default-deny isolates it for egress, and it admits
      nothing
      --> shop/deny.yaml:5:3
  Into shop/backend:
    NetworkPolicy shop/default-deny isolates it for ingress, and it admits
      nothing
      --> shop/deny.yaml:5:3
  To allow it:
    give NetworkPolicy shop/default-deny, or a new one that selects pods with
      run=visitor, an egress rule for traffic to pods with app=backend in
      namespace shop on TCP/80
      --> shop/deny.yaml:5:3
    give NetworkPolicy shop/default-deny, or a new one that selects pods with
      app=backend, an ingress rule for traffic from pods with run=visitor in
      namespace shop on TCP/80
      --> shop/deny.yaml:5:3

1 passed, 1 failed in 1 file
"""
    assert (1, expected, "") == shop.run("test")


def test_json_has_its_exact_shape(shop: Shell) -> None:
    shop.write("shop/a.netpol-test.yaml", assertions(OPEN))
    done = shop.run("test", "-f", "json")
    location = {"path": "shop/deny.yaml", "line": 5, "column": 3}
    decision = {"policy": "shop/default-deny", "tier": "NetworkPolicy", "action": "deny", "rule": "spec.podSelector"}
    result = {
        "file": "shop/a.netpol-test.yaml",
        "name": "open",
        "from": "shop/visitor",
        "to": "shop/backend",
        "verdict": "denied",
        "expected": "allowed",
        "passed": False,
        "decided_by": [{**decision, "location": location}],
    }
    assert (1, {"version": 1, "passed": 0, "failed": 1, "tests": [result]}) == (done.status, json.loads(done.out))


def test_json_fits_its_schema(shop: Shell) -> None:
    shop.write("shop/odd.yaml", REJECTED)
    shop.write("shop/a.netpol-test.yaml", assertions(OPEN, CLOSED, LOST, OPEN.replace("shop/backend", "1.2.3.4")))
    data = json.loads(shop.run("test", "-f", "json").out)
    assert ([], 4) == ([error.message for error in Draft7Validator(SCHEMA).iter_errors(data)], len(data["tests"]))


def test_no_test_at_all_is_valid_json(shop: Shell) -> None:
    shop.write("shop/a.netpol-test.yaml", "version: 1\ntests: []\n")
    assert {"version": 1, "passed": 0, "failed": 0, "tests": []} == json.loads(shop.run("test", "-f", "json").out)


def test_an_unknown_endpoint_fails_its_test_and_lists_candidates(shop: Shell) -> None:
    shop.write("shop/a.netpol-test.yaml", assertions(LOST, CLOSED))
    done = shop.run("test", "-f", "json")
    first, second = json.loads(done.out)["tests"]
    error = "there is no workload or pod shop/backedn; did you mean shop/Pod/backend?"
    assert (1, error, "unknown", False, True) == (
        done.status,
        first["error"],
        first["verdict"],
        first["passed"],
        second["passed"],
    )


def test_junit_tells_errors_from_failures(shop: Shell) -> None:
    shop.write("shop/a.netpol-test.yaml", assertions(LOST, OPEN, CLOSED.replace("closed", "<&>")))
    suite = ET.fromstring(shop.run("test", "-f", "junit").out).find("testsuite")  # noqa: S314 -- our own
    assert suite is not None
    outcomes = [(case.get("name"), [child.tag for child in case]) for case in suite]
    expected = [("lost", ["error"]), ("open", ["failure"]), ("<&>", [])]
    assert (expected, "3", "1", "1") == (outcomes, suite.get("tests"), suite.get("failures"), suite.get("errors"))


def test_an_unknown_verdict_fails_either_way_and_says_why(shop: Shell) -> None:
    shop.write("shop/deny.yaml", REJECTED)
    shop.write("shop/a.netpol-test.yaml", assertions(OPEN, CLOSED))
    done = shop.run("test")
    reason = "  Unknown because:\n    the API server rejects this policy\n"
    assert (1, 2) == (done.status, done.out.count(reason))


def test_a_rejected_policy_is_reported(shop: Shell) -> None:
    shop.write("shop/deny.yaml", REJECTED)
    shop.write("shop/a.netpol-test.yaml", assertions(CLOSED))
    assert "shop/deny.yaml:5:43: warning: NetworkPolicy shop/odd: the API server rejects it: " in shop.run("test").err


def test_an_unreadable_manifest_is_reported(shop: Shell) -> None:
    shop.write("shop/bad.yaml", "kind: NetworkPolicy\nspec: [\n")
    shop.write("shop/a.netpol-test.yaml", assertions(CLOSED))
    done = shop.run("test")
    assert (0, "shop/bad.yaml:3:1: warning: ") == (done.status, done.err[:28])


def test_a_test_file_that_is_wrong_ends_the_run(shop: Shell) -> None:
    shop.write("shop/a.netpol-test.yaml", assertions("  - {from: shop/visitor, allow: true}\n"))
    expected = "netpol-lint: error: shop/a.netpol-test.yaml:4:5: the test lacks `to`\n"
    assert (2, "", expected) == shop.run("test")


def test_manifests_that_are_not_there_end_the_run(shop: Shell) -> None:
    shop.write("shop/a.netpol-test.yaml", assertions(CLOSED, head="manifests: [., ../lost]\n"))
    expected = "shop/a.netpol-test.yaml:2:16: there is no file or directory '../lost' beside the test file"
    assert (2, "", f"netpol-lint: error: {expected}\n") == shop.run("test")


def test_manifests_are_relative_to_the_test_file(shop: Shell) -> None:
    shop.write(
        "tests/net/a.netpol-test.yaml", assertions(CLOSED, head="manifests: [../../shop/pod.yaml, ../../shop]\n")
    )
    assert (0, "1 passed, 0 failed in 1 file\n", "") == shop.run("test", "tests")


def test_a_unit_that_is_not_there_ends_the_run(shop: Shell) -> None:
    shop.write("shop/a.netpol-test.yaml", assertions(CLOSED, head="unit: overlays/prod\n"))
    expected = "shop/a.netpol-test.yaml:2:7: there is no deployment unit 'overlays/prod'; there are '.'"
    assert (2, "", f"netpol-lint: error: {expected}\n") == shop.run("test")


def test_a_directory_without_test_files_is_no_success(shop: Shell) -> None:
    expected = "netpol-lint: error: there is no *.netpol-test.yaml at or below shop\n"
    assert (2, "", expected) == shop.run("test", "shop")


def test_labels_that_no_manifest_shows_come_from_the_test_file(shop: Shell) -> None:
    ops = "spec: {podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: ops}}}]}]}\n"
    shop.write("shop/deny.yaml", DENY.partition("spec:")[0] + ops)
    shop.write("shop/other.yaml", POD.replace("shop", "tools").replace("backend", "probe"))
    case = "  - {from: tools/probe, to: shop/backend, allow: true}\n"
    shop.write("shop/a.netpol-test.yaml", assertions(case))
    shop.write("shop/b.netpol-test.yaml", assertions(case, head="namespaces: [{name: tools, labels: {team: ops}}]\n"))
    verdicts = [test["verdict"] for test in json.loads(shop.run("test", "-f", "json").out)["tests"]]
    assert ["unknown", "allowed"] == verdicts


def test_netassert_files_need_only_be_named(shop: Shell) -> None:
    resource = "k8sResource: {kind: pod, name: backend, namespace: shop}"
    host = "host: {name: 1.1.1.1}"
    test = f"- {{name: probe, type: k8s, targetPort: 80, exitCode: 1, src: {{{resource}}}, dst: {{{host}}}}}\n"
    shop.write("netassert.yaml", test)
    assert (0, "1 passed, 0 failed in 1 file\n", "") == shop.run("test", "netassert.yaml", "--manifests", "shop")


def test_verbose_lists_what_passed(shop: Shell) -> None:
    shop.write("shop/a.netpol-test.yaml", assertions(CLOSED))
    expected = "passed: closed\n  --> shop/a.netpol-test.yaml:4:5\n1 passed, 0 failed in 1 file\n"
    assert expected == shop.run("test", "-v").out


def test_results_go_into_a_file(shop: Shell) -> None:
    shop.write("shop/a.netpol-test.yaml", assertions(CLOSED))
    done = shop.run("test", "-o", "out/result.txt")
    written = (shop.directory / "out/result.txt").read_text(encoding="utf-8")
    assert (0, "", "1 passed, 0 failed in 1 file\n") == (done.status, done.out, written)


def test_names_from_files_do_not_act_on_a_terminal(shop: Shell) -> None:
    case = '  - {name: "a\\e[31mb", from: "shop/\\e[2J", to: shop/backend, allow: true}\n'
    shop.write("shop/a.netpol-test.yaml", assertions(case))
    assert "\x1b" not in shop.run("test").out
