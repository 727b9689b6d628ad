"""What the pages cannot show of the isolation rules: the object of a finding, and the places beside it."""

from __future__ import annotations

from collections.abc import Mapping

from netpol_lint.config import Settings
from netpol_lint.findings import Finding
from netpol_lint.resources.metadata import ObjectRef
from tests.running import CATALOG, problems_in

POD = """\
apiVersion: v1
kind: Pod
metadata: {{name: {name}, namespace: shop, labels: {{app: {name}, tier: front}}}}
spec: {{containers: [{{name: app, image: example.com/app}}]}}
"""
POLICY = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: {name}, namespace: shop}}
spec:
  podSelector: {{{selector}}}
  ingress: [{rule}]
"""
NAMESPACE = "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n"


def found(rule: str, texts: Mapping[str, str]) -> Finding:
    [finding] = problems_in(CATALOG.find(rule), texts, Settings())
    return finding


def policy(name: str, selector: str = "", rule: str = "") -> str:
    return POLICY.format(name=name, selector=selector, rule=rule)


def pod(name: str) -> str:
    return POD.format(name=name)


def test_a_missing_default_deny_is_about_the_namespace_also_without_a_manifest() -> None:
    texts = {"pod.yaml": pod("web")}
    assert ObjectRef("", "Namespace", "", "shop") == found("NP203", texts).about


def test_a_missing_default_deny_stands_at_the_manifest_else_the_first_policy_else_the_first_workload() -> None:
    pods = {"b/pod.yaml": pod("web"), "a/pod.yaml": pod("api")}
    refused = policy("refused", "matchLabels: {app: api}", "{from: [{}]}")
    policies = {"d/policy.yaml": policy("web", "matchLabels: {app: web}"), "c/policy.yaml": refused}
    namespace = {"e/namespace.yaml": NAMESPACE}
    places = [found("NP203", texts).at for texts in (pods, pods | policies, pods | policies | namespace)]
    expected = [("a/pod.yaml", 3), ("c/policy.yaml", 3), ("e/namespace.yaml", 3)]
    assert expected == [(at.path, at.span.line) for at in places]


def test_every_open_pod_stands_beside_a_missing_default_deny_of_which_the_message_names_a_few() -> None:
    names = [f"pod-{number}" for number in range(1, 7)]
    finding = found("NP203", {"namespace.yaml": NAMESPACE, **{f"{name}.yaml": pod(name) for name in names}})
    assert finding.message.startswith("Pod pod-1, Pod pod-2, Pod pod-3 and 3 more accept traffic")
    assert [f"{name}.yaml" for name in names] == [related.at.path for related in finding.related]


def test_an_unselected_pod_is_about_the_pod_and_shows_the_policies_that_nearly_select_it() -> None:
    texts = {
        "pod.yaml": pod("web"),
        "near.yaml": policy("near", "matchLabels: {tier: front, stage: prod}"),
        "far.yaml": policy("far", "matchLabels: {app: api}"),
    }
    finding = found("NP201", texts)
    assert ObjectRef("", "Pod", "shop", "web") == finding.about
    expected = [("near.yaml", 5, "policy near would select it with stage=prod")]
    assert expected == [(related.at.path, related.at.span.line, related.message) for related in finding.related]


def test_a_neutralised_default_deny_is_about_the_policy_that_opens_and_shows_the_other() -> None:
    finding = found("NP206", {"deny.yaml": policy("default-deny"), "open.yaml": policy("open", rule="{}")})
    assert "open" == finding.about.name
    assert [("deny.yaml", 3)] == [(related.at.path, related.at.span.line) for related in finding.related]


def test_a_deny_that_allows_shows_what_says_that_it_denies() -> None:
    finding = found("NP207", {"deny.yaml": policy("default-deny", rule="{}")})
    assert ["says so: default-deny"] == [related.message for related in finding.related]


def test_a_rejected_policy_that_selects_all_pods_may_be_the_default_deny() -> None:
    refused = policy("refused", rule="{from: [{}]}")
    assert [] == problems_in(CATALOG.find("NP203"), {"pod.yaml": pod("web"), "policy.yaml": refused}, Settings())


def test_a_pod_that_a_file_defines_twice_is_named_once() -> None:
    finding = found("NP203", {"a.yaml": f"{pod('web')}---\n{pod('web')}"})
    assert "Pod web accepts traffic from every pod in the cluster: namespace shop has no policy" == finding.message
