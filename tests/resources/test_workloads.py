"""Pods and controllers: whose labels count, which ports, and that no wrong field loses a pod."""

from __future__ import annotations

import pytest

from netpol_lint.resources.decode import KINDS, decode
from netpol_lint.resources.metadata import Metadata, ObjectRef, as_mapping
from netpol_lint.resources.policy import ForeignPolicy, Protocol
from netpol_lint.resources.service import Service
from netpol_lint.resources.workload import Resolver, Workload
from netpol_lint.source.documents import Document, read_documents
from tests.resources.decoding import decoded, only, text_at, workload

TEMPLATE = "{metadata: {labels: {app: pod}}, spec: {containers: [{name: c}]}}"
ABOVE = {
    "Pod": "v1",
    "ReplicationController": "v1",
    "Deployment": "apps/v1",
    "StatefulSet": "apps/v1",
    "DaemonSet": "apps/v1",
    "ReplicaSet": "apps/v1",
    "Job": "batch/v1",
    "CronJob": "batch/v1",
    "DeploymentConfig": "apps.openshift.io/v1",
    "Rollout": "argoproj.io/v1alpha1",
}


def controller(version: str, kind: str, template: str = TEMPLATE) -> str:
    spec = f"{{jobTemplate: {{spec: {{template: {template}}}}}}}" if kind == "CronJob" else f"{{template: {template}}}"
    metadata = "{name: w, namespace: shop, labels: {app: own}}"
    return f"apiVersion: {version}\nkind: {kind}\nmetadata: {metadata}\nspec: {spec}\n"


@pytest.mark.parametrize(("kind", "version"), [item for item in ABOVE.items() if item[0] != "Pod"])
def test_a_controller_stands_for_pods_with_the_labels_of_its_template(kind: str, version: str) -> None:
    found = workload(controller(version, kind))
    assert {"app": "pod"} == found.labels
    assert {"app": "own"} == as_mapping(found.meta.labels)
    assert (f"shop/{kind}/w", False, True) == (found.id, found.partial, found.labels_complete)


@pytest.mark.parametrize(
    ("version", "kind", "group"),
    [
        ("extensions/v1beta1", "Deployment", "apps"),
        ("apps/v1beta2", "StatefulSet", "apps"),
        ("extensions/v1beta1", "DaemonSet", "apps"),
        ("batch/v1beta1", "CronJob", "batch"),
        ("v1", "DeploymentConfig", "apps.openshift.io"),
    ],
)
def test_removed_workload_versions_are_the_same_objects_without_a_word(version: str, kind: str, group: str) -> None:
    result = decoded(controller(version, kind))
    (found,) = result.objects
    assert isinstance(found, Workload)
    assert (ObjectRef(group, kind, "shop", "w"), ()) == (found.meta.ref, result.defects)


def test_a_pod_has_its_own_labels_ports_and_addresses() -> None:
    found = workload(
        "apiVersion: v1\nkind: Pod\nmetadata: {name: p, labels: {app: web}}\n"
        "spec: {hostNetwork: true, serviceAccountName: robot, containers: [{ports: [{containerPort: 80}]}]}\n"
        "status: {podIP: 10.0.0.1, podIPs: [{ip: 10.0.0.1}, {ip: 'fd00::1'}]}\n"
    )
    assert {"app": "web"} == found.labels
    assert (True, "robot", ("10.0.0.1", "fd00::1")) == (found.host_network, found.service_account, found.addresses)
    assert [80] == [port.port for port in found.ports]


def test_an_old_dump_has_one_address() -> None:
    text = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{}]}\nstatus: {podIP: 10.0.0.1}\n"
    assert ("10.0.0.1",) == workload(text).addresses


def test_ports_of_regular_and_of_restartable_init_containers_count() -> None:
    template = (
        "{spec: {containers: [{ports: [{name: web, containerPort: 80, hostPort: 8080}, "
        "{containerPort: 53, protocol: UDP}]}],"
        " initContainers: [{ports: [{containerPort: 1}]}, {restartPolicy: Always, ports: [{containerPort: 2}]}]}}"
    )
    found = [
        (p.name, p.port, p.protocol, p.host_port) for p in workload(controller("apps/v1", "Deployment", template)).ports
    ]
    assert [("web", 80, Protocol.TCP, 8080), ("", 53, Protocol.UDP, 0), ("", 2, Protocol.TCP, 0)] == found


def test_labels_of_the_wrong_type_are_kept_as_text() -> None:
    template = "{metadata: {labels: {a: 1, b: true, c: null, d: [x], e: '${E:=f}'}}, spec: {containers: [{}]}}"
    assert {"a": "1", "b": "true", "c": "", "e": "f"} == workload(controller("apps/v1", "Deployment", template)).labels


@pytest.mark.parametrize(
    "template", ["null", "{}", "[]", "{spec: null}", "{spec: {replicas: 1}}", "{spec: {containers: []}}", "{spec: x}"]
)
def test_a_template_without_containers_is_partial(template: str) -> None:
    assert workload(controller("apps/v1", "Deployment", template)).partial


