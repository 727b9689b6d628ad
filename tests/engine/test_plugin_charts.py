"""A network plugin in a chart that is not rendered is known by the chart's name, unless values switch it off."""

from __future__ import annotations

import pytest

from netpol_lint.resources.plugins import ANOTHER
from tests.trees import found, inputs_of

_CHART = """\
--- # file: network/Chart.yaml
apiVersion: v2
name: %s
version: 1.0.0
dependencies:
  - {name: %s, version: 1.17.0, repository: "https://charts.example.com"%s}
--- # file: network/values.yaml
%s
--- # file: network/templates/notes.yaml
apiVersion: v1
kind: ConfigMap
metadata: {name: notes, namespace: kube-system}
data: {url: "https://example.com"}
"""
_KUSTOMIZATION = """\
--- # file: network/kustomization.yaml
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
helmCharts:
  - {name: %s, repo: "https://charts.example.com", version: 1.17.0, releaseName: network%s}
"""
_SHOP = """\
--- # file: shop/policy.yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec: {podSelector: {}, ingress: [{ports: [{port: http}]}]}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec: {containers: [{name: web, image: example.com/web}]}
"""


def _plugins(tree: str) -> list[tuple[str, int]]:
    signs = [sign for unit in inputs_of(tree).units for file in unit.files for sign in file.signs]
    return [(sign.plugin, sign.at.span.line) for sign in dict.fromkeys(signs)]


@pytest.mark.parametrize(
    ("chart", "dependency", "more", "values", "expected"),
    [
        ("network", "cilium", "", "a: 1", [("cilium", 5)]),
        ("network", "cilium", ", condition: cilium.enabled", "cilium: {enabled: false}", []),
        ("network", "cilium", ", condition: cilium.enabled", "cilium: {enabled: true}", [("cilium", 5)]),
        ("network", "cilium", ", alias: cni", "cni: {policyEnforcementMode: never}", [(ANOTHER, 5)]),
        ("network", "cilium", ", alias: cni", "cilium: {policyEnforcementMode: never}", [("cilium", 5)]),
        (
            "network",
            "aws-vpc-cni",
            "",
            "aws-vpc-cni: {enableNetworkPolicy: 'true'}",
            [("aws-vpc-cni-network-policy", 5)],
        ),
        ("antrea", "common", "", "a: 1", [("antrea", 2)]),
        ("cilium-dashboards", "common", "", "a: 1", []),
    ],
)
def test_a_chart_says_what_it_is_and_takes_in(
    chart: str, dependency: str, more: str, values: str, expected: list[tuple[str, int]]
) -> None:
    assert expected == _plugins(_CHART % (chart, dependency, more, values))


@pytest.mark.parametrize(
    ("chart", "more", "expected"),
    [
        ("weave-net", "", [("weave-net", 4)]),
        ("flannel", ", valuesInline: {netpol: {enabled: true}}", [(ANOTHER, 4)]),
        ("flannel", ", valuesFile: flannel.yaml", [(ANOTHER, 4)]),
        ("podinfo", "", []),
    ],
)
def test_a_kustomization_says_which_charts_it_has(chart: str, more: str, expected: list[tuple[str, int]]) -> None:
    assert expected == _plugins(_KUSTOMIZATION % (chart, more))


@pytest.mark.parametrize(
    ("tree", "expected"),
    [
        (_CHART % ("network", "weave-net", "", "a: 1") + _SHOP, [("NP702", "shop/policy.yaml", 4)]),
        (_KUSTOMIZATION % ("weave-net", "") + _SHOP, [("NP702", "shop/policy.yaml", 4)]),
        (_CHART % ("network", "flannel", "", "a: 1") + _SHOP, []),
    ],
)
def test_a_chart_that_is_not_rendered_shows_what_it_leaves_out_and_never_that_nothing_enforces(
    tree: str, expected: list[tuple[str, str, int]]
) -> None:
    assert expected == found(tree, "NP701", "NP702")
