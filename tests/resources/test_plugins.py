"""Network plugins: the data and its sources, and what of a tree shows which one a cluster has."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, strategies as st

from netpol_lint.cli._units import units_text
from netpol_lint.cluster.loading import objects_of
from netpol_lint.config import from_text
from netpol_lint.config.checking import SCHEMA
from netpol_lint.devtools.plugin_table import PAGE, page_text
from netpol_lint.errors import NetpolLintError
from netpol_lint.resources.plugins import ANOTHER, FEATURES, LEFT, known
from tests.trees import found, inputs_of

TALOS = "version: v1alpha1\nmachine: {type: controlplane}\ncluster: {network: {cni: {name: %s}}}\n"
CNI = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: kube-flannel-cfg, namespace: kube-flannel}
data:
  %s: |
    {"name": "cbr0", "plugins": [%s, {"type": "portmap"}], "mtu": __CNI_MTU__}
"""
AGENT = """\
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: agent, namespace: kube-system}
spec: {template: {spec: {containers: [%s]}}}
"""
CHART = """\
apiVersion: %s
kind: %s
metadata: {name: network, namespace: kube-system}
spec: %s
"""
FETCHED = "source.toolkit.fluxcd.io/v1"
FLUX, ARGO = "helm.toolkit.fluxcd.io/v2", "argoproj.io/v1alpha1"


def plugins_of(text: str, path: str = "a.yaml") -> list[str]:
    return [sign.plugin for sign in objects_of(text.encode(), path).signs]


@pytest.mark.parametrize("name", known())
def test_every_answer_has_a_source_that_can_be_opened(name: str) -> None:
    cells = known()[name].cells
    wrong = [f for f, a in cells.items() if f not in FEATURES or not a.source.startswith("https://")]
    assert ([], True) == (wrong, all(a.word in ("yes", "no", "optional") for a in cells.values()))


def test_the_page_has_the_table_of_the_data() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page_text(page) == page


def test_the_configuration_takes_every_plugin_of_the_data() -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    assert list(known()) == schema["properties"]["assume"]["properties"]["plugin"]["enum"]


def test_a_plugin_nobody_knows_is_refused_with_the_one_meant() -> None:
    with pytest.raises(NetpolLintError) as error:
        from_text("assume:\n  plugin: callico\n", "config.yaml")
    assert (True, 2) == ("did you mean calico?" in str(error.value), error.value.line)


@pytest.mark.parametrize(
    ("containers", "expected"),
    [
        ("{name: f, image: quay.io/coreos/flannel:v0.15.1}", ["flannel"]),
        ("{name: f, image: 'mirror.example:5000/ghcr.io/flannel-io/flannel@sha256:0a'}", ["flannel"]),
        ("{name: f, image: flannel/flannel:v0.26.1}, {name: c, image: calico/node:v3.29.0}", ["canal"]),
        (
            "{name: f, image: flannel/flannel}, {name: k, image: k8s/kube-network-policies}",
            ["flannel", "kube-network-policies"],
        ),
        ("{name: n, image: docker.io/calico/node:v3.29.0}", ["calico"]),
        ("{name: n, image: example.com/shop/node:v3}", []),
        ("{name: n, image: example.com/flannel-exporter}", []),
        ("{name: r, image: cloudnativelabs/kube-router, args: [--run-router=true]}", ["kube-router"]),
        ("{name: r, image: cloudnativelabs/kube-router, args: [--run-firewall=false]}", [ANOTHER]),
        ("{name: a, image: eks/amazon-k8s-cni:v1.19.0}", ["aws-vpc-cni"]),
        (
            "{name: a, image: eks/amazon-k8s-cni}, {name: p, image: np, args: [--enable-network-policy=true]}",
            ["aws-vpc-cni-network-policy"],
        ),
    ],
)
def test_an_agent_is_known_by_its_image(containers: str, expected: list[str]) -> None:
    assert expected == plugins_of(AGENT % containers)


