"""No tree makes decoding raise, lose a pod, or point outside its text."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from netpol_lint.resources.decode import KINDS
from netpol_lint.resources.policy import NetworkPolicy, RejectedPolicy
from netpol_lint.resources.workload import Workload
from tests.resources.decoding import decoded

POD_SPEC = {
    "hostNetwork": True,
    "serviceAccountName": "robot",
    "containers": [{"name": "c", "ports": [{"name": "web", "containerPort": 80, "protocol": "TCP", "hostPort": 1}]}],
    "initContainers": [{"restartPolicy": "Always", "ports": [{"containerPort": 81}]}],
}
META = {"name": "x", "namespace": "shop", "labels": {"app": "web"}, "annotations": {"a": "b"}}
TEMPLATE = {"metadata": {"labels": {"app": "web"}}, "spec": POD_SPEC}
SELECTOR = {
    "matchLabels": {"app": "web"},
    "matchExpressions": [{"key": "tier", "operator": "In", "values": ["a", "b"]}],
}
PORTS = [{"port": 80, "endPort": 90, "protocol": "TCP"}, {"port": "web"}]
PEERS = [
    {"podSelector": SELECTOR, "namespaceSelector": SELECTOR},
    {"ipBlock": {"cidr": "10.0.0.0/8", "except": ["10.1.0.0/16"]}},
]
MANIFESTS: list[dict[str, Any]] = [
    {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": META,
        "spec": {
            "podSelector": SELECTOR,
            "policyTypes": ["Ingress", "Egress"],
            "ingress": [{"from": PEERS, "ports": PORTS}],
            "egress": [{"to": PEERS, "ports": PORTS}],
        },
    },
    {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": META,
        "spec": POD_SPEC,
        "status": {"podIP": "10.0.0.1", "podIPs": [{"ip": "10.0.0.1"}]},
    },
    {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": META, "spec": {"template": TEMPLATE}},
    {
        "apiVersion": "batch/v1",
        "kind": "CronJob",
        "metadata": META,
        "spec": {"jobTemplate": {"spec": {"template": TEMPLATE}}},
    },
    {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "Rollout",
        "metadata": META,
        "spec": {"workloadRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "x"}},
    },
    {"apiVersion": "serving.knative.dev/v1", "kind": "Service", "metadata": META, "spec": {"template": TEMPLATE}},
    {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": META,
        "spec": {
            "type": "NodePort",
            "clusterIP": "None",
            "selector": {"app": "web"},
            "externalName": "a.b",
            "externalIPs": ["192.0.2.7"],
            "ports": [{"name": "http", "port": 80, "targetPort": "web", "nodePort": 30000, "protocol": "TCP"}],
        },
    },
    {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "Ingress",
        "metadata": META,
        "spec": {
            "backend": {"serviceName": "old", "servicePort": 80},
            "defaultBackend": {"service": {"name": "web", "port": {"name": "http"}}},
            "rules": [{"http": {"paths": [{"backend": {"service": {"name": "api", "port": {"number": 80}}}}]}}],
        },
    },
    {
        "apiVersion": "gateway.networking.k8s.io/v1",
        "kind": "HTTPRoute",
        "metadata": META,
        "spec": {"rules": [{"backendRefs": [{"group": "", "kind": "Service", "name": "web", "port": 80}]}]},
    },
    {
        "apiVersion": "route.openshift.io/v1",
        "kind": "Route",
        "metadata": META,
        "spec": {
            "to": {"kind": "Service", "name": "web"},
            "alternateBackends": [{"kind": "Service", "name": "api"}],
            "port": {"targetPort": "http"},
        },
    },
    {
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": "MutatingWebhookConfiguration",
        "metadata": META,
        "webhooks": [{"clientConfig": {"service": {"namespace": "shop", "name": "web", "port": 8443}}}],
    },
    {
        "apiVersion": "apiregistration.k8s.io/v1",
        "kind": "APIService",
        "metadata": META,
        "spec": {"service": {"namespace": "shop", "name": "web"}},
    },
    {"apiVersion": "v1", "kind": "Namespace", "metadata": META},
    {"apiVersion": "cilium.io/v2", "kind": "CiliumNetworkPolicy", "metadata": META, "spec": {}},
]
WRONG: list[Any] = [
    None, True, 0, -1, 80, 10**30, 1.5, 8.0, "", "x", "80", "${X}", "${X:=1}", "ünï", "a\nb", "x" * 300,
    [], [None], [[]], [{}], ["x"], [1], {}, {"x": "y"}, {"x": None}, {"": {}}, {"matchLabels": []},
]  # fmt: skip


def places(tree: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of every value below the root, except the kind, which decides who decodes."""
    children = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    found = [] if path in ((), ("kind",)) else [path]
    for key, child in children:
        found += places(child, (*path, key))
    return found


def replaced(tree: dict[str, Any], path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    changed: Any = copy.deepcopy(tree)
    parent = changed
    for key in path[:-1]:
        parent = parent[key]
    parent[path[-1]] = value
    return changed  # type: ignore[no-any-return]


@pytest.mark.parametrize("manifest", MANIFESTS[1:], ids=lambda manifest: f"{manifest['apiVersion']}-{manifest['kind']}")
def test_every_field_of_other_kinds_survives_every_wrong_value(manifest: dict[str, Any]) -> None:
    for path in places(manifest):
        for value in WRONG:
            result = decoded(json.dumps(replaced(manifest, path, value), ensure_ascii=False))
            if manifest["kind"] in ("Deployment", "CronJob", "Pod") and path != ("apiVersion",):
                assert [True] == [isinstance(found, Workload) for found in result.objects], (path, value)


def test_a_policy_with_any_wrong_value_is_accepted_or_rejected_with_a_reason() -> None:
    policy = MANIFESTS[0]
    for path in places(policy):
        for value in WRONG:
            result = decoded(json.dumps(replaced(policy, path, value), ensure_ascii=False))
            for defect in result.defects:
                assert (1, True) == (defect.at.span.line, bool(defect.reason)), (path, value)
            if "${X" in str(value) or path == ("apiVersion",):
                continue
            (found,) = result.objects
            if isinstance(found, RejectedPolicy):
                assert result.defects, (path, value)
            else:
                assert isinstance(found, NetworkPolicy)
                assert [] == [d for d in result.defects if d.kind.value == "invalid"], (path, value)


TEXT = st.text(
    st.characters(min_codepoint=32, max_codepoint=0x2FFF, exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=9
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["metadata", "labels", "spec", "ingress", "from", "ports", "podSelector", "matchLabels"])
            | TEXT,
            inner,
            max_size=3,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=100)
@given(
    tree=JSON, kind=st.sampled_from(sorted(KINDS)), seeds=st.lists(st.tuples(st.integers(0, 10**6), JSON), max_size=4)
)
def test_any_mutation_of_any_manifest_decodes_alike_twice(tree: Any, kind: str, seeds: list[tuple[int, Any]]) -> None:
    for manifest in (*MANIFESTS, {"apiVersion": "networking.k8s.io/v1", "kind": kind, "spec": tree, "metadata": tree}):
        for seed, value in seeds:
            paths = places(manifest)
            manifest = replaced(manifest, paths[seed % len(paths)], value)
        text = json.dumps(manifest, ensure_ascii=False)
        assert decoded(text) == decoded(text)
