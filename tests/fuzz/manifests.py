"""Manifests to be spoilt, and the ways of spoiling them."""

from __future__ import annotations

from typing import Any, Final

from hypothesis import strategies as st

SEEDS: Final = (
    """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
  namespace: shop
  annotations: {netpol-lint.io/ignore: "NP201 known; NP301 until=2030-01-01 later"}
spec:
  podSelector:
    matchLabels: {app: web}
    matchExpressions:
      - {key: tier, operator: In, values: [front, edge]}
  policyTypes: [Ingress, Egress]
  ingress:
    - from:
        - namespaceSelector: {matchLabels: {name: monitoring}}
        - podSelector: {matchLabels: {app: prometheus}}
        - ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}
      ports:
        - {port: 8080, endPort: 8090}
        - {protocol: UDP, port: http}
    - {}
  egress:
    - to: []
      ports: [{port: 53, protocol: UDP}]
""",
    """\
# netpol-lint: ignore-file[NP203] a demo
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop, labels: &labels {app: web}}
spec:
  template:
    metadata: {labels: *labels}
    spec:
      hostNetwork: false
      initContainers: [{name: side, restartPolicy: Always, ports: [{containerPort: 9000}]}]
      containers:
        - name: web
          ports: [{name: http, containerPort: 8080}]
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, ports: [{port: 80, targetPort: http}]}
---
{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop", "labels": {"a": "b"}}}
---
apiVersion: v1
kind: List
items:
  - {apiVersion: v1, kind: Pod, metadata: {name: one}, spec: {containers: [{name: c}]}}
  - {kind: NetworkPolicy, apiVersion: networking.k8s.io/v1, metadata: {name: x}, spec: {podSelector: {}}}
""",
)

_WRONG_VALUES: Final = st.sampled_from(
    [
        "null",
        "[]",
        "{}",
        "[{}]",
        "[null]",
        "1",
        "-1",
        "1.5",
        "true",
        "yes",
        "''",
        "'x'",
        "{a: b}",
        "[[[]]]",
        "99999999999999999999",
        "*labels",
        "&labels x",
        "!!binary x",
        "|\n    x",
        "{{ .Values.x }}",
        "${VAR:=default}",
        "\u202e",
        "0x10",
        "1e400",
        "<<",
    ]
)
_JUNK: Final = st.text(st.characters(codec="utf-8"), max_size=12)


@st.composite
def spoilt_manifests(draw: st.DrawFn) -> str:
    """A manifest with lines dropped, doubled, indented otherwise, values replaced, and junk let in."""
    lines = draw(st.sampled_from(SEEDS)).splitlines()
    for _ in range(draw(st.integers(1, 6))):
        index = draw(st.integers(0, len(lines) - 1))
        lines[index : index + 1] = draw(_spoilings(lines[index]))
        if not lines:
            return ""
    return draw(st.sampled_from(["\n", "\r\n"])).join(lines)


def _spoilings(line: str) -> st.SearchStrategy[list[str]]:
    key, colon, _ = line.partition(":")
    return st.one_of(
        st.just([]),
        st.just([line, line]),
        st.just([f"  {line}"]),
        st.just([line.lstrip()]),
        st.just([line, "---"]),
        _WRONG_VALUES.map(lambda value: [f"{key}{colon} {value}"]),
        _JUNK.map(lambda junk: [f"{line}{junk}"]),
        _JUNK.map(lambda junk: [f"{key}{colon} {junk}"]),
        _JUNK.map(lambda junk: [junk, line]),
    )


@st.composite
def replaced(draw: st.DrawFn, value: Any) -> Any:
    """Plain data with one part, anywhere, replaced by something of another type."""
    if isinstance(value, dict) and value and draw(st.booleans()):
        key = draw(st.sampled_from(sorted(value)))
        return {**value, key: draw(replaced(value[key]))}
    if isinstance(value, list) and value and draw(st.booleans()):
        index = draw(st.integers(0, len(value) - 1))
        return [*value[:index], draw(replaced(value[index])), *value[index + 1 :]]
    return draw(st.sampled_from([None, True, 0, -1, 1.5, "", "x", [], [None], {}, {"a": None}, [[]], [{}]]))
