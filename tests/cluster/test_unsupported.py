"""Whatever a plugin is said to leave out is found in the policies that use it."""

from __future__ import annotations

import pytest

from netpol_lint.cluster.plugins import plugins
from netpol_lint.cluster.unsupported import unsupported
from netpol_lint.config import Assumptions, Settings
from netpol_lint.engine.judging import cluster_of
from netpol_lint.resources.plugins import FEATURES, POLICIES, Answer, Plugin, known
from tests.trees import inputs_of

_POLICY = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector: {}
  policyTypes: [%s]
  %s
"""
_TIER = """\
apiVersion: policy.networking.k8s.io/%s
kind: %s
metadata: {name: default}
spec: {%ssubject: {namespaces: {}}}
"""
_BLOCK = "egress: [{to: [{ipBlock: {cidr: '%s'%s}}]}]"
_USING = {
    "ingress": _POLICY % ("Ingress", "ingress: []"),
    "egress": _POLICY % ("Egress", "ingress: []"),
    "end-port": _POLICY % ("Ingress", "ingress: [{ports: [{port: 1, endPort: 9}]}]"),
    "sctp": _POLICY % ("Ingress", "ingress: [{ports: [{port: 1, protocol: SCTP}]}]"),
    "named-ports": _POLICY % ("Egress", "egress: [{ports: [{port: http}]}]"),
    "except": _POLICY % ("Egress", _BLOCK % ("10.0.0.0/8", ", except: [10.1.0.0/16, 10.2.0.0/16]")),
    "ipv6-block": _POLICY % ("Egress", _BLOCK % ("2001:db8::/32", "")),
    "admin-network-policy": _TIER % ("v1alpha1", "AdminNetworkPolicy", "priority: 1, "),
    "baseline-admin-network-policy": _TIER % ("v1alpha1", "BaselineAdminNetworkPolicy", ""),
    "cluster-network-policy": _TIER % ("v1alpha2", "ClusterNetworkPolicy", "tier: Admin, priority: 1, "),
}


def _found(text: str, *lacking: str, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    cells = {feature: Answer("no") for feature in lacking}
    plugin = Plugin("calico", "A plugin", (), (), (), (), {POLICIES: Answer("yes"), **cells})
    monkeypatch.setattr("netpol_lint.cluster.plugins.known", lambda: {"calico": plugin})
    (unit,) = inputs_of(f"--- # file: a.yaml\n{text}").units
    cluster = cluster_of(unit, Settings(assume=Assumptions(plugin="calico")))
    assert (plugin,) == plugins(cluster)
    return [use.feature for use in unsupported(cluster)]


@pytest.mark.parametrize("feature", [feature for feature in FEATURES if feature != POLICIES])
def test_what_a_plugin_lacks_is_found_once_where_it_is_used_and_nowhere_else(
    feature: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = [name for name in _USING if name not in (feature, "ingress", "egress")]
    found = _found(_USING[feature], feature, monkeypatch=monkeypatch)
    assert ([feature], []) == (found, _found(_USING[feature], *others, monkeypatch=monkeypatch))


def test_of_a_direction_that_a_plugin_lacks_nothing_more_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    text = _POLICY % ("Ingress, Egress", f"ingress: [{{ports: [{{port: http}}]}}]\n  {_BLOCK % ('2001:db8::/32', '')}")
    assert ["named-ports", "egress"] == _found(text, "egress", "named-ports", "ipv6-block", monkeypatch=monkeypatch)


def test_rules_for_a_direction_that_is_not_isolated_use_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    text = _POLICY % ("Ingress", "egress: [{ports: [{port: http}]}]")
    assert [] == _found(text, "egress", "named-ports", monkeypatch=monkeypatch)


@pytest.mark.parametrize("name", known())
def test_every_answer_that_is_no_is_about_something_that_is_looked_for(name: str) -> None:
    lacking = {feature for feature, answer in known()[name].cells.items() if answer.word == "no"}
    assert set() == lacking - {POLICIES, *_USING}
