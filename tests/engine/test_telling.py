"""A finding says in which of several like units it shows, and which value of a chart decides."""

from __future__ import annotations

import pytest

from netpol_lint.config import Settings
from netpol_lint.engine import check_paths, check_texts
from netpol_lint.findings import Finding
from netpol_lint.render.helm import available
from netpol_lint.report import closing_line
from tests.render.helm.making import CHART, needs, put
from tests.trees import pod, policy, texts_of

_SELECTING = policy("api", selector="{matchLabels: {app: api}}")
_TEMPLATE = """
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: p, namespace: shop}
spec:
  podSelector:
    matchLabels:
      app: {{ .Values.net.app }}
"""


def _messages(tree: str, rule: str) -> list[str]:
    return [finding.message for finding in check_texts(texts_of(tree), Settings(select=(rule,))).findings]


def _overlays(*others: str) -> str:
    base = f"--- # file: base/kustomization.yaml\nresources: [all.yaml]\n--- # file: base/all.yaml\n{_SELECTING}"
    dev = f"--- # file: dev/kustomization.yaml\nresources: [../base, api.yaml]\n--- # file: dev/api.yaml\n{pod('api')}"
    prod = (
        f"--- # file: prod/kustomization.yaml\nresources: [../base, web.yaml]\n--- # file: prod/web.yaml\n{pod('web')}"
    )
    return "".join((base, dev, prod, *others))


def test_a_policy_that_is_right_in_one_overlay_and_wrong_in_another_says_so() -> None:
    (message,) = _messages(_overlays(), "NP101")
    assert message.endswith(" (in prod, not in dev)")


def test_a_policy_that_is_wrong_wherever_it_is_says_nothing_of_units() -> None:
    (message,) = _messages(_overlays().replace("{matchLabels: {app: api}}", "{matchLabels: {tier: x}}"), "NP101")
    assert " (in " not in message


def test_a_unit_without_the_policy_is_not_one_where_it_is_right() -> None:
    more = f"--- # file: test/kustomization.yaml\nresources: [own.yaml]\n--- # file: test/own.yaml\n{pod('own')}"
    (message,) = _messages(_overlays(more), "NP101")
    assert message.endswith(" (in prod, not in dev)")


def test_a_unit_of_which_not_all_is_known_is_not_one_where_it_is_right() -> None:
    tree = _overlays().replace("[../base, api.yaml]", "[../base, api.yaml, 'https://example.com/more.yaml']")
    (message,) = _messages(tree, "NP101")
    assert " (in " not in message


def test_another_mistake_at_the_same_place_is_not_right() -> None:
    """The near miss is another rule's."""
    tree = _overlays().replace(pod("api"), pod("apis"))
    (message,) = _messages(tree, "NP101")
    assert " (in " not in message


@pytest.fixture
def chart(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """A chart with a policy, and two sets of values."""
    needs("auto")
    monkeypatch.chdir(str(tmp_path))
    put(
        {
            "Chart.yaml": CHART,
            "values.yaml": "who: web\nnet:\n  app: db\n",
            "values-prod.yaml": "# production\nnet: {app: web}\n",
            "templates/pod.yaml": pod("web", "shop"),
            "templates/policy.yaml": _TEMPLATE,
        },
        at="app",
    )


@pytest.mark.usefixtures("chart")
def test_a_peer_for_pods_that_values_switch_off_is_no_mistake() -> None:
    peer = _TEMPLATE.replace(
        "{{ .Values.net.app }}", "web\n  ingress: [{from: [{podSelector: {matchLabels: {app: cache}}}]}]"
    )
    put({"templates/policy.yaml": _TEMPLATE.replace("{{ .Values.net.app }}", peer)}, at="app")
    (before,) = check_paths(Settings(select=("NP102",))).findings
    deployment = "kind: Deployment\nmetadata: {name: cache}\nspec: {template: {metadata: {labels: {app: cache}}}}"
    put({"templates/cache.yaml": f"{{{{ if .Values.cache }}}}\n{deployment}\n{{{{ end }}}}\n"}, at="app")
    assert ("app/templates/policy.yaml", ()) == (before.at.path, check_paths(Settings(select=("NP102",))).findings)


def _finding(rule: str) -> Finding:
    (finding,) = check_paths(Settings(select=(rule,))).findings
    return finding


@pytest.mark.usefixtures("chart")
def test_the_key_of_the_values_that_decides_is_a_related_place() -> None:
    finding = _finding("NP101")
    places = [(place.message, f"{place.at.path}:{place.at.span.line}") for place in finding.related]
    assert ("decided by the values key net.app", "app/values.yaml:3") in places


@pytest.mark.usefixtures("chart")
def test_a_policy_that_is_right_with_some_values_only_says_so() -> None:
    assert _finding("NP101").message.endswith(" (in app, not in app (values-prod.yaml))")


def test_the_same_words_about_a_namespace_are_said_once_for_units_of_one_base() -> None:
    base = f"--- # file: base/kustomization.yaml\nresources: [all.yaml]\n--- # file: base/all.yaml\n{pod('api')}"
    dev, prod = (f"--- # file: {name}/kustomization.yaml\nnamespace: NS\nresources: [../base]\n" for name in ("a", "b"))
    space = "--- # file: base/space.yaml\napiVersion: v1\nkind: Namespace\nmetadata: {name: x}\n"
    tree = f"{base.replace('[all.yaml]', '[all.yaml, space.yaml]')}{space}{dev}{prod}".replace("NS", "shop")
    (finding,) = check_texts(texts_of(tree), Settings(select=("NP203",))).findings
    assert ("a", "b") == finding.units
    assert ("likewise in b", "b/kustomization.yaml") == (finding.related[-1].message, finding.related[-1].at.path)


def _leaves(*pods: str, within: str = "") -> str:
    return "".join(
        f"--- # file: {within}{name}/kustomization.yaml\nnamespace: shop\nresources: [all.yaml]\n"
        f"--- # file: {within}{name}/all.yaml\n{pod(name_of_pod)}"
        for name, name_of_pod in zip("abc", pods, strict=False)
    )


def test_alternatives_are_each_told_what_their_namespace_lacks() -> None:
    assert 2 == len(_messages(_leaves("api", "api"), "NP203"))


def test_what_a_namespace_lacks_is_said_once_for_the_parts_of_one_cluster() -> None:
    (finding,) = check_texts(texts_of(_leaves("api", "web")), Settings(select=("NP203",))).findings
    assert (("a", "b"), "likewise in b") == (finding.units, finding.related[-1].message)


def test_examples_are_told_once_that_they_have_no_policy() -> None:
    assert 1 == len(_messages(_leaves("api", "api", within="examples/"), "NP203"))


def test_an_example_says_nothing_for_what_is_deployed() -> None:
    assert 2 == len(_messages(_leaves("api", within="examples/") + _leaves("web"), "NP203"))


@pytest.mark.usefixtures("chart")
def test_what_rendered_a_chart_is_named_in_the_closing_line() -> None:
    report = check_paths(Settings(select=("NP010",)))
    assert f"2 objects, 1 policy; nothing found; rendered by {available().name}" == closing_line(report)


@pytest.mark.usefixtures("chart")
def test_np010_names_the_renderer_that_failed() -> None:
    put({"templates/other.yaml": "x: {{ .Values.none.at.all }}\n"}, at="app")
    assert f"chart app is not all rendered by {available().name}: " in _finding("NP010").message
