"""Manifests of any size, the same for the same size: small applications, and clusters with labels as real ones have."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

Files = Iterator[tuple[str, str]]
"""Paths and what is in the files."""

POLICY = """apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: {name}-from-{client}, namespace: {namespace}}}
spec:
  podSelector:
    matchLabels: {{app: {name}}}
  policyTypes: [Ingress]
  ingress:
    - from:
        - podSelector:
            matchLabels: {{app: {client}}}
      ports:
        - protocol: TCP
          port: {port}
---
"""
CLOSED = """apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: closed, namespace: {namespace}}}
spec:
  podSelector: {{}}
  policyTypes: [Ingress, Egress]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: within, namespace: {namespace}}}
spec:
  podSelector: {{}}
  policyTypes: [Egress]
  egress:
    - to:
        - podSelector: {{}}
    - to:
        - namespaceSelector:
            matchLabels: {{kubernetes.io/metadata.name: kube-system}}
      ports:
        - {{protocol: UDP, port: 53}}
        - {{protocol: TCP, port: 53}}
---
"""
"""Nothing in, and out only to the namespace itself and to DNS."""
DEPLOYMENT = """apiVersion: apps/v1
kind: Deployment
metadata: {{name: {name}, namespace: {namespace}}}
spec:
  replicas: 2
  selector:
    matchLabels: {{app: {name}}}
  template:
    metadata:
      labels: {{app: {name}, tier: {tier}}}
    spec:
      containers:
        - name: {name}
          image: registry.example/{name}:1
          ports:
            - containerPort: {port}
---
"""
SERVICE = """apiVersion: v1
kind: Service
metadata: {{name: {name}, namespace: {namespace}}}
spec:
  selector: {{app: {name}}}
  ports:
    - {{name: main, port: 80, targetPort: {port}}}
---
"""
CONFIG = """apiVersion: v1
kind: ConfigMap
metadata: {{name: {name}, namespace: {namespace}}}
data:
  level: info
