"""Custom resources from which an operator makes pods: known kinds, added kinds, and what nothing can be said of."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from netpol_lint.algebra.labels import Selector, equals
from netpol_lint.cluster.cluster import Cluster
from netpol_lint.cluster.open_pods import open_pods
from netpol_lint.cluster.selection import NamespacePods
from netpol_lint.config import Settings, from_text
from netpol_lint.connectivity.network import Network
from netpol_lint.engine import check_texts, from_texts
from netpol_lint.resources.decode import KINDS
from netpol_lint.resources.decode.operators import DATA, built_in, built_in_kinds, kinds_of
from netpol_lint.resources.decode.programs import PROGRAMS, Program
from netpol_lint.resources.policy import Direction
from netpol_lint.resources.workload import Workload
from tests.resources.decoding import decoded, text_at, workload

ROOT = Path(__file__).parent.parent.parent
ENTRIES: list[dict[str, Any]] = json.loads(Path(DATA).read_text(encoding="utf-8"))["operators"]
PAGE = (ROOT / "docs" / "operators.md").read_text(encoding="utf-8")
POD = """\
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec: {containers: [{name: web, image: example.com/web}]}
"""
POLICY = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db, namespace: shop}
spec:
  podSelector: {matchLabels: {%s}}
  ingress: [{from: [{podSelector: {matchLabels: {%s}}}]}]
"""
CLUSTER = "apiVersion: postgresql.cnpg.io/v1\nkind: Cluster\nmetadata: {name: orders, namespace: shop}\n"
SUBSCRIPTION = "apiVersion: operators.coreos.com/v1alpha1\nkind: Subscription\nmetadata: {name: any, namespace: shop}\n"


def _resource(entry: dict[str, Any], **fields: Any) -> str:
    metadata = {"name": "main", "namespace": "shop"}
    return json.dumps(
        {"apiVersion": f"{entry['group']}/v1", "kind": entry["kind"], "metadata": metadata, **fields}, indent=1
    )


def _name(entry: dict[str, Any]) -> str:
    return f"{entry['kind']}.{entry['group']}"


def _found(config: str = "", **texts: str) -> list[tuple[str, str]]:
    """What NP101, NP102, NP103 and the like say of files, with the names of the rules."""
    chosen = from_text(f"select: [NP101, NP102, NP103, NP104, NP105]\n{config}", "netpol-lint.yaml")
    files = {f"{name}.yaml": text.encode() for name, text in texts.items()}
    return [(finding.rule, finding.at.path) for finding in check_texts(files, chosen).findings]


@pytest.mark.parametrize("entry", ENTRIES, ids=_name)
def test_every_kind_is_decoded_with_its_labels_and_more_may_be_there(entry: dict[str, Any]) -> None:
    pods = workload(_resource(entry))
    labels = {key: value.replace("{name}", "main") for key, value in entry.get("labels", {}).items()}
    assert (labels, False, True) == (pods.labels, pods.labels_complete, pods.by_operator)


@pytest.mark.parametrize("entry", ENTRIES, ids=_name)
def test_every_kind_has_a_source(entry: dict[str, Any]) -> None:
    assert re.fullmatch(r"https://[a-z0-9.-]+/\S*", entry["source"])


def test_every_kind_is_there_once_and_is_none_of_the_built_in_ones() -> None:
    assert len(ENTRIES) == len(built_in())
    assert {"Service", "Rollout"} <= KINDS
    assert not {("serving.knative.dev", "Service"), ("argoproj.io", "Rollout")} & built_in().keys()


def test_the_page_names_every_kind_and_the_labels_that_are_known() -> None:
    missing = [_name(entry) for entry in ENTRIES if f"`{entry['kind']}`" not in PAGE or entry["group"] not in PAGE]
    labels = {f"`{key}={value}`" for entry in ENTRIES for key, value in entry.get("labels", {}).items()}
    assert ([], set()) == (missing, {label for label in labels if label not in PAGE})


