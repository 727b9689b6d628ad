"""Fields the schema does not have: dropped, with what that does and the field probably meant; keys given twice."""

from __future__ import annotations

import pytest

from netpol_lint.resources.defects import DefectKind
from netpol_lint.resources.policy import NetworkPolicy, RejectedPolicy
from tests.resources.decoding import HEAD, decoded, shown, spec, text_at


@pytest.mark.parametrize(
    ("text", "pointer", "meant", "effect"),
    [
        ("{policyType: [Egress]}", "policyType", "policyTypes", "isolates ingress by default"),
        ("{podselector: {}}", "podselector", "podSelector", "selects every pod of its namespace"),
        ("{selector: {}}", "selector", "podSelector", "selects every pod of its namespace"),
        ("{Ingress: [{}]}", "Ingress", "ingress", "no ingress rules and admits none"),
        ("{egres: [{}]}", "egres", "egress", "no egress rules and does not restrict egress"),
        ("{policyTypes: [Egress], egres: [{}]}", "egres", "egress", "no egress rules and admits none"),
        ("{from: []}", "from", "", "it belongs in a rule"),
        ("{podSelector: {app: web}}", "podSelector/app", "", "selects every pod of its namespace"),
        ("{podSelector: {matchlabels: {}}}", "podSelector/matchlabels", "matchLabels", "selects every pod"),
        ("{ingress: [{to: [{podSelector: {}}]}]}", "ingress/0/to", "from", "admits every source on every port"),
        ("{egress: [{from: []}]}", "egress/0/from", "to", "admits every destination on every port"),
        ("{ingress: [{from: [{podSelector: {}}], port: 80}]}", "ingress/0/port", "ports", "admits every port"),
        ("{ingress: [{ports: [{port: 80}], form: []}]}", "ingress/0/form", "from", "admits every source on its ports"),
        ("{ingress: [{podSelector: {}}]}", "ingress/0/podSelector", "", "belongs in an entry of `from`"),
        (
            "{ingress: [{from: [{podSelector: {}, ports: []}]}]}",
            "ingress/0/from/0/ports",
            "",
            "beside its peers), so it is dropped: the rule then admits its peers on every port",
        ),
        (
            "{ingress: [{from: [{podSelector: {}, namespaceselector: {}}]}]}",
            "ingress/0/from/0/namespaceselector",
            "namespaceSelector",
            "pods of the policy's own namespace",
        ),
        (
            "{ingress: [{from: [{namespaceSelector: {name: web}}]}]}",
            "ingress/0/from/0/namespaceSelector/name",
            "",
            "the peer then means every namespace",
        ),
        (
            "{ingress: [{from: [{namespaceSelector: {}, podSelector: {app: a}}]}]}",
            "ingress/0/from/0/podSelector/app",
            "",
            "every pod of those namespaces",
        ),
        ("{ingress: [{ports: [{port: 80, endport: 90}]}]}", "ingress/0/ports/0/endport", "endPort", "port 80 alone"),
        ("{ingress: [{ports: [{number: 80}]}]}", "ingress/0/ports/0/number", "port", "every TCP port"),
        ("{ingress: [{ports: [{port: 53, proto: UDP}]}]}", "ingress/0/ports/0/proto", "protocol", "means TCP"),
        (
            "{ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, excepts: [10.1.0.0/16]}}]}]}",
            "ingress/0/from/0/ipBlock/excepts",
            "except",
            "the exceptions are then admitted too",
        ),
    ],
)
def test_an_unknown_field_is_dropped_and_its_effect_said(text: str, pointer: str, meant: str, effect: str) -> None:
    result = spec(text)
    (policy,) = result.objects
    (defect,) = result.defects
    assert isinstance(policy, NetworkPolicy)
    assert (DefectKind.UNKNOWN_FIELD, f"/spec/{pointer}", meant) == (defect.kind, defect.at.pointer, defect.suggestion)
    assert effect in defect.reason
    assert pointer.rpartition("/")[2] == text_at(f"{HEAD}spec: {text}\n", defect.at)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("{ingress: [{from: [{podselector: {}}]}]}", "podSelector"),
        ("{ingress: [{from: [{matchLabels: {a: b}}]}]}", ""),
        ("{ingress: [{from: [{ipBlock: {cidrs: 10.0.0.0/8}}]}]}", "cidr"),
        ("{ingress: [{ports: [{ports: 80, endPort: 90}]}]}", "port"),
        ("{podSelector: {matchExpressions: [{key: a, operator: In, value: [b]}]}}", "values"),
        ("{podSelector: {matchExpressions: [{key: a, op: Exists}]}}", "operator"),
        ("{podSelector: {matchExpressions: [{Key: a, operator: Exists}]}}", "key"),
    ],
)
def test_an_unknown_field_that_empties_its_place_is_one_defect_of_a_rejected_policy(text: str, meant: str) -> None:
    result = spec(text)
    (policy,) = result.objects
    assert isinstance(policy, RejectedPolicy)
    assert [(DefectKind.UNKNOWN_FIELD, meant)] == [(defect.kind, defect.suggestion) for defect in result.defects]