---
"""


def small_file() -> str:
    """A policy and the two workloads it is about: 50 lines."""
    web = DEPLOYMENT.format(name="web", namespace="shop", tier="front", port=8080)
    api = DEPLOYMENT.format(name="api", namespace="shop", tier="back", port=8080)
    return POLICY.format(name="api", client="web", namespace="shop", port=8080) + api + web


def applications(rng: random.Random, namespaces: int, apps: int) -> Files:
    """A directory for each namespace, a file for each application; most have no policy, as in real trees."""
    for number in range(namespaces):
        names = [f"app-{number}-{index}" for index in range(apps)]
        for name in names:
            said = _application(rng, name, f"team-{number}", names)
            parts = [DEPLOYMENT, SERVICE, CONFIG] + [POLICY] * (rng.random() < 0.4)
            yield f"team-{number}/{name}.yaml", "".join(part.format(**said) for part in parts)


def _application(rng: random.Random, name: str, namespace: str, clients: list[str]) -> dict[str, Any]:
    return {
        "name": name,
        "namespace": namespace,
        "tier": rng.choice(("front", "middle", "back")),
        "port": rng.choice((8080, 8443, 5432, 6379)),
        "client": rng.choice(clients),
    }


def many_files(size: int) -> Files:
    """So many files, ten to a namespace and directory."""
    yield from applications(random.Random(size), max(1, size // 10), min(size, 10))


def many_policies(size: int) -> Files:
    """So many policies: twenty to a namespace of ten workloads, which are all in one file."""
    yield from _namespaces(size, policies=20, workloads=10)


def many_workloads(size: int) -> Files:
    """So many workloads: fifty to a namespace with seven policies, which are all in one file."""
    yield from _namespaces(size, policies=7, workloads=50)


def one_namespace(size: int) -> Files:
    """So many workloads, each with a policy of its own, in one namespace and file."""
    yield "all.yaml", _namespace(random.Random(size), "all", size, size)


def _namespaces(size: int, *, policies: int, workloads: int) -> Files:
    rng = random.Random(size)
    for number in range(max(1, size // max(policies, workloads))):
        yield f"team-{number}.yaml", _namespace(rng, f"team-{number}", policies, workloads)


def _namespace(rng: random.Random, namespace: str, policies: int, workloads: int) -> str:
    """A closed namespace: two policies over all pods, the others each let one application call another."""
    names = [f"app-{index}" for index in range(workloads)]
    applied = {name: _application(rng, name, namespace, names) for name in names}
    parts = [CLOSED.format(namespace=namespace)]
    parts += [DEPLOYMENT.format(**applied[name]) for name in names]
    for number in range(policies - 2):
        name = names[number % workloads]
        client = names[(number + 1 + number // workloads) % workloads]
        parts.append(POLICY.format(**{**applied[name], "client": client}))
    return "".join(parts)


FAMILIES: dict[str, Callable[[int], Files]] = {
    "files": many_files,
    "policies": many_policies,
    "workloads": many_workloads,
    "one-namespace": one_namespace,
}
"""How a tree may grow, by what there is more of."""


def write(directory: Path, files: Files) -> Path:
    """The directory, with the files in it."""
    for path, text in files:
        target = directory / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
    return directory


TIERS = ("web", "api", "db", "cache", "job")
COMPONENTS = ("server", "worker", "proxy", "controller", "exporter", "database", "queue", "ui")
SELECTED_BY = ("app", "app.kubernetes.io/name", "app.kubernetes.io/instance", "app.kubernetes.io/component", "tier")
"""The labels that policies ask for, with how often they do."""
WEIGHTS = (40, 30, 10, 10, 10)
OTHERS = {
    "env": ("prod", "staging", "dev"),
    "track": ("stable", "canary"),
    "version": tuple(f"v{number}" for number in range(30)),
    "team": tuple(f"team-{number}" for number in range(20)),
}
"""Labels that pods carry and policies rarely ask for."""
PORTS = (80, 443, 8080, 8443, 9090, 5432, 6379, 53)


def labels_of_a_pod(rng: random.Random, namespace: str, apps: int) -> dict[str, str]:
    """Five to eight labels. An application has its tier and component; agents are in many namespaces."""
    number = rng.randrange(apps) if rng.random() < 0.8 else -1 - rng.randrange(30)
    app = f"{namespace}-app-{number}" if number >= 0 else f"agent-{-number}"
    labels = {
        "app": app,
        "app.kubernetes.io/name": app,
        "app.kubernetes.io/instance": f"{app}-{rng.randrange(2)}",
        "app.kubernetes.io/component": COMPONENTS[number % len(COMPONENTS)],
        "tier": TIERS[number % len(TIERS)],
    }
    for key in rng.sample(sorted(OTHERS), rng.randint(0, 3)):
        labels[key] = rng.choice(OTHERS[key])
    return labels


class Generated:
    """A cluster of a size, the same for the same size."""

    def __init__(self, workloads: int, policies: int) -> None:
        self.rng = random.Random(workloads * 100_003 + policies)
        self.namespaces = [f"ns-{number}" for number in range(max(1, workloads // 50))]
        self.weights = [1 / (rank + 1) for rank in range(len(self.namespaces))]
        chosen = self.rng.choices(self.namespaces, self.weights, k=workloads)
        sizes = Counter(chosen)
        self.pods = [(name, labels_of_a_pod(self.rng, name, max(2, sizes[name] // 4))) for name in chosen]
        self.in_namespace: dict[str, list[dict[str, str]]] = {}
        for namespace, labels in self.pods:
            self.in_namespace.setdefault(namespace, []).append(labels)
        self.policies = [self.policy(number) for number in range(policies)]

    def selector(self, namespace: str) -> dict[str, Any]:
        """A quarter select everything, half by one label, some by two, a tenth by an expression."""
        kind = self.rng.random()
        labels = self.rng.choice(self.in_namespace.get(namespace) or [self.pods[0][1]])
        if kind < 0.25:
            return {}
        if kind < 0.9:
            keys = set(self.rng.choices(SELECTED_BY, WEIGHTS, k=1 if kind < 0.75 else 2))
            return {"matchLabels": {key: labels[key] for key in sorted(keys)}}
        operator = self.rng.choice(("In", "NotIn", "Exists", "DoesNotExist"))
        if operator in ("In", "NotIn"):
            expression = {"key": "tier", "operator": operator, "values": self.rng.sample(TIERS, 2)}
        else:
            expression = {"key": self.rng.choice(sorted(OTHERS)), "operator": operator}
        return {"matchExpressions": [expression]}

    def namespace_selector(self) -> dict[str, Any]:
        if self.rng.random() < 0.5:
            return {"matchLabels": {"kubernetes.io/metadata.name": self.rng.choice(self.namespaces)}}
        return {"matchLabels": {"team": f"team-{self.rng.randrange(20)}"}} if self.rng.random() < 0.9 else {}

    def peer(self, namespace: str) -> dict[str, Any]:
        kind = self.rng.random()
        if kind < 0.45:
            return {"podSelector": self.selector(namespace)}
        if kind < 0.70:
            return {"namespaceSelector": self.namespace_selector()}
        if kind < 0.90:
            return {"namespaceSelector": self.namespace_selector(), "podSelector": self.selector(namespace)}
        base = f"{self.rng.randrange(1, 224)}.{self.rng.randrange(256)}.0.0/16"
        return {"ipBlock": {"cidr": self.rng.choice((base, base, "10.0.0.0/8", "0.0.0.0/0"))}}

    def rules(self, namespace: str, field: str) -> list[dict[str, Any]]:
        peers = [self.peer(namespace) for _ in range(self.rng.randint(0, 3))]
        if not peers:
            return []
        rule: dict[str, Any] = {field: peers}
        if self.rng.random() < 0.7:
            rule["ports"] = [{"port": port} for port in self.rng.sample(PORTS, self.rng.randint(1, 2))]
        return [rule]

    def policy(self, number: int) -> dict[str, Any]:
        namespace = self.rng.choices(self.namespaces, self.weights)[0]
        types = self.rng.choice((["Ingress"], ["Ingress"], ["Ingress", "Egress"], ["Egress"]))
        spec: dict[str, Any] = {"podSelector": self.selector(namespace), "policyTypes": types}
        if "Ingress" in types:
            spec["ingress"] = self.rules(namespace, "from")
        if "Egress" in types:
            spec["egress"] = self.rules(namespace, "to")
        meta = {"name": f"policy-{number}", "namespace": namespace}
        return {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": meta, "spec": spec}

    def namespace_labels(self, namespace: str) -> dict[str, str]:
        return {"team": f"team-{int(namespace[3:]) % 20}"}

    def manifests(self) -> Iterator[dict[str, Any]]:
        """The cluster as manifests. Namespaces carry the label that a server would add: not every analyser adds it."""
        for name in self.namespaces:
            labels = {"kubernetes.io/metadata.name": name, **self.namespace_labels(name)}
            yield {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}}
        for number, (namespace, labels) in enumerate(self.pods):
            yield {
                "apiVersion": "apps/v1",
                "kind": "Deployment",
                "metadata": {"name": f"w-{number}", "namespace": namespace},
                "spec": {
                    "selector": {"matchLabels": labels},
                    "template": {"metadata": {"labels": labels}, "spec": {"containers": [{"name": "c", "image": "i"}]}},
                },
            }
        yield from self.policies

    def files(self) -> Files:
        """A file for each manifest."""
        for number, manifest in enumerate(self.manifests()):
            yield f"{number:06}.json", json.dumps(manifest)