@pytest.mark.parametrize(
    ("version", "kind", "spec", "expected"),
    [
        (FLUX, "HelmRelease", "{chart: {spec: {chart: cilium}}}", ["cilium"]),
        (FLUX, "HelmRelease", "{chart: {spec: {chart: cilium}}, values: {policyEnforcementMode: never}}", [ANOTHER]),
        (FLUX, "HelmRelease", "{chart: {spec: {chart: podinfo}}}", []),
        (FLUX, "HelmRelease", "{chart: {spec: {chart: aws-vpc-cni}}}", ["aws-vpc-cni"]),
        (
            FLUX,
            "HelmRelease",
            "{chart: {spec: {chart: aws-vpc-cni}}, valuesFrom: [{kind: ConfigMap, name: v}]}",
            [ANOTHER],
        ),
        (ARGO, "Application", "{source: {chart: flannel}}", ["flannel"]),
        (ARGO, "Application", "{source: {chart: flannel, helm: {values: 'netpol: {enabled: true}'}}}", [ANOTHER]),
        (
            ARGO,
            "Application",
            "{sources: [{chart: aws-vpc-cni, helm: {values: 'enableNetworkPolicy: \"true\"'}}]}",
            ["aws-vpc-cni-network-policy"],
        ),
        ("helm.cattle.io/v1", "HelmChart", "{chart: rke2-canal}", ["canal"]),
        ("helm.cattle.io/v1", "HelmChart", "{chart: 'https://x.example/cilium-1.17.0.tgz'}", ["cilium"]),
        ("helm.cattle.io/v1", "HelmChart", "{chart: 'https://x.example/cilium-agent.tgz'}", []),
        (FETCHED, "OCIRepository", "{url: 'oci://registry.example/charts/cilium'}", ["cilium"]),
        (FETCHED, "OCIRepository", "{url: 'oci://registry.example/charts/flannel'}", [ANOTHER]),
        (FETCHED, "OCIRepository", "{url: 'oci://registry.example/charts/podinfo'}", []),
        ("kops.k8s.io/v1alpha2", "Cluster", "{networking: {cilium: {}}}", ["cilium"]),
        ("kops.k8s.io/v1alpha2", "Cluster", "{networking: {kubenet: {}}}", [ANOTHER]),
        ("postgresql.cnpg.io/v1", "Cluster", "{networking: {flannel: {}}}", []),
        ("k0s.k0sproject.io/v1beta1", "ClusterConfig", "{network: {provider: kuberouter}}", ["kube-router"]),
        ("config.openshift.io/v1", "Network", "{networkType: OpenShiftSDN}", ["openshift-sdn"]),
        ("operator.tigera.io/v1", "Installation", "{variant: Calico}", ["calico"]),
        ("kops.k8s.io/v1alpha2", "Cluster", "{networking: {cni: {}}}", [LEFT]),
        ("k0s.k0sproject.io/v1beta1", "ClusterConfig", "{network: {provider: custom}}", [LEFT]),
        ("kind.x-k8s.io/v1alpha4", "Cluster", "{}", ["kindnet"]),
        ("kubeadm.k8s.io/v1beta4", "ClusterConfiguration", "{networking: {podSubnet: 10.244.0.0/16}}", []),
    ],
)
def test_a_plugin_is_known_by_its_chart_or_the_cluster(version: str, kind: str, spec: str, expected: list[str]) -> None:
    assert expected == plugins_of(CHART % (version, kind, spec))


