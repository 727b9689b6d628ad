"""Labels of an application in a peer for cluster DNS: which of them its pods certainly do not carry."""

from __future__ import annotations

import pytest

from netpol_lint.config import Settings
from netpol_lint.engine.judging import cluster_of
from netpol_lint.needs.dns_pods import foreign_labels
from tests.trees import inputs_of, pod

_POLICY = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: %s, namespace: shop, labels: {%s}}
spec:
  podSelector: {}
  policyTypes: [Egress]
  egress: [{to: [{namespaceSelector: %s, podSelector: {%s}}]}]
"""
_POD = pod("web", "shop", "app: web, team: a, app.kubernetes.io/managed-by: Helm")
_DNS = "matchLabels: {k8s-app: kube-dns, %s}"


def _policy(asked: str, labels: str = "app: web, team: a, app.kubernetes.io/managed-by: Helm", peer: str = "") -> str:
    return _POLICY % ("dns" + str(len(asked)), labels, "{}", peer or _DNS % asked)


@pytest.mark.parametrize(
    ("objects", "expected"),
    [
        ([_POD, _policy("app: web")], ["app=web"]),
        ([_POD, _policy("app: web, team: a")], ["app=web", "team=a"]),
        ([_POD, _policy("app: api")], []),
        ([_POD, _policy("app: web", labels="team: a")], []),
        ([_POD, _policy("app: other", labels="app: other")], []),
        ([_POD, _policy("app.kubernetes.io/managed-by: Helm")], []),
        ([_POD, _policy("app: web"), _policy("app: coredns")], []),
        (
            [
                _POD,
                _policy("app: web"),
                _policy("", peer=_DNS % "" + ", matchExpressions: [{key: app, operator: Exists}]"),
            ],
            [],
        ),
        ([_POD, _policy("", peer="matchLabels: {app: web}")], []),
        ([_POD, _policy("app: web"), pod("c", "kube-system", "k8s-app: kube-dns, app: web")], []),
        ([pod("dns", "shop", "app: my-dns"), _policy("app: my-dns", labels="app: my-dns")], []),
    ],
)
def test_a_label_is_the_applications_own_if_policy_and_pods_carry_it_and_no_peer_means_another(
    objects: list[str], expected: list[str]
) -> None:
    (unit,) = inputs_of("--- # file: a.yaml\n" + "---\n".join(objects)).units
    found = foreign_labels(cluster_of(unit, Settings()))
    assert expected == [f"{label.key}={label.value}" for label in found]