def test_a_rollout_with_a_reference_has_the_pods_of_another_workload() -> None:
    found = workload(
        "apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {name: r, namespace: shop}\n"
        "spec: {workloadRef: {apiVersion: apps/v1, kind: Deployment, name: web}}\n"
    )
    assert (ObjectRef("apps", "Deployment", "shop", "web"),) == found.refers_to
    assert (False, False) == (found.labels_complete, found.partial)


_JOB = "job: {spec: {template: {metadata: {labels: {app: a}}, spec: {hostNetwork: true, containers: [{name: c}]}}}}"
_TEMPLATE = "template: {metadata: {labels: {app: a}}, spec: {hostNetwork: true, containers: [{name: c}]}}"


@pytest.mark.parametrize(
    ("version", "kind", "spec", "made"),
    [
        (
            "argoproj.io/v1alpha1",
            "AnalysisTemplate",
            f"{{metrics: [{{name: m, provider: {{{_JOB}}}}}, {{name: n, provider: {{web: {{}}}}}}]}}",
            ["Job shop/x-m"],
        ),
        (
            "argoproj.io/v1alpha1",
            "Experiment",
            f"{{templates: [{{name: one, {_TEMPLATE}}}, {{name: n, specRef: stable}}, {{name: two, {_TEMPLATE}}}]}}",
            ["ReplicaSet shop/x-one", "ReplicaSet shop/x-two"],
        ),
        (
            "operators.coreos.com/v1alpha1",
            "ClusterServiceVersion",
            f"{{install: {{spec: {{deployments: [{{name: manager, spec: {{{_TEMPLATE}}}}}]}}}}}}",
            ["Deployment shop/manager"],
        ),
        ("operators.coreos.com/v1alpha1", "ClusterServiceVersion", "{install: {spec: {deployments: null}}}", []),
    ],
)
def test_an_operator_makes_the_workloads_whose_templates_stand_in_its_resource(
    version: str, kind: str, spec: str, made: list[str]
) -> None:
    found = decoded(
        f"apiVersion: {version}\nkind: {kind}\nmetadata: {{name: x, namespace: shop}}\nspec: {spec}\n"
    ).objects
    workloads = [one for one in found if isinstance(one, Workload)]
    assert made == [str(one.meta.ref) for one in workloads]
    assert all(one.by_operator and not one.labels_complete and one.host_network for one in workloads)


def test_knative_adds_labels_and_a_proxy() -> None:
    found = workload(
        "apiVersion: serving.knative.dev/v1\nkind: Service\nmetadata: {name: hello}\n"
        "spec: {template: {metadata: {labels: {team: a}}, spec: {containers: [{image: x}]}}}\n"
    )
    assert {
        "team": "a",
        "serving.knative.dev/service": "hello",
        "serving.knative.dev/configuration": "hello",
    } == found.labels
    assert not found.labels_complete
    assert {("user-port", 8080), ("queue-port", 8012)} <= {(port.name, port.port) for port in found.ports}


def service(spec: str) -> Service:
    found = only(f"apiVersion: v1\nkind: Service\nmetadata: {{name: s}}\nspec: {spec}\n")
    assert isinstance(found, Service)
    return found


@pytest.mark.parametrize(
    ("port", "target"),
    [
        ("{port: 80}", 80),
        ("{port: 80, targetPort: null}", 80),
        ("{port: 80, targetPort: 0}", 80),
        ("{port: 80, targetPort: ''}", 80),
        ("{port: 80, targetPort: 8080}", 8080),
        ("{port: 80, targetPort: '8080'}", 8080),
        ("{port: 80, targetPort: web}", "web"),
    ],
)
def test_a_target_port_defaults_to_the_port(port: str, target: int | str) -> None:
    (found,) = service(f"{{ports: [{port}]}}").ports
    assert (80, target) == (found.port, found.target)


def test_a_service_has_defaults() -> None:
    found = service(
        "{selector: {app: web}, ports: [{name: http, port: 80, nodePort: 30080}, {port: 53, protocol: UDP}]}"
    )
    assert ("ClusterIP", False, True) == (found.type, found.headless, found.has_selector)
    assert found.selector.selector.matches({"app": "web", "tier": "a"})
    expected = [("http", Protocol.TCP, 30080), ("", Protocol.UDP, 0)]
    assert expected == [(port.name, port.protocol, port.node_port) for port in found.ports]


@pytest.mark.parametrize("spec", ["null", "{}", "{selector: null}", "{selector: {}}"])
def test_a_service_without_a_selector_has_no_pods(spec: str) -> None:
    assert not service(spec).has_selector


def test_a_headless_and_an_external_service() -> None:
    assert service("{clusterIP: None}").headless
    external = service("{type: ExternalName, externalName: db.example.com, selector: {a: b}}")
    assert ("db.example.com", False) == (external.external_name, external.has_selector)