def test_the_name_of_a_chart_that_is_all_versions_is_read_in_one_pass() -> None:
    name = "cilium" + "-0" * 400_000
    texts = (CHART % ("helm.cattle.io/v1", "HelmChart", f"{{chart: {chart}}}") for chart in (name, f"{name}.tgz"))
    assert [[], ["cilium"]] == [plugins_of(text) for text in texts]


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        ("disable-network-policy: true\n", "k3s/config.yaml", ["flannel"]),
        ("disable-network-policy: true\nflannel-backend: none\n", "etc/rancher/k3s/config.yaml", [LEFT]),
        ("tls-san: [a]\n", "k3s/config.yaml", ["k3s"]),
        ("disable-network-policy: true\n", "app/config.yaml", []),
        ("kind: ConfigMap\n", "k3s/config.yaml", []),
        ("- a\n", "k3s/config.yaml", []),
        ("a: [\n", "k3s/config.yaml", []),
        ("cni: cilium\n", "etc/rancher/rke2/config.yaml", ["cilium"]),
        ("cni: [multus, canal]\n", "rke2/config.yaml", ["canal"]),
        ("cni: multus,calico\n", "rke2-config.yaml", ["calico"]),
        ("cni: none\n", "rke2/config.yaml", [LEFT]),
        ("cni: flannel\n", "rke2/config.yaml", [ANOTHER]),
        ("cni: [multus]\n", "rke2/config.yaml", []),
        ("tls-san: [a]\n", "rke2/config.yaml", ["canal"]),
        ("server: https://rke2.example.com:9345\n", "rke2/config.yaml", []),
        ("cni: cilium\n", "app/config.yaml", []),
        (TALOS % "flannel", "controlplane.yaml", ["flannel"]),
        (TALOS % "none", "controlplane.yaml", [LEFT]),
        (TALOS % "custom", "controlplane.yaml", [ANOTHER]),
        (TALOS % "flannel, flannel: {kubeNetworkPoliciesEnabled: true}", "worker.yaml", ["kube-network-policies"]),
        ("machine: {}\ncluster: {network: {podSubnets: [10.244.0.0/16]}} # cni\n", "controlplane.yaml", []),
        ("cluster: {network: {cni: {name: none}}}\n", "talos/patches/cni.yaml", [LEFT]),
        ("cluster: {network: {cni: {name: flannel}}}\n", "charts/values.yaml", []),
        ("cluster: {network: {cni: {name: [flannel]}}}\n", "talos/a.yaml", []),
        ("cniConfig: {name: none}\nnodes: []\n", "talconfig.yaml", [LEFT]),
        ("cniConfig: {name: flannel}\nnodes: []\n", "talconfig.yaml", ["flannel"]),
        ("cniConfig: {name: flannel}\n", "values.yaml", []),
    ],
)
def test_a_file_for_an_installer_is_known_by_its_name_or_its_keys(text: str, path: str, expected: list[str]) -> None:
    assert expected == plugins_of(text, path)


@pytest.mark.parametrize(
    ("key", "chain", "expected"),
    [
        ("cni-conf.json", '{"type": "flannel", "delegate": {"isDefaultGateway": true}}', ["flannel"]),
        ("10-flannel.conflist", '{"type":"flannel"}', ["flannel"]),
        ("cni_network_config", '{"type": "calico", "ipam": {"type": "calico-ipam"}}', ["calico"]),
        ("cni_network_config", '{"type": "flannel", "delegate": {"type": "calico"}}', ["canal"]),
        ("net-conf.json: '{}'\n  cni_network_config", '{"type": "calico"}', ["canal"]),
        ("cni-conf.json", '{"type": "flannel"}, {"type": "cilium-cni"}', ["cilium"]),
        ("cni-conf.json", '{"type": "bridge"}', []),
        ("notes-on-cni", '{"type": "flannel"}', []),
    ],
)
def test_a_config_map_is_known_by_the_plugins_it_configures(key: str, chain: str, expected: list[str]) -> None:
    assert expected == plugins_of(CNI % (key, chain))


@pytest.mark.parametrize(
    ("name", "switch", "expected"),
    [
        ("amazon-vpc-cni", "'true'", ["aws-vpc-cni-network-policy"]),
        ("amazon-vpc-cni", "'false'", []),
        ("another", "'true'", []),
    ],
)
def test_amazons_switch_for_policies_is_known_by_its_config_map(name: str, switch: str, expected: list[str]) -> None:
    text = f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}}}\n# amazon-vpc-cni\n"
    assert expected == plugins_of(f"{text}data: {{enable-network-policy-controller: {switch}}}\n")


