"""The documented facts are those that there are."""

from __future__ import annotations

import re
from pathlib import Path

from netpol_lint.config import Settings
from netpol_lint.custom.facts import KINDS, facts_of
from netpol_lint.engine import from_texts
from netpol_lint.engine.judging import cluster_of

_DOCS = Path(__file__).parents[2] / "docs" / "custom-rules.md"
_ROW = re.compile(r"^\| `(\w+)`[^|]*\| (.*) \|$", re.MULTILINE)
_EVERYTHING = b"""apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {ports: [{port: 80}]}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec: {containers: [{name: web, image: web}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec: {podSelector: {}, ingress: [{from: [{podSelector: {}}], ports: [{port: 80}]}]}
"""


def test_every_fact_is_documented() -> None:
    cluster = cluster_of(from_texts({"a.yaml": _EVERYTHING}, Settings()).units[0], Settings())
    facts = _DOCS.read_text(encoding="utf-8").partition("## Facts")[2].partition("\n## ")[0]
    rows = dict(_ROW.findall(facts))
    missing = [
        f"{kind}.{key}"
        for kind in KINDS
        for key in facts_of(cluster, kind)[0].variables["ns" if kind == "namespace" else kind]
        if f"`{key}`" not in rows[kind]
    ]
    assert [] == missing