def test_a_namespace_is_its_metadata_and_the_dead_annotation_is_said() -> None:
    text = (
        "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  labels: {team: a}\n  annotations:\n"
        "    net.beta.kubernetes.io/network-policy: |\n      {}\n"
    )
    result = decoded(text)
    (found,) = result.objects
    (defect,) = result.defects
    assert isinstance(found, Metadata)
    assert (ObjectRef("", "Namespace", "", "shop"), {"team": "a"}) == (found.ref, as_mapping(found.labels))
    assert ("removed-api", found.ref) == (defect.kind.value, defect.about)
    assert "net.beta.kubernetes.io/network-policy" == text_at(text, defect.at)


@pytest.mark.parametrize(
    ("version", "kind", "cluster_wide"),
    [
        ("cilium.io/v2", "CiliumNetworkPolicy", False),
        ("cilium.io/v2", "CiliumClusterwideNetworkPolicy", True),
        ("projectcalico.org/v3", "NetworkPolicy", False),
        ("crd.projectcalico.org/v1", "GlobalNetworkPolicy", True),
        ("crd.antrea.io/v1beta1", "ClusterNetworkPolicy", True),
        ("crd.antrea.io/v1beta1", "NetworkPolicy", False),
        ("policies.example.com/v1", "NetworkPolicy", False),
    ],
)
def test_policies_of_other_dialects_are_foreign(version: str, kind: str, cluster_wide: bool) -> None:
    found = only(f"apiVersion: {version}\nkind: {kind}\nmetadata: {{name: p, namespace: shop}}\n")
    assert isinstance(found, ForeignPolicy)
    group = version.partition("/")[0]
    assert (ObjectRef(group, kind, "" if cluster_wide else "shop", "p"), cluster_wide) == (
        found.meta.ref,
        found.cluster_wide,
    )


@pytest.mark.parametrize("version", ["example.com/v1", "serving.example.com/v1"])
@pytest.mark.parametrize("kind", ["Deployment", "Service", "Pod", "Namespace", "Rollout"])
def test_a_known_kind_of_an_unknown_group_is_nothing(version: str, kind: str) -> None:
    assert () == decoded(f"apiVersion: {version}\nkind: {kind}\nmetadata: {{name: x}}\n").objects


def test_every_kind_of_the_table_is_announced() -> None:
    assert ABOVE.keys() | {"Service", "Namespace", "NetworkPolicy", "CiliumNetworkPolicy"} <= KINDS


@pytest.mark.parametrize(("metadata", "expected"), [("metadata: {labels: {}}\n", "metadata"), ("", "kind")])
def test_a_nameless_object_is_placed_at_its_metadata_or_kind(metadata: str, expected: str) -> None:
    text = f"apiVersion: v1\nkind: Pod\n{metadata}spec: {{containers: [{{}}]}}\n"
    assert expected == text_at(text, workload(text).meta.at)


def test_a_generated_name_stands_for_the_name() -> None:
    text = (
        "apiVersion: batch/v1\nkind: Job\nmetadata: {generateName: pi-}\nspec: {template: {spec: {containers: [{}]}}}\n"
    )
    assert ("pi-", "pi-") == (workload(text).name, text_at(text, workload(text).meta.at))


def test_an_object_without_a_namespace_takes_that_of_its_document() -> None:
    (document,) = read_documents(
        b"apiVersion: v1\nkind: Pod\nmetadata: {name: p}\n", "m.yaml", default_namespace="shop"
    )
    assert isinstance(document, Document)
    (found,) = decode(document).objects
    assert isinstance(found, Workload)
    assert ("shop", False) == (found.namespace, found.meta.namespace_declared)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("", Resolver()),
        ("dnsPolicy: ClusterFirst", Resolver()),
        ("dnsPolicy: null", Resolver()),
        ("dnsConfig: {nameservers: [1.1.1.1]}", Resolver()),
        ("dnsPolicy: Default", Resolver(False)),
        ("dnsPolicy: Default, dnsConfig: {nameservers: [1.1.1.1]}", Resolver(False)),
        ("hostNetwork: true", Resolver(False)),
        ("hostNetwork: true, dnsPolicy: ClusterFirst", Resolver(False)),
        ("hostNetwork: true, dnsPolicy: ClusterFirstWithHostNet", Resolver()),
        ("dnsPolicy: ClusterFirstWithHostNet", Resolver()),
        ("dnsPolicy: None, dnsConfig: {nameservers: [1.1.1.1, '']}", Resolver(False, ("1.1.1.1",))),
        ("dnsPolicy: None, dnsConfig: {nameservers: 1.1.1.1}", Resolver(False)),
        ("dnsPolicy: None", Resolver(False)),
        ("dnsPolicy: '${POLICY}'", Resolver(False)),
    ],
)
def test_whom_pods_ask_for_names_is_what_dns_policy_and_host_network_say(fields: str, expected: Resolver) -> None:
    spec = f"{{containers: [{{name: c}}]{', ' if fields else ''}{fields}}}"
    assert expected == workload(f"apiVersion: v1\nkind: Pod\nmetadata: {{name: p}}\nspec: {spec}\n").resolver