@pytest.mark.parametrize(("switch", "expected"), [("true", ["kube-network-policies"]), ("false", [])])
def test_talos_says_in_a_document_of_its_own_that_policies_are_enforced(switch: str, expected: list[str]) -> None:
    text = f"apiVersion: v1alpha1\nkind: KubeFlannelCNIConfig\nkubeNetworkPoliciesEnabled: {switch}\n"
    flannel = f"{TALOS % 'flannel'}---\n{text}"
    assert (expected, [*expected, "flannel"]) == (plugins_of(text), plugins_of(flannel))


@pytest.mark.parametrize(("name", "expected"), [("rke2-cilium", ["cilium"]), ("rke2-coredns", []), ("cilium", [])])
def test_values_for_a_chart_of_rke2_say_which_it_installs(name: str, expected: list[str]) -> None:
    values = CHART % ("helm.cattle.io/v1", "HelmChartConfig", "{valuesContent: 'a: 1'}")
    assert expected == plugins_of(values.replace("name: network", f"name: {name}"))


WORDS = [
    *("spec", "template", "containers", "image", "args", "chart", "source", "sources", "helm", "values", "addons"),
    *("networking", "disableDefaultCNI", "name", "options", "k3s", "extraArgs", "arg", "network", "provider"),
    *("flannel", "vpc-cni", "cilium", "calico/node"),
]
KINDS_AND_GROUPS = [
    *(("apps/v1", "DaemonSet"), (FLUX, "HelmRelease"), (ARGO, "Application"), ("k3d.io/v1", "Simple")),
    *(("eksctl.io/v1", "ClusterConfig"), ("kops.k8s.io/v1", "Cluster"), ("kind.x-k8s.io/v1", "Cluster")),
]
WORD = st.sampled_from(WORDS)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | WORD,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORD, inner, max_size=4),
    max_leaves=20,
)


@given(st.sampled_from(KINDS_AND_GROUPS), st.dictionaries(WORD, ANYTHING))
def test_whatever_is_in_an_object_its_signs_are_of_known_plugins_and_point_into_it(
    identity: tuple[str, str], fields: dict[str, Any]
) -> None:
    text = json.dumps({"apiVersion": identity[0], "kind": identity[1], **fields})
    signs = objects_of(text.encode(), "a.json").signs
    assert [] == [s for s in signs if s.plugin not in {*known(), ANOTHER, LEFT} or s.at.span.end_column > len(text) + 1]


FLANNEL = """\
--- # file: network/flannel.yaml
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: kube-flannel-ds, namespace: kube-flannel}
spec:
  selector: {matchLabels: {app: flannel}}
  template:
    metadata: {labels: {app: flannel}}
    spec: {containers: [{name: kube-flannel, image: flannel/flannel}]}
"""
SHOP = """\
--- # file: %s/policy.yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: %s}
spec: {podSelector: {}, ingress: [{ports: [{port: http}]}]}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: %s, labels: {app: web}}
spec: {containers: [{name: web, image: example.com/web}]}
"""
OPENSHIFT = """\
--- # file: cluster/network.yaml
apiVersion: operator.openshift.io/v1
kind: Network
metadata: {name: cluster}
spec: {defaultNetwork: {type: OVNKubernetes}}
"""
TWO_CLUSTERS = """\
--- # file: applications.yaml
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: network, namespace: argocd}
spec: {source: {path: network}, destination: {name: one}}
---
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: shop, namespace: argocd}
spec: {source: {path: shop}, destination: {name: %s}}
"""
REMOTE = """\
--- # file: network/kustomization.yaml
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources: [flannel.yaml, "https://example.com/v1/policy-engine.yaml"]
"""
KIND = "---\napiVersion: kind.x-k8s.io/v1alpha4\nkind: Cluster\nnetworking: {disableDefaultCNI: true}\n"
TALOS_FLANNEL = f"--- # file: talos/controlplane.yaml\n{TALOS % 'flannel'}"
TALOS_NONE = f"--- # file: talos/controlplane.yaml\n{TALOS % 'none'}"
WEAVE = """\
--- # file: network/weave.yaml
apiVersion: helm.cattle.io/v1
kind: HelmChart
metadata: {name: weave, namespace: kube-system}
spec: {chart: weave-net}
"""
CALICO = """\
--- # file: calico/installation.yaml
apiVersion: operator.tigera.io/v1
kind: Installation
metadata: {name: default}
spec: {}
"""


