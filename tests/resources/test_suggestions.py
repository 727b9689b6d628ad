"""A defect says what text to replace where replacing it is all it takes."""

from __future__ import annotations

import pytest

from tests.resources.decoding import decoded, spec


@pytest.mark.parametrize(
    ("text", "written", "meant"),
    [
        ("{podselector: {matchLabels: {app: web}}}", "podselector", "podSelector"),
        ("{Ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}]}]}", "Ingress", "ingress"),
        ("{egress: [{ports: [{number: 80}]}]}", "number", "port"),
        ("{podSelector: {matchExpressions: [{key: a, operator: In, value: [b]}]}}", "value", "values"),
        ("{podSelector: {matchLabels: {app: 1}}}", "1", '"1"'),
        ("{podSelector: {matchExpressions: [{key: a, operator: '=', values: [b]}]}}", "=", "In"),
        ("{ingress: [{ports: [{port: '80'}]}]}", "80", "80"),
        ("{ingress: [{from: [{ipBlock: {cidr: 10.0.0.1/8}}]}]}", "10.0.0.1/8", "10.0.0.0/8"),
    ],
)
def test_the_text_to_replace_and_what_replaces_it(text: str, written: str, meant: str) -> None:
    (defect,) = spec(text).defects
    assert (written, meant) == (defect.written, defect.suggestion)


@pytest.mark.parametrize(
    "text",
    [
        "{selector: {app: web}}",
        "{policyType: Ingress}",
        "{rules: []}",
        "{Ingress: [{to: [{podSelector: {}}]}]}",
        "{Ingress: [web]}",
        "{Ingress: {}}",
        "{podSelector: {labels: {app: [web]}}}",
        "{podSelector: {matchExpressions: [{key: a, operator: In, value: b}]}}",
        "{podSelector: {matchExpressions: [{Key: , operator: Exists}]}}",
        "{ingress: [{from: [{namespace: shop}]}]}",
        "{ingress: [{ports: [{protocol: 6}]}]}",
        "{ingress: [{ports: [{port: '080'}]}]}",
        "{ingress: [{ports: [{port: '99999'}]}]}",
        "{ingress: [{ports: [{protocol: ICMP}]}]}",
    ],
)
def test_nothing_is_replaced_where_it_takes_more_than_that(text: str) -> None:
    assert {""} == {defect.written for defect in spec(text).defects}


def test_an_api_version_may_be_replaced() -> None:
    (defect,) = decoded("apiVersion: extensions/v1beta1\nkind: NetworkPolicy\nmetadata: {name: p}\n").defects
    assert ("extensions/v1beta1", "networking.k8s.io/v1") == (defect.written, defect.suggestion)
