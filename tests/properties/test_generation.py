"""Policies written for random units keep open what these need, are the same bytes each time, and pass the linter."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings as hypothesis_settings, strategies as st

from netpol_lint.config import Settings
from netpol_lint.connectivity.network import Network
from netpol_lint.engine import check_texts, from_texts
from netpol_lint.engine.generating import generated
from netpol_lint.engine.networks import network_of
from netpol_lint.findings import Severity
from netpol_lint.needs import needs_of
from netpol_lint.needs.blocking import Kept, kept
from netpol_lint.synthesis.planning import Wanted

NAMES = ("web", "api", "db")
NAMESPACES = ("red", "blue")
PORTS = (80, 5000, 8080)


@st.composite
def workloads(draw: st.DrawFn, namespace: str, name: str) -> list[dict[str, Any]]:
    """A workload with its Service, perhaps Ingress, webhook, monitor and role; it names Services, there or not."""
    kind = draw(st.sampled_from(("Deployment", "StatefulSet", "DaemonSet")))
    labels = (
        {"app": name} if draw(st.booleans()) else {"app.kubernetes.io/name": name, "tier": draw(st.sampled_from("ab"))}
    )
    port = draw(st.sampled_from(PORTS))
    env = [
        {"name": f"{other.upper()}_URL", "value": f"http://{other}.{where}:{draw(st.sampled_from(PORTS))}"}
        for other in draw(st.lists(st.sampled_from(NAMES), max_size=2, unique=True))
        for where in (draw(st.sampled_from(NAMESPACES)),)
    ]
    container = {"name": name, "image": name, "env": env, "ports": [{"name": "main", "containerPort": port}]}
    headless = {"clusterIP": "None"} if kind == "StatefulSet" and draw(st.booleans()) else {}
    target = draw(st.sampled_from((port, "main")))
    meta = {"namespace": namespace, "name": name}
    found: list[dict[str, Any]] = [
        {
            "apiVersion": "apps/v1",
            "kind": kind,
            "metadata": meta,
            "spec": {
                "serviceName": name,
                "replicas": 2,
                "selector": {"matchLabels": labels},
                "template": {
                    "metadata": {"labels": labels},
                    "spec": {"serviceAccountName": name, "containers": [container]},
                },
            },
        },
        {
            "apiVersion": "v1",
            "kind": "Service",
            "metadata": meta,
            "spec": {
                **headless,
                "type": draw(st.sampled_from(("ClusterIP", "ClusterIP", "LoadBalancer"))),
                "selector": labels,
                "ports": [{"port": port if headless else draw(st.sampled_from(PORTS)), "targetPort": target}],
            },
        },
    ]
    if draw(st.booleans()):
        service = {"name": name, "port": {"number": found[1]["spec"]["ports"][0]["port"]}}
        found.append(
            {
                "apiVersion": "networking.k8s.io/v1",
                "kind": "Ingress",
                "metadata": meta,
                "spec": {"defaultBackend": {"service": service}},
            }
        )
    if draw(st.booleans()):
        found.append(
            {
                "apiVersion": "rbac.authorization.k8s.io/v1",
                "kind": "RoleBinding",
                "metadata": meta,
                "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "view"},
                "subjects": [{"kind": "ServiceAccount", "name": name}],
            }
        )
    if draw(st.booleans()):
        called = {**meta, "port": found[1]["spec"]["ports"][0]["port"]}
        hook = {"name": f"{name}.example.com", "clientConfig": {"service": called}}
        found.append(
            {
                "apiVersion": "admissionregistration.k8s.io/v1",
                "kind": "ValidatingWebhookConfiguration",
                "metadata": {"name": f"{namespace}-{name}"},
                "webhooks": [hook],
            }
        )
    if draw(st.booleans()):
        found[1]["metadata"] = {**meta, "labels": labels}
        found[1]["spec"]["ports"][0]["name"] = "web"
        found.append(
            {
                "apiVersion": "monitoring.coreos.com/v1",
                "kind": "ServiceMonitor",
                "metadata": meta,
                "spec": {"selector": {"matchLabels": labels}, "endpoints": [{"port": "web"}]},
            }
        )
    return found


@st.composite
def units(draw: st.DrawFn) -> str:
    places = draw(
        st.lists(st.tuples(st.sampled_from(NAMESPACES), st.sampled_from(NAMES)), min_size=1, max_size=4, unique=True)
    )
    documents = [one for namespace, name in places for one in draw(workloads(namespace, name))]
    return "---\n".join(f"{json.dumps(document)}\n" for document in documents)


@hypothesis_settings(max_examples=60)
@given(units(), st.booleans())
def test_generated_policies_keep_every_need_open_and_pass_the_linter(unit: str, missing_only: bool) -> None:
    settings = Settings()
    [only] = from_texts({"unit.yaml": unit.encode()}, settings).units
    cluster = network_of(only, settings).cluster
    written = generated(cluster, Wanted(missing_only=missing_only))
    assert written == generated(cluster, Wanted(missing_only=missing_only))
    uncalled = [gap for gap in written.gaps if gap.startswith("nothing shows who calls ")]
    assert uncalled == list(written.gaps)

    texts = {"unit.yaml": unit.encode(), "policies.yaml": written.text.encode()}
    [together] = from_texts(texts, settings).units
    network = Network.of(network_of(together, settings).cluster)
    needs = needs_of(network.cluster)
    assert needs_of(cluster) == needs
    assert [Kept.OPEN] * len(needs) == [kept(network, need) for need in needs]

    found = check_texts(texts, settings).findings
    expected = {f"nothing shows who calls {finding.about}: nobody may" for finding in found if finding.rule == "NP405"}
    assert expected <= set(uncalled)
    assert [] == [one for one in found if one.severity is not Severity.NOTE and one.rule != "NP405"]