@pytest.mark.parametrize(
    ("tree", "expected"),
    [
        (FLANNEL + SHOP % ("shop", "shop", "shop"), [("NP701", "network/flannel.yaml", 3)]),
        (FLANNEL, []),
        (FLANNEL + CALICO + SHOP % ("shop", "shop", "shop"), []),
        (FLANNEL + SHOP % ("dev", "shop", "shop") + SHOP % ("prod", "shop", "shop"), []),
        (FLANNEL + SHOP % ("docs/shop", "shop", "shop"), []),
        (OPENSHIFT + SHOP % ("shop", "shop", "shop"), [("NP702", "shop/policy.yaml", 4)]),
        (OPENSHIFT + SHOP % ("dev", "shop", "shop") + SHOP % ("prod", "shop", "shop"), []),
        (TWO_CLUSTERS % "one" + FLANNEL + SHOP % ("shop", "shop", "shop"), [("NP701", "network/flannel.yaml", 3)]),
        (TWO_CLUSTERS % "two" + FLANNEL + SHOP % ("shop", "shop", "shop"), []),
        (REMOTE + FLANNEL + SHOP % ("shop", "shop", "shop"), []),
        (OPENSHIFT + FLANNEL + SHOP % ("shop", "shop", "shop"), [("NP702", "shop/policy.yaml", 4)]),
        (OPENSHIFT + CALICO + SHOP % ("shop", "shop", "shop"), []),
        (TALOS_NONE + FLANNEL + SHOP % ("shop", "shop", "shop"), []),
        (TALOS_NONE + WEAVE + SHOP % ("shop", "shop", "shop"), [("NP702", "shop/policy.yaml", 4)]),
        (TALOS_NONE + SHOP % ("shop", "shop", "shop"), []),
        (FLANNEL + KIND + SHOP % ("shop", "shop", "shop"), []),
        (FLANNEL + KIND.replace("true", "false") + SHOP % ("shop", "shop", "shop"), []),
        (TALOS_FLANNEL + SHOP % ("shop", "shop", "shop"), [("NP701", "talos/controlplane.yaml", 3)]),
        (TALOS_FLANNEL + SHOP % ("dev", "shop", "shop") + SHOP % ("prod", "shop", "shop"), []),
        (TALOS_FLANNEL + CALICO + SHOP % ("shop", "shop", "shop"), []),
    ],
)
def test_a_plugin_of_another_unit_counts_where_all_seem_to_go_to_one_cluster(
    tree: str, expected: list[tuple[str, str, int]]
) -> None:
    assert expected == found(tree, "NP701", "NP702")


@pytest.mark.parametrize(
    ("cni", "line"),
    [
        ("none", "network plugin from elsewhere: a.yaml leaves the network plugin to others (a.yaml:3)"),
        ("custom", "network plugin not known: a.yaml has Talos install manifests of other network plugins (a.yaml:3)"),
    ],
)
def test_a_plugin_that_is_not_named_is_shown_in_words(cni: str, line: str) -> None:
    shown = units_text(inputs_of(f"--- # file: a.yaml\n{TALOS % cni}"))
    assert True is (f"  {line}\n" in shown)


def test_the_units_that_are_shown_say_their_plugin_and_why() -> None:
    shown = units_text(inputs_of(FLANNEL))
    line = "network plugin flannel: DaemonSet kube-flannel-ds runs flannel/flannel (network/flannel.yaml:3)"
    assert True is (line in shown)
