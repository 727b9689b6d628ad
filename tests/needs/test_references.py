"""Names that containers are told, resolved to the pods and ports of Services; nothing of a Secret is ever shown."""

from __future__ import annotations

import json
from base64 import b64encode

import pytest
from hypothesis import given, settings, strategies as st

from netpol_lint.cluster.cluster import Cluster
from netpol_lint.config import Settings
from netpol_lint.engine.judging import cluster_of, judge
from netpol_lint.needs import needs_of
from netpol_lint.needs.need import Addresses, Need, Reason, Sureness
from netpol_lint.resources.workload import Workload
from tests.running import CATALOG
from tests.trees import inputs_of

_TREE = """\
--- # file: m.yaml
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db, namespace: data}
spec:
  serviceName: db
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec: {containers: [{name: db, image: db, ports: [{name: pg, containerPort: 5432}]}]}
---
apiVersion: v1
kind: Service
metadata: {name: db, namespace: data}
spec: {clusterIP: None, selector: {app: db}, ports: [{port: 5432}]}
---
apiVersion: v1
kind: Pod
metadata: {name: api, namespace: shop, labels: {app: api}}
spec: {containers: [{name: api, image: api, ports: [{name: http, containerPort: 8080}, {containerPort: 9090}]}]}
---
apiVersion: v1
kind: Service
metadata: {name: api, namespace: shop}
spec: {selector: {app: api}, ports: [{name: a, port: 80, targetPort: http}, {name: b, port: 90, targetPort: 9090}]}
---
apiVersion: v1
kind: Service
metadata: {name: alias, namespace: shop}
spec: {type: ExternalName, externalName: db.data.svc.cluster.local}
---
apiVersion: v1
kind: Service
metadata: {name: mail, namespace: shop}
spec: {type: ExternalName, externalName: smtp.example.com}
---
apiVersion: v1
kind: Service
metadata: {name: manual, namespace: shop}
spec: {ports: [{port: 80}]}
---
"""


def cluster(container: str, more: str = "") -> Cluster:
    """The tree with a pod of one container."""
    pod = f"apiVersion: v1\nkind: Pod\nmetadata: {{name: web, namespace: shop}}\nspec: {{containers: [{container}]}}\n"
    (unit,) = inputs_of(f"{_TREE}{pod}{more}").units
    return cluster_of(unit, Settings())


def told(**variables: str) -> list[str]:
    """What a pod with these variables must reach, by name or by address, and how sure that is."""
    env = [{"name": name, "value": value} for name, value in variables.items()]
    return shown(cluster(json.dumps({"name": "web", "env": env})))


def shown(built: Cluster) -> list[str]:
    return [text_of(need) for need in needs_of(built) if need.reason in (Reason.REFERENCE, Reason.OUTSIDE)]


def text_of(need: Need) -> str:
    end = need.destination
    name = end.name if isinstance(end, Workload | Addresses) else end.value
    ports = ",".join(f"{span.first}" for span in need.ports.port_spans())
    return f"{name}:{ports}" + ("" if need.sureness is Sureness.CERTAIN else "?")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("http://api", ["api:8080"]),
        ("http://api.shop:90/x", ["api:9090"]),
        ("https://api", []),
        ("api.shop.svc:80", ["api:8080"]),
        ("api.shop.svc.cluster.local", ["api:8080,9090"]),
        ("postgres://u:p@db.data/x", ["db:5432"]),
        ("db-0.db.data.svc:5432", ["db:5432"]),
        ("http://alias:5432", ["db:5432"]),
        ("smtp://mail:587", ["smtp.example.com:587"]),
        ("https://api.example.com", ["api.example.com:443"]),
        ("http://192.0.2.1:81", ["192.0.2.1:81"]),
        ("http://manual http://web http://127.0.0.1 http://localhost:80 http://api.elsewhere", []),
        ("api", []),
    ],
)
def test_a_text_leads_to_pods_and_their_ports(value: str, expected: list[str]) -> None:
    assert expected == told(SETTING=value)


def test_a_bare_word_is_a_host_where_its_key_says_so_and_sure_with_the_port_of_its_pair() -> None:
    assert ["api:8080,9090?"] == told(API_HOST="api")
    assert ["api:9090"] == told(API_HOST="api", API_PORT="90")
    assert [] == told(API_HOST="api", API_PORT="91")


def test_a_text_with_the_variable_of_a_config_map_is_filled_in() -> None:
    env = [
        {"name": "NAME", "valueFrom": {"configMapKeyRef": {"name": "c", "key": "host"}}},
        {"name": "URL", "value": "http://$(NAME):80"},
    ]
    data = "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, namespace: shop}\ndata: {host: api}\n"
    assert ["api:8080"] == shown(cluster(json.dumps({"name": "web", "env": env}), data))


_WORDS = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=40)
_SECRETS = st.one_of(
    _WORDS, st.builds("postgres://{}:{}@db.data:5432/x".format, _WORDS, _WORDS), st.builds("http://{}".format, _WORDS)
)
_MARK = "hunter2zz"


@settings(max_examples=60)
@given(_SECRETS, _WORDS)
def test_nothing_of_a_secret_is_shown_and_no_text_makes_the_resolver_raise(secret: str, text: str) -> None:
    value = b64encode(f"http://{_MARK}.example.com {secret} u:{_MARK}@db.data:5432".encode()).decode()
    env = [
        {"name": "DB_URL", "valueFrom": {"secretKeyRef": {"name": "s", "key": "url"}}},
        {"name": "OTHER_URL", "value": f"http://$(DB_URL)/ {text}"},
    ]
    data = f"---\napiVersion: v1\nkind: Secret\nmetadata: {{name: s, namespace: shop}}\ndata: {{url: {value}}}\n"
    deny = (
        "---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: deny, namespace: shop}\n"
        "spec: {podSelector: {}, policyTypes: [Egress]}\n"
    )
    container = json.dumps({"name": "web", "env": env, "envFrom": [{"secretRef": {"name": "s"}}]})
    pod = f"apiVersion: v1\nkind: Pod\nmetadata: {{name: web, namespace: shop}}\nspec: {{containers: [{container}]}}\n"
    units = inputs_of(f"{_TREE}{pod}{data}{deny}").units
    built = cluster_of(units[0], Settings())
    ends = [need.destination.name for need in needs_of(built) if isinstance(need.destination, Addresses)]
    assert not any(_MARK in said for said in (*ends, *(need.shown_by for need in needs_of(built))))
    rules = tuple(map(CATALOG.find, ("NP501", "NP503")))
    findings = [finding for finding, _ in judge(units, rules, CATALOG, Settings())]
    assert {"NP501", "NP503"} == {finding.rule for finding in findings}
    messages = (finding.message + str(finding.related) for finding in findings)
    assert not any(_MARK in message for message in messages)