def test_labels_are_taken_from_where_the_resource_says_them() -> None:
    entry = {"group": "monitoring.coreos.com", "kind": "Prometheus"}
    text = _resource(entry, spec={"podMetadata": {"labels": {"team": "sre", "prometheus": "other"}}})
    pods = workload(text)
    (team,) = (label for label in pods.pod_labels if label.key == "team")
    assert ("main", '"sre"') == (pods.labels["prometheus"], text_at(text, team.at))


@pytest.mark.parametrize(("local", "ports"), [("false", [("web", 9093), ("proxy", 9095)]), ("true", [("proxy", 9095)])])
def test_containers_beside_the_program_count_and_a_program_that_listens_locally_does_not(
    local: str, ports: list[tuple[str, int]]
) -> None:
    pods = workload(
        "apiVersion: monitoring.coreos.com/v1\nkind: Alertmanager\nmetadata: {name: main, namespace: shop}\nspec:\n"
        f"  listenLocal: {local}\n  containers: [{{name: proxy, ports: [{{name: proxy, containerPort: 9095}}]}}]\n"
    )
    assert ports == [(port.name, port.port) for port in pods.ports]


def test_a_name_that_the_api_server_makes_up_gives_no_label() -> None:
    text = "apiVersion: tekton.dev/v1\nkind: TaskRun\nmetadata: {generateName: build-, namespace: ci, labels: {a: b}}\n"
    assert {"a": "b"} == workload(text).labels


def test_the_pods_are_where_the_resource_says() -> None:
    text = "apiVersion: operator.tekton.dev/v1\nkind: TektonConfig\nmetadata: {name: c}\nspec: {targetNamespace: ci}\n"
    assert "ci" == workload(text).namespace


def test_the_same_kind_of_another_group_makes_no_pods() -> None:
    assert () == decoded("apiVersion: cluster.x-k8s.io/v1\nkind: Cluster\nmetadata: {name: c}\n").objects


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=200)
@given(st.sampled_from(ENTRIES), JSON, JSON, JSON)
def test_no_resource_makes_decoding_raise(entry: dict[str, Any], metadata: Any, spec: Any, labels: Any) -> None:
    (pods,) = decoded(_resource(entry, metadata=metadata, spec=spec)).objects
    assert isinstance(pods, Workload)
    nested = {"podMetadata": {"labels": labels}, "template": {"metadata": {"labels": labels}}, "namespace": labels}
    (pods,) = decoded(_resource(entry, metadata={"name": "x", "labels": labels}, spec=nested)).objects
    assert isinstance(pods, Workload)


@pytest.mark.parametrize(
    ("resource", "label", "expected"),
    [
        ("", "cnpg.io/cluster: orders", ["NP101", "NP102"]),
        (CLUSTER, "cnpg.io/cluster: orders", []),
        (CLUSTER, "cnpg.io/podRole: instance", []),
        (CLUSTER, "cnpg.io/cluster: billing", ["NP101", "NP102"]),
        (SUBSCRIPTION, "cnpg.io/cluster: billing", []),
    ],
    ids=["no operator", "known label", "unknown label", "another cluster", "nothing known"],
)
def test_a_selector_that_may_match_them_is_not_unmatched(resource: str, label: str, expected: list[str]) -> None:
    policy = POLICY % (label, label)
    texts = {"pod": POD, "policy": policy} | ({"resource": resource} if resource else {})
    assert expected == sorted(rule for rule, _ in _found(**texts))


def test_a_selector_that_is_very_near_the_labels_of_another_pod_is_a_slip_all_the_same() -> None:
    pod, policy = POD.replace("app: web", "app: backend"), POLICY % ("app: backennd", "app: backend")
    found = [_found(pod=pod, policy=policy), _found(pod=pod, policy=policy, resource=SUBSCRIPTION)]
    assert [[("NP103", "policy.yaml")]] * 2 == found


def test_the_labels_of_the_resource_itself_may_be_on_its_pods() -> None:
    resource = CLUSTER.replace("namespace: shop", "namespace: shop, labels: {team: orders}")
    assert [] == _found(pod=POD, policy=POLICY % ("team: orders", "team: orders"), resource=resource)