@pytest.mark.parametrize(
    ("text", "pointer", "meant", "words"),
    [
        ("status: {}", "/status", "", "nothing is lost"),
        ("podSelector: {}", "/podSelector", "", "it belongs under `spec`"),
        ("Spec: {}", "/Spec", "spec", "selects every pod of its namespace and admits no ingress"),
    ],
)
def test_an_unknown_field_beside_spec(text: str, pointer: str, meant: str, words: str) -> None:
    (defect,) = decoded(f"{HEAD}{text}\n").defects
    assert (DefectKind.UNKNOWN_FIELD, pointer, meant) == (defect.kind, defect.at.pointer, defect.suggestion)
    assert words in defect.reason


@pytest.mark.parametrize(
    ("metadata", "meant"), [("{name: p, lables: {}}", "labels"), ("{name: p, nameSpace: a}", "namespace")]
)
def test_an_unknown_field_of_metadata(metadata: str, meant: str) -> None:
    (defect,) = decoded(f"apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {metadata}\n").defects
    assert (DefectKind.UNKNOWN_FIELD, meant) == (defect.kind, defect.suggestion)


def test_a_field_that_is_there_is_never_suggested() -> None:
    (defect,) = spec("{policyTypes: [Ingress], policyType: [Egress]}").defects
    assert "" == defect.suggestion


@pytest.mark.parametrize("kind", ["Deployment", "Pod", "Service", "Namespace", "CiliumNetworkPolicy"])
def test_workloads_and_other_kinds_have_no_unknown_fields(kind: str) -> None:
    version = {"Deployment": "apps/v1", "CiliumNetworkPolicy": "cilium.io/v2"}.get(kind, "v1")
    result = decoded(f"apiVersion: {version}\nkind: {kind}\nmetadata: {{name: x, labels: {{a: 1}}}}\nspecs: {{}}\n")
    assert () == result.defects


@pytest.mark.parametrize(
    ("version", "kind"),
    [
        ("networking.k8s.io/v1", "NetworkPolicy"),
        ("apps/v1", "Deployment"),
        ("v1", "Service"),
        ("cilium.io/v2", "CiliumNetworkPolicy"),
    ],
)
def test_a_key_given_twice_is_found_in_every_kind_with_both_places(version: str, kind: str) -> None:
    text = f"apiVersion: {version}\nkind: {kind}\nmetadata:\n  name: x\n  labels:\n    a: b\n    a: c\n"
    (defect,) = decoded(text).defects
    ((_, first),) = defect.related
    assert (DefectKind.DUPLICATE_KEY, 7, 6) == (defect.kind, defect.at.span.line, first.span.line)
    assert "`a` is given twice" in defect.reason


def test_of_a_rule_list_given_twice_the_last_counts() -> None:
    result = decoded(f"{HEAD}spec:\n  ingress: []\n  ingress: [{{}}]\n")
    (policy,) = result.objects
    assert isinstance(policy, NetworkPolicy)
    assert 1 == len(policy.ingress.rules)
    assert [DefectKind.DUPLICATE_KEY] == [defect.kind for defect in result.defects]


def test_one_key_in_two_spellings_is_given_twice() -> None:
    (defect,) = decoded("apiVersion: v1\nkind: Pod\nmetadata: {name: x, annotations: {yes: a, true: b}}\n").defects
    assert DefectKind.DUPLICATE_KEY is defect.kind


def test_defects_stand_in_the_order_of_the_text() -> None:
    text = "{ingress: [{ports: [{port: 0}], from: [{}], x-y: 1}], podSelector: {matchLabels: {a b: c}}, zzz: 1}"
    columns = [shown_column for defect in spec(text).defects for shown_column in (defect.at.span.column,)]
    assert sorted(columns) == columns
    assert 5 == len(columns)
    assert DefectKind.INVALID is shown(spec(text).defects[0])[0]
