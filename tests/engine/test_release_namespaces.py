"""The namespace of a chart's release: whoever installs the chart chooses it, and closes it."""

from __future__ import annotations

import pytest

from netpol_lint.config import Settings
from netpol_lint.engine import check_paths
from tests.render.helm.making import CHART, needs, put
from tests.trees import pod, policy

_ROOT = """
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: app, namespace: argocd}
spec:
  source: {repoURL: https://example.com/shop.git, path: app}
  destination: {server: https://kubernetes.default.svc, namespace: shop}
"""
_OWN = policy("api", selector="{matchLabels: {app: api}}")


@pytest.fixture
def chart(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """A chart whose policy isolates its only pod."""
    needs("auto")
    monkeypatch.chdir(str(tmp_path))
    put({"Chart.yaml": CHART, "templates/pod.yaml": pod("api"), "templates/policy.yaml": _OWN}, at="app")


_ADMITTING = policy("api", selector="{matchLabels: {app: api}}", rest=", ingress: [{from: [{podSelector: PEER}]}]")


def _found(*rules: str) -> list[str]:
    return [finding.message for finding in check_paths(Settings(select=rules or ("NP203",))).findings]


@pytest.mark.usefixtures("chart")
def test_a_chart_that_isolates_its_own_pods_is_not_asked_to_close_a_namespace_that_others_choose() -> None:
    assert [] == _found()


@pytest.mark.usefixtures("chart")
def test_a_chart_that_leaves_one_of_its_pods_open_is() -> None:
    put({"templates/web.yaml": pod("web")}, at="app")
    (message,) = _found()
    assert message.endswith("namespace default has 1 policy, none selects all pods for ingress")


@pytest.mark.usefixtures("chart")
def test_a_chart_whose_policies_open_all_pods_is() -> None:
    put({"templates/open.yaml": policy("open", rest=", ingress: [{}]")}, at="app")
    (message,) = _found()
    assert message.startswith("every pod of namespace default accepts traffic")


@pytest.mark.usefixtures("chart")
def test_where_somebody_says_where_the_chart_goes_the_namespace_is_judged() -> None:
    put({"root.yaml": _ROOT}, at="argocd")
    (message,) = _found()
    assert message.endswith("namespace shop has 1 policy, none selects all pods for ingress")


@pytest.mark.usefixtures("chart")
def test_a_label_that_no_pod_of_the_chart_has_is_for_clients_of_other_releases() -> None:
    put({"templates/policy.yaml": _ADMITTING.replace("PEER", '{matchLabels: {api-client: "true"}}')}, at="app")
    assert [] == _found("NP102", "NP103")
    put({"root.yaml": _ROOT}, at="argocd")
    assert 1 == len(_found("NP102", "NP103"))


@pytest.mark.usefixtures("chart")
def test_a_label_that_pods_of_the_chart_have_with_another_value_is_for_its_own_pods() -> None:
    put({"templates/policy.yaml": _ADMITTING.replace("PEER", "{matchLabels: {app: frontend}}")}, at="app")
    (message,) = _found("NP102", "NP103")
    assert message.endswith("no pod in namespace default has app=frontend")