@pytest.mark.parametrize("group", ["group: example.com, ", ""], ids=["group", "any group"])
def test_the_config_adds_kinds(group: str) -> None:
    resource = "apiVersion: example.com/v1\nkind: Database\nmetadata: {name: orders, namespace: shop}\n"
    texts = {"pod": POD, "policy": POLICY % ("db: orders", "db: orders"), "resource": resource}
    config = f"operators: [{{{group}kind: Database, labels: {{db: '{{name}}'}}, ports: [5432]}}]\n"
    assert (["NP101", "NP102"], []) == (sorted(rule for rule, _ in _found(**texts)), _found(config, **texts))


def test_what_the_config_says_goes_before_what_is_known() -> None:
    config = from_text("operators: [{group: postgresql.cnpg.io, kind: Cluster, labels: {db: mine}}]\n", "c.yaml")
    (unit,) = from_texts({"a.yaml": CLUSTER.encode()}, config).units
    (file,) = unit.files
    assert [{"db": "mine"}] == [pods.labels for pods in file.workloads]


def test_they_are_never_reported_as_open() -> None:
    pods = workload(CLUSTER)
    cluster = Cluster(".", workloads=(pods,))
    assert [] == [*open_pods(cluster, "shop", Direction.INGRESS), *open_pods(cluster, "shop", Direction.EGRESS)]
    report = check_texts({"a.yaml": CLUSTER.encode()}, Settings())
    assert ((), 1) == (report.findings, report.summary.objects)


def test_a_namespace_is_shown_only_by_pods_that_are_known() -> None:
    pod, pods, anything = workload(POD), workload(CLUSTER), workload(SUBSCRIPTION)
    shown = [(pod,), (pod, pods), (pods,), (pod, anything)]
    assert [True, True, False, False] == [Cluster(".", workloads=some).closed("shop") for some in shown]


def test_a_map_holds_those_of_which_something_is_known_and_no_verdict_about_others_changes() -> None:
    pod, pods, anything = workload(POD), workload(CLUSTER), workload(SUBSCRIPTION)
    network = Network.of(Cluster(".", workloads=(pod, pods, anything)))
    assert ["shop/Cluster/orders", "shop/Pod/web"] == list(network.pods)
    assert not network.pods["shop/Cluster/orders"].ports_known


def test_what_an_operator_adds_makes_a_match_possible_and_not_certain() -> None:
    pods = workload(CLUSTER)
    asked = (equals("cnpg.io/cluster", "orders"), equals("app", "x"), equals("cnpg.io/cluster", "x"))
    picks = [NamespacePods((pods,)).select(Selector((requirement,))) for requirement in asked]
    assert [((pods,), ()), ((), (pods,)), ((), ())] == picks


# -- programs -----------------------------------------------------------------------------------------------


def _program(program: Program) -> str:
    labels = ", ".join(f"{key}: {value}" for key, value in program.labels)
    return (
        f"apiVersion: apps/v1\nkind: {program.kind}\nmetadata: {{name: main, namespace: shop}}\n"
        f"spec: {{template: {{metadata: {{labels: {{{labels}}}}}, spec: {{containers: [{{name: a, image: b}}]}}}}}}\n"
    )


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: str(program.labels))
def test_a_selector_for_the_pods_that_a_program_makes_matches_something(program: Program) -> None:
    for _, labels in program.pods:
        wanted = ", ".join(f"{key}: {value}" for key, value in labels)
        policies = POLICY % (wanted, wanted)
        assert [] == _found(app=_program(program), policy=policies)
        assert [] != _found(
            app=_program(program).replace(f"kind: {program.kind}", "kind: StatefulSet"), policy=policies
        )


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: str(program.labels))
def test_the_pods_that_a_program_makes_are_no_objects_of_the_file(program: Program) -> None:
    report = check_texts({"app.yaml": _program(program).encode()}, Settings())
    assert (1, 1) == (report.summary.objects, report.summary.workloads)


def test_the_page_lists_every_program_with_the_labels_of_its_pods() -> None:
    labels = {f"`{key}={value}`" for program in PROGRAMS for _, own in program.pods for key, value in own}
    labels |= {f"`{key}={value}`" for program in PROGRAMS for key, value in program.labels}
    assert set() == {label for label in labels if label not in PAGE}


def test_the_kinds_are_those_of_the_data_file() -> None:
    assert kinds_of(built_in()) == built_in_kinds()
