"""Absence proves something only in a unit that shows all there is, and where no other unit has what is missing.

Each rule that concludes from absence is tried on both sides of that line.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import pytest

from netpol_lint.config import Settings
from netpol_lint.engine.judging import judge
from tests.running import CATALOG
from tests.trees import found, inputs_of, pod, policy

_WEB: Final = "{matchLabels: {app: web}}"
_FROM: Final = ", ingress: [{from: [{podSelector: {matchLabels: {app: client}}}]}]"
_TO_DB: Final = ", policyTypes: [Egress], egress: [{to: [{podSelector: {matchLabels: {app: db}}}]}]"
_NAMESPACE: Final = "apiVersion: v1\nkind: Namespace\nmetadata: {name: front, labels: {team: x}}\n"
_OPEN: Final = ", ingress: [{}]"
_SERVICE: Final = "apiVersion: v1\nkind: Service\nmetadata: {name: s, namespace: shop}\nspec: {selector: {app: web}}\n"
_OUTSIDE: Final = "apiVersion: v1\nkind: Service\nmetadata: {name: x}\nspec: {type: NodePort, selector: {app: web}}\n"
_INGRESS: Final = (
    "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: shop, namespace: shop}\n"
    "spec: {defaultBackend: {service: {name: s, port: {number: 80}}}}\n"
)
_PEER: Final = ", ingress: [{from: [{namespaceSelector: {matchLabels: {name: front}}}]}]"


class Case(NamedTuple):
    """What a rule finds in a closed unit, and another unit in view of which it does not."""

    rule: str
    unit: tuple[str, ...]
    elsewhere: str
    when_open: bool = False
    """Whether it is found in an open unit too: it does not conclude from absence."""


CASES: Final = {
    "unmatched-pod-selector": Case("NP101", (pod("other", "shop"), policy("web", "shop", _WEB)), pod("web", "shop")),
    "unmatched-pod-selector, somewhere": Case(
        "NP101", (pod("other", "shop"), policy("web", "shop", _WEB)), pod("web")
    ),
    "unmatched-peer": Case(
        "NP102", (pod("web", "shop"), policy("web", "shop", _WEB, _FROM)), pod("client", "shop")
    ),
    "misspelt-selector": Case(
        "NP103", (pod("webserver", "shop"), policy("x", "shop", "{matchLabels: {app: webservr}}")),
        pod("x", "shop", "app: webservr"), when_open=True,
    ),
    "misspelt-selector, less near": Case(
        "NP103", (pod("frontends", "shop"), policy("x", "shop", "{matchLabels: {app: frontxnxs}}")),
        pod("x", "shop", "app: frontxnxs"),
    ),
    "selector-in-wrong-namespace": Case(
        "NP105", (pod("x", "shop"), pod("client", "front"), policy("x", "shop", "{matchLabels: {app: x}}", _FROM)),
        pod("client", "shop"),
    ),
    "namespace-name-label": Case(
        "NP106", (_NAMESPACE, pod("web", "shop"), policy("web", "shop", _WEB, _PEER)),
        "apiVersion: v1\nkind: Namespace\nmetadata: {name: other, labels: {name: front}}\n", when_open=True,
    ),
    "unselected-pod": Case(
        "NP201", (pod("web", "shop"), pod("db", "shop"), policy("web", "shop", _WEB)),
        policy("db", "shop", "{matchLabels: {app: db}}"),
    ),
    "unselected-pod, some namespace": Case(
        "NP201", (pod("web", "shop"), pod("db", "shop"), policy("web", "shop", _WEB)),
        policy("db", "", "{matchLabels: {app: db}}"),
    ),
    "unselected-pod-egress": Case(
        "NP202", (pod("web", "shop"), pod("db", "shop"), policy("web", "shop", _WEB, _TO_DB)),
        policy("db", "shop", "{}", ", policyTypes: [Egress]"),
    ),
    "missing-default-deny": Case("NP203", (pod("web", "shop"),), policy("deny", "shop")),
    "missing-default-deny, some namespace": Case("NP203", (pod("web", "shop"),), policy("deny")),
    "missing-default-deny-egress": Case(
        "NP204", (pod("web", "shop"),), policy("deny", "shop", "{}", ", policyTypes: [Egress]")
    ),
    "open-to-everyone, behind an Ingress": Case(
        "NP301", (pod("web", "shop"), _SERVICE, policy("web", "shop", _WEB, _OPEN)), _INGRESS
    ),
    "open-to-everyone, behind a Service of some namespace": Case(
        "NP301", (pod("web", "shop"), policy("web", "shop", _WEB, _OPEN)), _OUTSIDE
    ),
}  # fmt: skip


def _unit(objects: tuple[str, ...], *resources: str, directory: str = "app") -> str:
    files = "".join(f"--- # file: {directory}/{number}.yaml\n{text}" for number, text in enumerate(objects))
    listed = ", ".join([*(f"{number}.yaml" for number in range(len(objects))), *resources])
    return f"--- # file: {directory}/kustomization.yaml\nresources: [{listed}]\n{files}"


def _rules(tree: str, case: Case, **settings: object) -> list[str]:
    return [rule for rule, _, _ in found(tree, case.rule, settings=Settings(**settings))]  # type: ignore[arg-type]


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_closed_unit_proves_it(case: Case) -> None:
    assert [case.rule] == _rules(_unit(case.unit), case)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_an_open_unit_does_not(case: Case) -> None:
    tree = _unit(case.unit, "https://example.com/base.yaml")
    assert [case.rule] * case.when_open == _rules(tree, case)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_another_unit_takes_it_away(case: Case) -> None:
    other = _unit((case.elsewhere,), directory="other")
    assert [] == _rules(_unit(case.unit) + other, case)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_an_example_takes_nothing_away(case: Case) -> None:
    other = _unit((case.elsewhere,), directory="examples/other")
    expected = [(case.rule, "app")]
    found_there = found(_unit(case.unit) + other, case.rule)
    assert expected == [(rule, path.partition("/")[0]) for rule, path, _ in found_there if path.startswith("app/")]


def test_a_unit_of_another_cluster_takes_nothing_away() -> None:
    case = CASES["unselected-pod"]
    tree = _unit(case.unit) + _unit((case.elsewhere,), directory="other")
    assert [case.rule] == _rules(tree, case, cluster={"one": ("app",), "two": ("other",)})


def test_a_policy_right_in_one_overlay_and_wrong_in_another_is_said_to_be_wrong() -> None:
    tree = (
        _unit((pod("web"), policy("web", "", _WEB)), directory="base")
        + "--- # file: dev/kustomization.yaml\nresources: [../base]\n"
        + "--- # file: prod/kustomization.yaml\nresources: [../base]\npatches:\n"
        + '  - {target: {kind: Pod}, patch: \'[{"op": "replace", "path": "/metadata/labels/app", "value": "x"}]\'}\n'
    )
    assert [("NP101", "base/1.yaml", 2)] == found(tree, "NP101")


def test_a_chart_from_elsewhere_opens_its_namespace() -> None:
    release = (
        "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: web, namespace: NAMESPACE}\n"
        "spec: {chart: {spec: {chart: web, sourceRef: {kind: HelmRepository, name: x}}}}\n"
    )
    case = CASES["unmatched-pod-selector"]
    there, elsewhere = (
        _unit(case.unit) + _unit((release.replace("NAMESPACE", name),), directory="apps") for name in ("shop", "other")
    )
    assert ([], [case.rule]) == (_rules(there, case), _rules(elsewhere, case))


def test_a_defect_in_a_base_is_one_finding_that_names_its_overlays() -> None:
    base = _unit((pod("webserver"), policy("x", "", "{matchLabels: {app: webservr}}")), directory="base")
    overlays = "".join(
        f"--- # file: {name}/kustomization.yaml\nnamespace: {name}\nresources: [../base]\n" for name in ("dev", "prod")
    )
    rules = (CATALOG.find("NP103"),)
    findings = [finding for finding, _ in judge(inputs_of(base + overlays).units, rules, CATALOG, Settings())]
    assert [(("dev", "prod"), "base/1.yaml", "dev")] == [(f.units, f.at.path, f.about.namespace) for f in findings]


def _with_peer(selector: str) -> str:
    """A policy for Pod web that admits others."""
    return policy("web", "", _WEB, f", ingress: [{{from: [{{podSelector: {selector}}}]}}]")


def test_a_peer_that_an_overlay_goes_without_is_no_mistake_of_the_base() -> None:
    base = _unit((pod("web"), _with_peer("{matchLabels: {app: api}}")), directory="base")
    extra = f"--- # file: dev/api.yaml\n{pod('api')}"
    tree = (
        f"{base}--- # file: prod/kustomization.yaml\nresources: [../base]\n"
        f"--- # file: dev/kustomization.yaml\nresources: [../base, api.yaml]\n{extra}"
    )
    alone = tree.replace("[../base, api.yaml]", "[../base]").replace(extra, "")
    assert ([], [("NP102", "base/1.yaml", 2)]) == (found(tree, "NP102"), found(alone, "NP102"))


def test_a_peer_that_an_overlay_labels_otherwise_is_one() -> None:
    tree = (
        _unit((pod("web"), pod("api"), _with_peer("{matchLabels: {app: api}}")), directory="base")
        + "--- # file: dev/kustomization.yaml\nresources: [../base]\n"
        + "--- # file: prod/kustomization.yaml\nresources: [../base]\npatches:\n  - target: {kind: Pod, name: api}\n"
        + '    patch: \'[{"op": "replace", "path": "/metadata/labels/app", "value": "x"}]\'\n'
    )
    assert ["NP102"] == [rule for rule, _, _ in found(tree, "NP102")]


def test_a_namespace_with_policies_in_another_unit_is_not_said_to_have_none() -> None:
    there = policy("db", "shop", "{matchLabels: {a: b}}")
    tree = _unit((pod("web", "shop"),), directory="web") + _unit((there,), directory="db")
    messages = [
        finding.message
        for text in (tree, tree.replace("name: db, namespace: shop", "name: db, namespace: other"))
        for finding, _ in judge(inputs_of(text).units, (CATALOG.find("NP204"),), CATALOG, Settings())
    ]
    said = "Pod web may send traffic anywhere: namespace shop has no policy"
    assert [f"{said} in this unit", said] == messages


def test_what_a_kustomization_leaves_out_needs_no_default_deny() -> None:
    listed = _unit((pod("web", "shop"),), directory="app")
    tree = f"{listed}--- # file: app/more.yaml\n{pod('more', 'other')}"
    assert [("NP203", "app/0.yaml", 1)] == found(tree, "NP203")
