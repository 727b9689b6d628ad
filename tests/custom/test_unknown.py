"""What is not known: a rule that asks for it is silent, whichever way it asks."""

from __future__ import annotations

from pathlib import Path

import pytest

from netpol_lint.config import Settings
from netpol_lint.custom.unknown import readings
from netpol_lint.engine import check_texts
from tests.custom.pages import POD, page, rules_in

pytest.importorskip("cel")

NAMESPACE = "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n"
DENY = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: deny, namespace: shop}
spec: {podSelector: {}}
"""
REJECTED = DENY.replace("spec: {podSelector: {}}", "spec: {podSelector: {}, ingress: [{ports: [{port: 0}]}]}")
OF_CILIUM = """\
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: deny, namespace: shop}
spec: {endpointSelector: {}, ingress: [{}]}
"""
OF_THE_TIER = """\
apiVersion: policy.networking.k8s.io/v1alpha1
kind: AdminNetworkPolicy
metadata: {name: deny}
spec:
  priority: 10
  subject: {namespaces: {}}
  ingress: [{action: Deny, from: [{namespaces: {}}]}]
"""
OF_SOME_PODS = DENY.replace("podSelector: {}", "podSelector: {matchLabels: {app: db}}")
BY_RUN_TIME_LABEL = DENY.replace("podSelector: {}", "podSelector: {matchLabels: {pod-template-hash: a}}")
ON_HOST = POD.replace("spec: {", "spec: {hostNetwork: true, ")
REMOTE = {
    "kustomization.yaml": "resources: [all.yaml, 'https://github.com/example/base//policies?ref=v1']\n",
}


def _verdict(directory: Path, what: str, fact: str, *texts: str, **more: str) -> str:
    """`yes`, `no`, or `unknown` if neither the fact nor its contrary is found."""
    rules = rules_in(directory, page(fact, what=what), page(f"!{fact}", what=what, rule="ACME002"))
    files = {"all.yaml": "---\n".join(texts), **more}
    settings = Settings(custom_rules=(rules,), select=("ACME",))
    report = check_texts({path: text.encode() for path, text in files.items()}, settings)
    return {("ACME001",): "yes", ("ACME002",): "no", (): "unknown"}[tuple(f.rule for f in report.findings)]


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ((POD, DENY), "yes"),
        ((POD,), "no"),
        ((POD, OF_SOME_PODS), "no"),
        ((ON_HOST, DENY), "no"),
        ((ON_HOST, OF_CILIUM), "no"),
        ((POD, REJECTED), "unknown"),
        ((POD, OF_CILIUM), "unknown"),
        ((POD, OF_CILIUM, DENY), "yes"),
        ((POD, BY_RUN_TIME_LABEL), "unknown"),
    ],
)
def test_whether_a_pod_is_isolated(tmp_path: Path, texts: tuple[str, ...], expected: str) -> None:
    assert expected == _verdict(tmp_path, "workload", "workload.isolated.ingress", *texts)


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ((NAMESPACE, DENY), "yes"),
        ((NAMESPACE,), "no"),
        ((NAMESPACE, OF_SOME_PODS), "no"),
        ((NAMESPACE, DENY.replace("podSelector: {}", "podSelector: {}, ingress: [{}]")), "no"),
        ((NAMESPACE, REJECTED), "unknown"),
        ((NAMESPACE, OF_CILIUM), "unknown"),
        ((NAMESPACE, OF_THE_TIER), "unknown"),
        ((NAMESPACE, OF_CILIUM, DENY), "yes"),
    ],
)
def test_whether_a_namespace_denies_by_default(tmp_path: Path, texts: tuple[str, ...], expected: str) -> None:
    assert expected == _verdict(tmp_path, "namespace", "ns.defaultDeny.ingress", *texts)


def test_what_a_remote_base_may_add_is_not_known(tmp_path: Path) -> None:
    facts = (
        ("workload", "workload.isolated.ingress"),
        ("namespace", "ns.defaultDeny.ingress"),
        ("unit", "unit.complete"),
    )
    verdicts = [_verdict(tmp_path, *fact, NAMESPACE, POD, **REMOTE) for fact in facts]
    assert ["unknown", "unknown", "no"] == verdicts


@pytest.mark.parametrize(("pod", "expected"), [(POD, "yes"), (ON_HOST, "no")])
def test_a_policy_selects_what_it_applies_to(tmp_path: Path, pod: str, expected: str) -> None:
    assert expected == _verdict(tmp_path, "policy", "(policy.selects.size() == 1)", DENY, pod)


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ((NAMESPACE, OF_CILIUM), "yes"),
        ((NAMESPACE, REJECTED), "yes"),
        ((NAMESPACE, DENY), "no"),
        ((NAMESPACE, OF_CILIUM.replace("shop", "other")), "no"),
    ],
)
def test_policies_of_which_there_are_no_facts_are_named(tmp_path: Path, texts: tuple[str, ...], expected: str) -> None:
    assert expected == _verdict(tmp_path, "namespace", "(ns.otherPolicies.size() == 1)", *texts)


def test_the_other_direction_stays_known(tmp_path: Path) -> None:
    rejected = REJECTED.replace("podSelector: {}", "policyTypes: [Ingress], podSelector: {}")
    assert "no" == _verdict(tmp_path, "workload", "workload.isolated.egress", POD, rejected)


def test_a_rule_fires_that_holds_whatever_the_answer(tmp_path: Path) -> None:
    either = "(workload.isolated.ingress || !workload.isolated.ingress)"
    assert "yes" == _verdict(tmp_path, "workload", either, POD, OF_CILIUM)


def test_a_message_says_that_it_is_not_known(tmp_path: Path) -> None:
    message = "ingress: {workload.isolated.ingress}, egress: {workload.isolated.egress}"
    rules = rules_in(tmp_path, page("workload.name == 'web'", what="workload", message=message))
    rejected = REJECTED.replace("podSelector: {}", "policyTypes: [Ingress], podSelector: {}")
    texts = {"a.yaml": f"{POD}---\n{rejected}".encode()}
    report = check_texts(texts, Settings(custom_rules=(rules,), select=("ACME",)))
    assert ["ingress: unknown, egress: false"] == [finding.message for finding in report.findings]


def test_readings_are_the_variables_themselves_where_all_is_known() -> None:
    variables = {"workload": {"isolated": {"ingress": True, "egress": False}, "labels": {"a": "unknown"}}}
    assert [variables] == list(readings(variables))


def test_readings_are_every_answer_to_what_is_not() -> None:
    variables = {"ns": {"name": "shop", "defaultDeny": {"ingress": "unknown", "egress": "unknown"}}}
    answers = [reading["ns"]["defaultDeny"] for reading in readings(variables)]
    expected = [{"ingress": i, "egress": e} for i in (False, True) for e in (False, True)]
    assert (expected, "unknown") == (answers, variables["ns"]["defaultDeny"]["egress"])  # type: ignore[index]
