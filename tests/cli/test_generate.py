"""`netpol-lint generate`: policies for what is asked for, and questions that have no answer."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.running import DENY, POD, Shell

_SHOP = (Path(__file__).parents[2] / "examples/shop/shop.yaml").read_text(encoding="utf-8")
_DEMO = Path(__file__).parents[3] / "shared/corpus/microservices-demo"


def _policies(text: str) -> list[str]:
    return [line.removeprefix("  name: ") for line in text.splitlines() if line.startswith("  name: ")]


def test_a_namespace_gets_a_default_deny_dns_and_a_policy_for_each_workload(shell: Shell) -> None:
    shell.write("shop.yaml", _SHOP)
    run = shell.run("generate")
    assert (0, ["default-deny", "allow-dns", "orders", "web"]) == (run.status, _policies(run.out))


def test_the_policies_pass_the_linter(shell: Shell) -> None:
    shell.write("shop.yaml", _SHOP)
    shell.run("generate", "-o", "policies.yaml")
    run = shell.run("check", "-f", "json")
    assert (0, []) == (run.status, json.loads(run.out)["findings"])


def test_one_workload_gets_its_policy_alone(shell: Shell) -> None:
    shell.write("shop.yaml", _SHOP)
    run = shell.run("generate", "--for", "shop/orders")
    assert (0, ["orders"]) == (run.status, _policies(run.out))


def test_what_is_isolated_already_is_left_alone(shell: Shell) -> None:
    shell.write("shop.yaml", _SHOP)
    shell.write("deny.yaml", DENY)
    run = shell.run("generate", "--missing-only")
    assert (0, "") == (run.status, run.out)


def test_a_policy_takes_no_name_that_another_has(shell: Shell) -> None:
    shell.write("shop.yaml", _SHOP)
    shell.write("deny.yaml", DENY)
    run = shell.run("generate")
    assert ["default-deny-generated", "allow-dns", "orders", "web"] == _policies(run.out)


def test_a_workload_that_does_not_exist_is_an_error(shell: Shell) -> None:
    shell.write("shop.yaml", _SHOP)
    run = shell.run("generate", "--for", "shop/nobody")
    assert (2, "netpol-lint: error: there is no workload 'shop/nobody': --for takes namespace/name\n") == (
        run.status,
        run.err,
    )


def test_pods_that_no_policy_can_select_are_left_to_a_person(shell: Shell) -> None:
    shell.write("pod.yaml", POD.replace(", labels: {app: backend}", ""))
    run = shell.run("generate")
    assert ["default-deny", "allow-dns"] == _policies(run.out)


def test_cilium_policies_name_entities(shell: Shell) -> None:
    shell.write("shop.yaml", _SHOP)
    run = shell.run("generate", "--dialect", "cnp")
    assert (0, 4, True) == (
        run.status,
        run.out.count("kind: CiliumNetworkPolicy"),
        "fromEntities:\n        - all" in run.out,
    )


@pytest.mark.skipif(not _DEMO.is_dir(), reason="the corpora are not here")
def test_generated_policies_open_nothing_that_those_written_by_hand_do_not(shell: Shell) -> None:
    manifests = (_DEMO / "release/kubernetes-manifests.yaml").read_text(encoding="utf-8")
    shell.write("generated/all.yaml", manifests)
    shell.write("by-hand/all.yaml", manifests)
    for policy in sorted((_DEMO / "kustomize/components/network-policies").glob("network-policy-*.yaml")):
        shell.write(f"by-hand/{policy.name}", policy.read_text(encoding="utf-8"))
    shell.run("generate", "generated", "-o", "generated/policies.yaml")
    difference = json.loads(shell.run("diff", "by-hand", "generated", "-f", "json").out)
    needs = {tree: _verdicts(shell, tree) for tree in ("generated", "by-hand")}
    assert ([], {"generated": {"open"}, "by-hand": {"open"}}) == (difference["opened"], needs)


def _verdicts(shell: Shell, tree: str) -> set[str]:
    units = json.loads(shell.run("map", "--needs", "-f", "json", tree).out)["units"]
    return {need["verdict"] for unit in units for need in unit["needs"]}
